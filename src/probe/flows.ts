/** Which flows to probe with, so that every link is crossed in both directions. Pure but for the route look-up. */
import { createRandom } from '../random.ts';
import { Coverage, type Crossings, type Direction, keyOf } from './flows-coverage.ts';
import { type Pair, pairDrawer } from './flows-pairs.ts';
import type { Flow, ProbeEndpoint } from './observer.ts';
import { type ProbeLink, pathMap, type RouteLookup, walk } from './paths.ts';

/** Ports above those that Linux hands out by itself (32768 to 60999). Sources stay below the destination. */
const FIRST_SOURCE_PORT = 61_000;
const DESTINATION_PORT = 64_000;
/** Flows known to cross a link before the best of them is taken. */
const ENOUGH = 6;
/** Ways that went astray are told up to this many. */
const MAX_ASTRAY = 20;
const STREAM = 0x666c_6f77;

export interface FlowChoice {
  readonly links: readonly ProbeLink[];
  readonly endpoints: readonly ProbeEndpoint[];
  readonly seed: number;
  readonly lookup: RouteLookup;
  /** Flows across each link in each direction, families together; of each family half as many. Default 2. */
  readonly minimumCrossings?: number;
  /** Default: both. */
  readonly families?: readonly (4 | 6)[];
}

export interface ChosenFlows {
  readonly flows: readonly Flow[];
  /** Links that no flow could be made to cross as often as wanted: there, loss is not seen, or not for one family. */
  readonly uncovered: readonly Crossings[];
  /** Ways that ended elsewhere than at their endpoint (the first 20): routes are missing or wrong. */
  readonly astray: readonly string[];
}

/**
 * Chooses few flows that together cross every link in both directions. Ways are looked up, not assumed: a flow's path is what the kernels do
 * with its 5-tuple now. Greedy: of some flows across a link that still wants one, the one that serves most other links as well. The same seed and the
 * same routes give the same flows.
 */
export function chooseFlows(choice: FlowChoice): ChosenFlows {
  const families = choice.families ?? [4, 6];
  const random = createRandom(choice.seed, STREAM);
  const coverage = new Coverage(choice.links, families, choice.minimumCrossings ?? 2);
  const candidates = candidateSource(choice);
  const flows: Flow[] = [];

  const cover = (direction: Direction, family?: 4 | 6) => {
    while (coverage.wants(direction.key, family)) {
      let best: Flow | undefined;
      let known = 0;
      for (const flow of candidates.across(direction, family === undefined ? families : [family])) {
        if (best === undefined || coverage.worth(flow) > coverage.worth(best)) best = flow;
        if (++known >= ENOUGH) break;
      }
      if (best === undefined) return;
      candidates.take(best);
      coverage.add(best);
      flows.push(best);
    }
  };
  const directions = random.shuffle(coverage.directions);
  for (const family of families) for (const direction of directions) cover(direction, family);
  for (const direction of directions) cover(direction);
  return Object.freeze({
    flows: Object.freeze(flows),
    uncovered: Object.freeze(coverage.lacking()),
    astray: Object.freeze([...candidates.astray].sort()),
  });
}

/** Finds flows across links; what is found on the search for one link serves the next. */
function candidateSource(choice: FlowChoice) {
  const random = createRandom(choice.seed, STREAM, 1);
  const map = pathMap(choice.links);
  const drawPair = pairDrawer(choice.links, choice.endpoints, random);
  const attempts = attemptsFor(choice.links);
  const pool = new Map<string, Set<Flow>>();
  const asked = new Set<string>();
  const astray = new Set<string>();

  const anyPair = (): Pair | undefined => {
    if (choice.endpoints.length < 2) return undefined;
    const [from, to] = [random.pick(choice.endpoints), random.pick(choice.endpoints)];
    return from.node === to.node ? undefined : { from, to };
  };
  /** Looks up the way of one more 5-tuple. */
  const look = ({ from, to }: Pair, family: 4 | 6): Flow | undefined => {
    const sport = FIRST_SOURCE_PORT + random.integer(DESTINATION_PORT - FIRST_SOURCE_PORT);
    const tuple = `${family} ${from.node} ${sport} ${to.node}`;
    if (asked.has(tuple)) return undefined;
    asked.add(tuple);
    const [src, dst] = family === 4 ? [from.ipv4, to.ipv4] : [from.ipv6, to.ipv6];
    const way = walk(map, choice.lookup, from.node, to.node, { family, src, dst, sport, dport: DESTINATION_PORT });
    if (!way.reached) {
      if (astray.size < MAX_ASTRAY) astray.add(`IPv${family} from ${from.node} to ${to.node}: ${way.why}`);
      return undefined;
    }
    return Object.freeze({
      from: from.node,
      to: to.node,
      family,
      sourcePort: sport,
      destinationPort: DESTINATION_PORT,
      path: Object.freeze(way.path),
    });
  };
  return {
    astray,
    take(flow: Flow): void {
      for (const step of flow.path) pool.get(keyOf(step))?.delete(flow);
    },
    *across(direction: Direction, families: readonly (4 | 6)[]): Generator<Flow> {
      for (const flow of pool.get(direction.key) ?? []) if (families.includes(flow.family)) yield flow;
      for (let i = 0; i < attempts; i++) {
        // Routing need not follow shortest ways: the last attempts take any pair.
        const pair = i < attempts * 0.75 ? drawPair(direction) : anyPair();
        const flow = pair && look(pair, random.pick(families));
        if (flow === undefined) continue;
        const keys = new Set(flow.path.map(keyOf));
        for (const key of keys) pool.set(key, (pool.get(key) ?? new Set()).add(flow));
        if (keys.has(direction.key)) yield flow;
      }
    },
  };
}

/** With n equal next hops, one in n tuples takes a given one: with 16 n attempts, one search in nine million misses it. */
function attemptsFor(links: readonly ProbeLink[]): number {
  const degrees = new Map<string, number>();
  for (const { a, z } of links) {
    for (const { node } of [a, z]) degrees.set(node, (degrees.get(node) ?? 0) + 1);
  }
  return 16 * Math.max(16, ...degrees.values());
}
