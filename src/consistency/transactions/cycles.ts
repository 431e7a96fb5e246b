/** Finds short cycles of each class in a graph of dependencies. */
import { components, DATA, type EdgeList, type Graph, induced, PROCESS, REALTIME, RW, WR, WW } from './graph.ts';
import { CYCLES, type CycleName, type ExtraOrder } from './level.ts';
import { addInstants, addProcessOrder, addRealTimeOrder } from './orders.ts';
import type { Transaction } from './transaction.ts';

/** Edge i goes from node i to the next node, the last one back to the first. */
export interface Cycle {
  readonly name: CycleName;
  readonly order: ExtraOrder;
  readonly nodes: readonly number[];
  readonly kinds: readonly number[];
}

/** Steps left to all searches of a check; below zero the search gives up. */
export interface Budget {
  steps: number;
}

const EXTRA: Readonly<Record<ExtraOrder, number>> = { none: 0, process: PROCESS, realtime: REALTIME };

/** The edge by which a cycle of a class is found, and those of which the rest may be made. */
const CLASSES: Readonly<Record<CycleName, { readonly first: number; readonly rest: number }>> = {
  G0: { first: WW, rest: WW },
  G1c: { first: WR, rest: WW | WR },
  'G-single': { first: RW, rest: WW | WR },
  'G-nonadjacent': { first: RW, rest: DATA },
  'G2-item': { first: RW, rest: DATA },
};

/**
 * A shortest cycle of each class that there is (Adya's G0, G1c, G-single and G2-item; Cerone and Gotsman's nonadjacent ones). Orders of
 * processes and of real time are used only for what the data do not show already: the worst cycle through the data alone stands
 * for those that are no worse and need more.
 * @param edges dependencies through data, between places in the list of transactions; edges of the orders are added
 * @param order the strongest order to use
 */
export function findCycles(
  transactions: readonly Transaction[],
  edges: EdgeList,
  order: ExtraOrder,
  budget: Budget,
): readonly Cycle[] {
  const best = new Map<string, Cycle>();
  const rest = (extra: ExtraOrder): readonly CycleName[] => {
    const worst = [...best.values()].map(({ name }) => CYCLES.indexOf(name));
    return extra === 'none' ? CYCLES : CYCLES.slice(0, Math.min(CYCLES.length, ...worst));
  };
  if (order !== 'none') addProcessOrder(transactions, edges);
  budget.steps -= edges.length;
  const data = edges.graph(transactions.length);
  for (const extra of ['none', 'process'] as const) {
    if (extra === 'process' && order === 'none') continue;
    const names = rest(extra);
    for (const nodes of components(data, DATA | EXTRA[extra]))
      searchComponent(induced(data, nodes).graph(nodes.length), nodes, names, extra, budget, best);
  }
  if (order !== 'realtime' || rest('realtime').length === 0) return [...best.values()];
  const names = rest('realtime');
  const timed = edges.graph(addInstants(transactions, edges));
  budget.steps -= edges.length;
  for (const component of components(timed, DATA | REALTIME)) {
    const nodes = component.filter((node) => node < transactions.length);
    const part = induced(data, nodes);
    const members = nodes.map((node) => transactions[node]!);
    addRealTimeOrder(members, part);
    budget.steps -= part.length;
    searchComponent(part.graph(nodes.length), nodes, names, 'realtime', budget, best);
  }
  return [...best.values()];
}

/** Looks for shorter cycles than the best ones in a strongly connected graph, whose nodes are numbered by their places in `nodes`. */
function searchComponent(
  graph: Graph,
  nodes: readonly number[],
  names: readonly CycleName[],
  order: ExtraOrder,
  budget: Budget,
  best: Map<string, Cycle>,
): void {
  const keep = (cycle: Cycle | undefined): void => {
    if (cycle === undefined) return;
    best.set(`${cycle.name} ${cycle.order}`, { ...cycle, nodes: cycle.nodes.map((node) => nodes[node]!) });
  };
  for (const name of names)
    keep(shortestCycle(graph, name, order, best.get(`${name} ${order}`)?.nodes.length ?? Infinity, budget));
  if (budget.steps < 0 && best.size === 0) keep(anyCycle(graph, DATA | EXTRA[order]));
}

/** A shortest cycle through the first node of a strongly connected graph: for when there is no time to look for more. */
function anyCycle({ nodes, start, to, kind }: Graph, kinds: number): Cycle | undefined {
  const by = new Int32Array(nodes).fill(-1);
  const parent = new Int32Array(nodes);
  const queue = [0];
  for (const node of queue) {
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const other = to[e]!;
      if ((kind[e]! & kinds) === 0 || by[other] !== -1) continue;
      by[other] = kind[e]!;
      parent[other] = node;
      queue.push(other);
    }
    if (by[0] !== -1) break;
  }
  const path: { nodes: number[]; kinds: number[] } = { nodes: [], kinds: [] };
  let node = 0;
  do {
    path.kinds.unshift(by[node]!);
    node = parent[node]!;
    path.nodes.unshift(node);
  } while (node !== 0);
  return simple(path);
}

const RW_LAST = 1;
const RW_TWICE = 2;
const EXTRA_SEEN = 4;
const STATES = 8;

/** A shortest cycle of one class that has fewer nodes than `below`. */
function shortestCycle(
  graph: Graph,
  name: CycleName,
  order: ExtraOrder,
  below: number,
  budget: Budget,
): Cycle | undefined {
  const { first, rest } = CLASSES[name];
  const extra = EXTRA[order];
  const { nodes, start, to, kind } = graph;
  const seen = new Int32Array(nodes * STATES);
  const parent = new Int32Array(nodes * STATES);
  const by = new Uint8Array(nodes * STATES);
  let round = 0;
  let best: Cycle | undefined;
  let limit = below;

  const accepts = (state: number): boolean => {
    if (extra !== 0 && (state & EXTRA_SEEN) === 0) return false;
    if (name === 'G-nonadjacent') return (state & RW_TWICE) !== 0 && (state & RW_LAST) === 0;
    return name !== 'G2-item' || (state & RW_TWICE) !== 0;
  };

  /** Breadth first over nodes and what the way to them was made of, from the far end of an edge back to its beginning. */
  const closing = (from: number, e: number): void => {
    round++;
    const origin = to[e]! * STATES + (first === RW ? RW_LAST : 0);
    seen[origin] = round;
    parent[origin] = -1;
    let level = [origin];
    for (let length = 2; level.length > 0 && length < limit; length++) {
      const next: number[] = [];
      for (const place of level) {
        const node = Math.floor(place / STATES);
        const state = place % STATES;
        for (let f = start[node]!; f < start[node + 1]!; f++) {
          budget.steps--;
          const step = kind[f]!;
          if ((step & (rest | extra)) === 0) continue;
          if (name === 'G-nonadjacent' && step === RW && (state & RW_LAST) !== 0) continue;
          const after =
            (state & ~RW_LAST) | (step === RW ? RW_LAST | RW_TWICE : 0) | ((step & extra) !== 0 ? EXTRA_SEEN : 0);
          const other = to[f]!;
          const target = other * STATES + after;
          if (seen[target] === round) continue;
          seen[target] = round;
          parent[target] = place;
          by[target] = step;
          if (other === from && accepts(after)) {
            const cycle = simple(walk(from, target));
            if (cycle !== undefined && cycle.nodes.length < limit && cycle.name === name && cycle.order === order) {
              best = cycle;
              limit = cycle.nodes.length;
              return;
            }
          }
          next.push(target);
        }
      }
      if (budget.steps < 0) return;
      level = next;
    }
  };

  const walk = (from: number, target: number): { nodes: number[]; kinds: number[] } => {
    const kinds: number[] = [];
    const visited: number[] = [];
    for (let place = target; parent[place] !== -1; place = parent[place]!) {
      kinds.push(by[place]!);
      visited.push(Math.floor(parent[place]! / STATES));
    }
    return { nodes: [from, ...visited.reverse()], kinds: [first, ...kinds.reverse()] };
  };

  for (let node = 0; node < nodes; node++) {
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      if (kind[e] !== first) continue;
      if (limit <= 2 || budget.steps < 0) return best;
      closing(node, e);
    }
  }
  return best;
}

/**
 * The worst class among the cycles that a closed walk is made of, and that cycle: a walk may pass a node twice, in different
 * states, and then falls into two at that node.
 */
function simple(walk: { readonly nodes: readonly number[]; readonly kinds: readonly number[] }): Cycle | undefined {
  const { nodes, kinds } = walk;
  for (let i = 0; i < nodes.length; i++) {
    const j = nodes.indexOf(nodes[i]!, i + 1);
    if (j === -1) continue;
    const inner = simple({ nodes: nodes.slice(i, j), kinds: kinds.slice(i, j) });
    const outer = simple({
      nodes: [...nodes.slice(0, i), ...nodes.slice(j)],
      kinds: [...kinds.slice(0, i), ...kinds.slice(j)],
    });
    if (inner === undefined || outer === undefined) return inner ?? outer;
    return CYCLES.indexOf(inner.name) <= CYCLES.indexOf(outer.name) ? inner : outer;
  }
  const name = classify(kinds);
  if (name === undefined) return undefined;
  const order = kinds.includes(REALTIME) ? 'realtime' : kinds.includes(PROCESS) ? 'process' : 'none';
  return { name, order, nodes, kinds };
}

/** The class of a cycle by its edges; undefined where it goes through no data. */
export function classify(kinds: readonly number[]): CycleName | undefined {
  const rw = kinds.filter((kind) => kind === RW).length;
  if (rw === 1) return 'G-single';
  if (rw > 1) {
    const adjacent = kinds.some((kind, i) => kind === RW && kinds[(i + 1) % kinds.length] === RW);
    return adjacent ? 'G2-item' : 'G-nonadjacent';
  }
  if (kinds.includes(WR)) return 'G1c';
  return kinds.includes(WW) ? 'G0' : undefined;
}
