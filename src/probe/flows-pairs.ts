/** Pairs of endpoints between which packets could cross a given link. */
import type { Random } from '../random.ts';
import type { Direction } from './flows-coverage.ts';
import type { ProbeEndpoint } from './observer.ts';
import type { ProbeLink } from './paths.ts';

export interface Pair {
  readonly from: ProbeEndpoint;
  readonly to: ProbeEndpoint;
}

/** Draws a pair with a shortest way across the link in that direction, or undefined where there is none. */
export type DrawPair = (across: Direction) => Pair | undefined;

/** How often a pair is drawn before a link is said to lie on no shortest way. */
const DRAWS = 32;

export function pairDrawer(links: readonly ProbeLink[], endpoints: readonly ProbeEndpoint[], random: Random): DrawPair {
  const neighbours = neighboursOf(links);
  const distances = endpoints.map(({ node }) => distancesFrom(node, neighbours));
  const hops = (endpoint: number, node: string) => distances[endpoint]!.get(node) ?? Number.POSITIVE_INFINITY;
  const sides = new Map<string, readonly [number[], number[]]>();
  const sidesOf = ({ key, from, to }: Direction) => {
    const known = sides.get(key);
    if (known !== undefined) return known;
    const all = endpoints.map((_, i) => i);
    const result = [
      all.filter((i) => hops(i, to) === hops(i, from) + 1),
      all.filter((i) => hops(i, from) === hops(i, to) + 1),
    ] as const;
    sides.set(key, result);
    return result;
  };
  return (across) => {
    const [sources, targets] = sidesOf(across);
    if (sources.length === 0 || targets.length === 0) return undefined;
    for (let i = 0; i < DRAWS; i++) {
      const source = random.pick(sources);
      const target = random.pick(targets);
      const to = endpoints[target]!;
      // Both halves are shortest; the whole need not be.
      if (hops(source, across.from) + 1 + hops(target, across.to) !== hops(source, to.node)) continue;
      return { from: endpoints[source]!, to };
    }
    return undefined;
  };
}

function neighboursOf(links: readonly ProbeLink[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  const connect = (from: string, to: string) => {
    const list = neighbours.get(from);
    if (list) list.push(to);
    else neighbours.set(from, [to]);
  };
  for (const { a, z } of links) {
    connect(a.node, z.node);
    connect(z.node, a.node);
  }
  return neighbours;
}

/** Hops from one node to every other, breadth first. */
function distancesFrom(start: string, neighbours: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const distances = new Map([[start, 0]]);
  // A map yields what is added to it while it is walked: it is the queue as well.
  for (const [node, distance] of distances) {
    for (const next of neighbours.get(node) ?? []) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}
