/** The way that a packet takes through the fabric, hop by hop: asked of each node's kernel, not guessed. Pure but for the look-up. */
import type { Flow } from './observer.ts';

export interface ProbeLink {
  readonly name: string;
  readonly a: { readonly node: string; readonly interface: string };
  readonly z: { readonly node: string; readonly interface: string };
}

/** One packet as the node meets it; the names are those of `ip route get`. */
export interface RouteQuestion {
  readonly family: 4 | 6;
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  /** Interface on which it comes in; absent on the node that sends it. */
  readonly iif?: string;
}

/** Name of the interface through which a node sends a packet, or undefined where it does not send it on. */
export type RouteLookup = (node: string, question: RouteQuestion) => string | undefined;

export type Step = Flow['path'][number];

/** The far end of a link, as a node's interface sees it. */
interface Crossing {
  readonly step: Step;
  readonly node: string;
  readonly interface: string;
}

/** What is at the other end of every interface. */
export type PathMap = ReadonlyMap<string, Crossing>;

export function pathMap(links: readonly ProbeLink[]): PathMap {
  const map = new Map<string, Crossing>();
  for (const { name, a, z } of links) {
    map.set(`${a.node}:${a.interface}`, { step: { link: name, direction: 'aToZ' }, ...z });
    map.set(`${z.node}:${z.interface}`, { step: { link: name, direction: 'zToA' }, ...a });
  }
  return map;
}

export type Walk =
  | { readonly reached: true; readonly path: readonly Step[] }
  | { readonly reached: false; readonly path: readonly Step[]; readonly why: string };

/** No fabric is as deep; a way that is longer goes in circles. */
const MAX_HOPS = 32;

/** Follows one packet from node to node until it is where it should be, is dropped, leaves the known links, or goes in circles. */
export function walk(
  map: PathMap,
  lookup: RouteLookup,
  from: string,
  to: string,
  packet: Omit<RouteQuestion, 'iif'>,
): Walk {
  const path: Step[] = [];
  let node = from;
  let iif: string | undefined;
  while (node !== to) {
    if (path.length === MAX_HOPS)
      return { reached: false, path, why: `goes in circles: ${MAX_HOPS} hops, now at ${node}` };
    const out = lookup(node, iif === undefined ? packet : { ...packet, iif });
    if (out === undefined) return { reached: false, path, why: `${node} has no route to ${packet.dst}` };
    const crossing = map.get(`${node}:${out}`);
    if (crossing === undefined) return { reached: false, path, why: `leaves ${node} by ${out}, which is no link` };
    path.push(crossing.step);
    node = crossing.node;
    iif = crossing.interface;
  }
  return { reached: true, path };
}
