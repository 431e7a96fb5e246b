/** How evenly ECMP spreads flows over equal next hops, and whether tiers polarise. Pure but for the route look-up. */
import { createRandom } from '../random.ts';
import type { ProbeEndpoint } from './observer.ts';
import { type PathMap, type RouteLookup, type RouteQuestion, walk } from './paths.ts';

/** How a set of flows falls on next hops. */
export interface Spread {
  /** Flows by next hop, sorted by interface. */
  readonly counts: ReadonlyMap<string, number>;
  readonly flows: number;
  /** Share of the busiest next hop over the fair share: 1 is even, the number of next hops is all on one. */
  readonly maxOverFair: number;
  /** Pearson's statistic against an even spread, and the value that chance exceeds once in a million times. */
  readonly chiSquare: number;
  readonly critical: number;
  /** Undefined where there are fewer than five flows a next hop: too few to say. */
  readonly even: boolean | undefined;
}

export interface NodeSpread {
  readonly node: string;
  /** Interface through which the flows come in; absent on the node that sends them. */
  readonly iif?: string;
  /** All flows, as this node would spread them if all came to it. */
  readonly alone: Spread;
  /** Those flows that do come to it, after the choices of the nodes before it. */
  readonly arriving: Spread;
  /** It spreads flows evenly, but not those that it gets: its hash repeats the choice of a node before it. Undefined where too few arrive to say. */
  readonly polarised: boolean | undefined;
}

export interface SpreadQuestion {
  readonly map: PathMap;
  readonly lookup: RouteLookup;
  readonly from: ProbeEndpoint;
  readonly to: ProbeEndpoint;
  readonly family: 4 | 6;
  readonly seed: number;
  /**
   * Interfaces of the equal next hops that a node has towards `to`; default: those that flows choose, which leaves a node unseen
   * that puts every flow on one of several.
   */
  readonly nextHops?: (node: string) => readonly string[] | undefined;
  /** Number of 5-tuples, drawn from the seed; default 1000. */
  readonly flows?: number;
}

/** Spread of flows between one pair of endpoints at every node on their ways that has a choice. */
export function spreadBetween(question: SpreadQuestion): readonly NodeSpread[] {
  const { map, lookup, from, to, family } = question;
  const random = createRandom(question.seed, 0x7370_7264);
  const [src, dst] = family === 4 ? [from.ipv4, to.ipv4] : [from.ipv6, to.ipv6];
  const port = () => 1024 + random.integer(65_536 - 1024);
  const packets = Array.from({ length: question.flows ?? 1000 }, () => ({
    family,
    src,
    dst,
    sport: port(),
    dport: port(),
  }));

  /** Choices of the flows that come to a node, by node and interface through which they come. */
  const visits = new Map<string, { node: string; iif: string | undefined; chosen: string[] }>();
  for (const packet of packets) {
    const noting: RouteLookup = (node, asked) => {
      const out = lookup(node, asked);
      const key = `${node}:${asked.iif ?? ''}`;
      const visit = visits.get(key) ?? { node, iif: asked.iif, chosen: [] };
      visits.set(key, visit);
      if (out !== undefined) visit.chosen.push(out);
      return out;
    };
    walk(map, noting, from.node, to.node, packet);
  }
  const spreads: NodeSpread[] = [];
  for (const { node, iif, chosen } of visits.values()) {
    const ask = (packet: Omit<RouteQuestion, 'iif'>) => lookup(node, iif === undefined ? packet : { ...packet, iif });
    const outs = packets.map(ask).filter((out) => out !== undefined);
    const alone = spreadOf(outs, [...(question.nextHops?.(node) ?? []), ...outs]);
    if (alone.counts.size < 2) continue;
    const arriving = spreadOf(chosen, [...alone.counts.keys()]);
    const polarised = arriving.even === undefined ? undefined : alone.even === true && !arriving.even;
    spreads.push(Object.freeze({ node, ...(iif === undefined ? {} : { iif }), alone, arriving, polarised }));
  }
  return Object.freeze(spreads);
}

/** @param nextHops among which was chosen; default: those that were */
export function spreadOf(chosen: readonly string[], nextHops: readonly string[] = chosen): Spread {
  const counts = new Map([...new Set(nextHops)].sort().map((hop) => [hop, 0]));
  for (const hop of chosen) counts.set(hop, (counts.get(hop) ?? 0) + 1);
  const fair = chosen.length / counts.size;
  const values = [...counts.values()];
  const chiSquare = fair > 0 ? values.reduce((sum, count) => sum + (count - fair) ** 2 / fair, 0) : 0;
  const critical = criticalChiSquare(counts.size - 1);
  return Object.freeze({
    counts,
    flows: chosen.length,
    maxOverFair: fair > 0 ? Math.max(...values) / fair : 0,
    chiSquare,
    critical,
    even: fair >= 5 ? chiSquare <= critical : undefined,
  });
}

/** Standard normal quantile of 1 - 10^-6: a fabric has many nodes to test, and none should fail by chance. */
const NORMAL_QUANTILE = 4.753424;

/**
 * Quantile 1 - 10^-6 of the chi-square distribution (Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684). That far out it errs towards
 * even, by 15 % for two next hops and 3 % for eight.
 */
function criticalChiSquare(degrees: number): number {
  if (degrees < 1) return 0;
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + NORMAL_QUANTILE * Math.sqrt(spread)) ** 3;
}
