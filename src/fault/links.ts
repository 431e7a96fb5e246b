/** What the faults on links share. */
import type { LabLink, LinkState, RunningLab } from '../engine/engine.ts';
import { InputError } from '../errors.ts';

/** Links that end at a node. */
export function linksOf(lab: Pick<RunningLab, 'links'>, node: string): readonly LabLink[] {
  return lab.links.filter(({ a, z }) => a.node === node || z.node === node);
}

/** The link that a target names. @throws InputError with the nearest help: the links of the node that was named */
export function linkOf(lab: RunningLab, target: string): LabLink {
  const link = lab.links.find(({ name }) => name === target);
  if (link !== undefined) return link;
  const near = linksOf(lab, target.split(':')[0]!).map(({ name }) => name);
  const known = (near.length > 0 ? near : lab.links.map(({ name }) => name)).slice(0, 8);
  throw new InputError(`${lab.name}: there is no link '${target}'; a link is named as in ${known.join(', ')}`);
}

/** `spine-1:eth1 up, carrier; leaf-1:eth1 up, no carrier` */
export function describeLink(link: LabLink, state: LinkState): string {
  const end = (name: string, { exists, adminUp, carrier }: LinkState['a']) =>
    exists ? `${name} ${adminUp ? 'up' : 'down'}, ${carrier ? 'carrier' : 'no carrier'}` : `${name} is not there`;
  const { a, z } = link;
  return `${end(`${a.node}:${a.interface}`, state.a)}; ${end(`${z.node}:${z.interface}`, state.z)}`;
}

/** Both ends there, up and with carrier. */
export function isWhole({ a, z }: LinkState): boolean {
  return [a, z].every(({ exists, adminUp, carrier }) => exists && adminUp && carrier);
}
