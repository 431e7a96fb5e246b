/** What the faults of power share: which nodes an element takes with it, and the proof that it took them and no other. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningLab } from '../engine/engine.ts';
import { InputError } from '../errors.ts';
import { type PowerTree, powerSources, unpowered } from '../fabric/index.ts';
import { nowMs } from '../linux/clock.ts';
import type { Fault, FaultContext, Proof } from './fault.ts';
import { proveOff } from './nodes.ts';

/** The tree, and the element or place of it that a target names. @throws InputError with what there is */
export function treeOf({ lab, power }: FaultContext, target: string): PowerTree {
  if (power === undefined) {
    throw new InputError(
      `${lab.name}: nobody knows who feeds whom: fabric.json has no power tree; generate the folder again, or use rack-power`,
    );
  }
  const sources = powerSources(power);
  if (!sources.some(({ name }) => name === target)) {
    const known = sources.filter(({ kind }) => kind !== 'outlet').map(({ name }) => name);
    throw new InputError(
      `${lab.name}: nothing of the power tree is called '${target}'; cut one of ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', ...' : ''}`,
    );
  }
  return power;
}

/** A fault that takes the power of certain nodes, and gives it back. */
export function powerOffFault(kind: string, target: string, lab: RunningLab, nodes: readonly string[]): Fault {
  let off = false;
  return {
    kind,
    target,
    predicts: { kind: 'removed', failures: { nodes: new Set(nodes) } },
    inject() {
      off = true;
      return lab.powerOff(nodes);
    },
    proof: () => proveOff(lab, nodes),
    async heal() {
      // Power is back before anything boots, and booting is part of what the heal costs.
      const atMs = nowMs();
      if (off) await lab.powerOn(nodes);
      off = false;
      return { atMs };
    },
  };
}

/** Process ids of every node, as the host counts them; none where it is off. */
export type Running = ReadonlyMap<string, ReadonlySet<number>>;

export async function runningNow(lab: RunningLab): Promise<Running> {
  return new Map(
    await Promise.all(
      lab.nodes.map(async ({ name }): Promise<[string, ReadonlySet<number>]> => {
        return [name, new Set((await lab.processes(name)).map(({ pid }) => pid))];
      }),
    ),
  );
}

/** Nodes of which a process that ran before runs still: they have not lost their power for a moment. */
export function uninterrupted(before: Running, now: Running): ReadonlySet<string> {
  const stays = ([node, pids]: readonly [string, ReadonlySet<number>]) =>
    [...pids].some((pid) => now.get(node)?.has(pid) ?? false);
  return new Set([...before].filter(stays).map(([node]) => node));
}

/** Exactly the nodes named are off; all others that ran before have run on. */
export async function proveExactly(lab: RunningLab, before: Running, taken: readonly string[]): Promise<Proof> {
  const stay = uninterrupted(before, await runningNow(lab));
  const others = [...before].filter(([node, pids]) => pids.size > 0 && !taken.includes(node)).map(([node]) => node);
  const fell = others.filter((node) => !stay.has(node));
  const rest =
    fell.length === 0
      ? others.length === 0
        ? 'no other node ran'
        : `the other ${others.length} nodes run on`
      : `${fell.join(', ')} should have run on and did not`;
  if (taken.length === 0) {
    return {
      verdict: fell.length === 0 ? 'pass' : 'fail',
      evidence: fell.length === 0 ? `every device has a live feed left: all ${others.length} nodes run on` : rest,
    };
  }
  const off = await proveOff(lab, taken);
  return { verdict: fell.length > 0 ? 'fail' : off.verdict, evidence: `${off.evidence}; ${rest}` };
}

/** Elements that are cut now, by whomever, each with the nodes that went with it: a second cut takes what the first one left a single feed. */
export function cutsNow(lab: RunningLab): ReadonlyMap<string, readonly string[]> {
  const dir = cutsDir(lab);
  const marks = existsSync(dir) ? readdirSync(dir) : [];
  return new Map(marks.map((mark) => [decodeURIComponent(mark), JSON.parse(readFileSync(join(dir, mark), 'utf8'))]));
}

/** Notes that an element is cut, and what went with it. */
export function markCut(lab: RunningLab, element: string, taken: readonly string[]): void {
  mkdirSync(cutsDir(lab), { recursive: true });
  writeFileSync(join(cutsDir(lab), encodeURIComponent(element)), JSON.stringify(taken));
}

/** Notes that an element is whole again. @returns nodes that cuts took and that have a live feed again, whichever of the cuts took them */
export function unmarkCut(lab: RunningLab, tree: PowerTree, element: string): readonly string[] {
  const taken = [...new Set([...cutsNow(lab).values()].flat())];
  rmSync(join(cutsDir(lab), encodeURIComponent(element)), { force: true });
  const cuts = cutsNow(lab);
  const dark = new Set(unpowered(tree, new Set(cuts.keys())));
  // What stays in the dark is the business of the cuts that are left: the last of them brings it back.
  const still = taken.filter((node) => dark.has(node));
  for (const [i, [name, nodes]] of [...cuts].entries()) {
    markCut(lab, name, i === 0 ? still : nodes.filter((node) => dark.has(node)));
  }
  return taken.filter((node) => !dark.has(node));
}

/** What has no power once an element is cut as well. */
export function darkWith(lab: RunningLab, tree: PowerTree, element: string): readonly string[] {
  return unpowered(tree, new Set([...cutsNow(lab).keys(), element]));
}

function cutsDir(lab: RunningLab): string {
  return join(lab.dir, 'power-cuts');
}
