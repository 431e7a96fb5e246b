/** A graph of dependencies between transactions, in typed arrays: a million edges are a few megabytes. */

/** Kinds of edges, one bit each. */
export const WW = 1;
export const WR = 2;
export const RW = 4;
export const PROCESS = 8;
export const REALTIME = 16;
/** What follows from the data alone. */
export const DATA = WW | WR | RW;

/** Edges as they are found. */
export class EdgeList {
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  #kind = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** From what came first to what came after. An edge to itself is no dependency and is left out. */
  add(from: number, to: number, kind: number): void {
    if (from === to) return;
    if (this.#length === this.#from.length) {
      this.#from = grown(this.#from, Int32Array);
      this.#to = grown(this.#to, Int32Array);
      this.#kind = grown(this.#kind, Uint8Array);
    }
    this.#from[this.#length] = from;
    this.#to[this.#length] = to;
    this.#kind[this.#length++] = kind;
  }

  /** The graph over nodes 0 to `nodes` - 1: edges sorted by where they begin, otherwise in the order in which they were found. */
  graph(nodes: number): Graph {
    const start = new Int32Array(nodes + 1);
    for (let i = 0; i < this.#length; i++) start[this.#from[i]! + 1]!++;
    for (let i = 0; i < nodes; i++) start[i + 1]! += start[i]!;
    const next = start.slice();
    const to = new Int32Array(this.#length);
    const kind = new Uint8Array(this.#length);
    for (let i = 0; i < this.#length; i++) {
      const at = next[this.#from[i]!]!++;
      to[at] = this.#to[i]!;
      kind[at] = this.#kind[i]!;
    }
    return { nodes, start, to, kind };
  }
}

/** The edges of node n are those from `start[n]` to before `start[n + 1]`. */
export interface Graph {
  readonly nodes: number;
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly kind: Uint8Array;
}

/** The edges of a graph between some of its nodes, which are numbered anew by their place in the list. */
export function induced(graph: Graph, nodes: readonly number[]): EdgeList {
  const number = new Map(nodes.map((node, i) => [node, i]));
  const edges = new EdgeList();
  for (const [i, node] of nodes.entries()) {
    for (let e = graph.start[node]!; e < graph.start[node + 1]!; e++) {
      const to = number.get(graph.to[e]!);
      if (to !== undefined) edges.add(i, to, graph.kind[e]!);
    }
  }
  return edges;
}

/**
 * Strongly connected components of more than one node (Tarjan 1972, without recursion), over edges of some kinds only. A cycle
 * lies within one of them, and each holds a cycle.
 */
export function components(graph: Graph, kinds: number): readonly (readonly number[])[] {
  const { nodes, start, to, kind } = graph;
  const index = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const done = new Uint8Array(nodes);
  const at = start.slice(0, nodes);
  const stack: number[] = [];
  const path: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  for (let root = 0; root < nodes; root++) {
    if (index[root] !== -1) continue;
    index[root] = low[root] = counter++;
    path.push(root);
    stack.push(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      const e = at[node]!;
      if (e < start[node + 1]!) {
        at[node] = e + 1;
        if ((kind[e]! & kinds) === 0) continue;
        const other = to[e]!;
        if (index[other] === -1) {
          index[other] = low[other] = counter++;
          path.push(other);
          stack.push(other);
        } else if (done[other] === 0 && index[other]! < low[node]!) low[node] = index[other]!;
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined && low[node]! < low[parent]!) low[parent] = low[node]!;
      if (low[node] !== index[node]) continue;
      const component: number[] = [];
      let member: number;
      do {
        member = stack.pop()!;
        done[member] = 1;
        component.push(member);
      } while (member !== node);
      if (component.length > 1) found.push(component.sort((a, b) => a - b));
    }
  }
  return found;
}

function grown<T extends Int32Array | Uint8Array>(array: T, make: new (length: number) => T): T {
  const larger = new make(array.length * 2);
  larger.set(array);
  return larger;
}
