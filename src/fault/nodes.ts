/** What the faults on nodes share. */
import type { LabLink, LabNode, RunningLab } from '../engine/engine.ts';
import { InputError } from '../errors.ts';
import type { Proof } from './fault.ts';

/** The node that a target names. @throws InputError listing some that exist */
export function nodeOf(lab: RunningLab, target: string): LabNode {
  const node = lab.nodes.find(({ name }) => name === target);
  if (node !== undefined) return node;
  const known = lab.nodes.slice(0, 8).map(({ name }) => name);
  throw new InputError(
    `${lab.name}: there is no node '${target}'; its nodes are ${known.join(', ')}${lab.nodes.length > 8 ? ', ...' : ''}`,
  );
}

/** Links between the given nodes and the rest of the lab, or among them. */
export function linksOf(lab: RunningLab, nodes: ReadonlySet<string>): readonly LabLink[] {
  return lab.links.filter(({ a, z }) => nodes.has(a.node) || nodes.has(z.node));
}

/** Power is off when no process is left on any of the nodes and no link of theirs has carrier. */
export async function proveOff(lab: RunningLab, nodes: readonly string[]): Promise<Proof> {
  const alive = (await Promise.all(nodes.map(async (node) => [node, await lab.processes(node)] as const))).filter(
    ([, processes]) => processes.length > 0,
  );
  const links = linksOf(lab, new Set(nodes));
  const states = await Promise.all(links.map(({ name }) => lab.linkState(name)));
  const lit = links.filter((_, i) => states[i]?.a.carrier || states[i]?.z.carrier);
  const evidence =
    alive.length + lit.length === 0
      ? `no process on ${nodes.join(', ')}; no carrier on ${links.length} links`
      : [
          ...alive.map(
            ([node, processes]) => `${node} still runs ${processes.map(({ program }) => program).join(', ')}`,
          ),
          ...lit.map(({ name }) => `${name} still has carrier`),
        ].join('; ');
  return { verdict: alive.length + lit.length === 0 ? 'pass' : 'fail', evidence };
}
