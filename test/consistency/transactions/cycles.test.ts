import test from 'ava';
import { classify, findCycles } from '../../../src/consistency/transactions/cycles.ts';
import { components, EdgeList, PROCESS, REALTIME, RW, WR, WW } from '../../../src/consistency/transactions/graph.ts';
import { CYCLES } from '../../../src/consistency/transactions/level.ts';
import { addInstants, addRealTimeOrder } from '../../../src/consistency/transactions/orders.ts';
import { transactionsOf } from '../../../src/consistency/transactions/transaction.ts';
import { transactionAt, transactionWorkload } from '../../../src/history/transaction-workload.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { executed, transactionStore } from '../helpers/executed.ts';

type Edge = readonly [from: number, to: number, kind: number];

function randomEdges(random: Random, nodes: number): readonly Edge[] {
  return Array.from({ length: 2 + random.integer(2 * nodes) }, () => {
    const kind = random.pick([WW, WR, RW, RW]);
    return [random.integer(nodes), random.integer(nodes), kind] as const;
  }).filter(([from, to]) => from !== to);
}

/** Smallest size of each class, by walking every simple cycle. */
function everyCycle(edges: readonly Edge[], nodes: number): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const walk = (first: number, at: number, seen: readonly number[], kinds: readonly number[]): void => {
    for (const [from, to, kind] of edges) {
      if (from !== at) continue;
      if (to === first) {
        const name = classify([...kinds, kind])!;
        sizes.set(name, Math.min(sizes.get(name) ?? Infinity, kinds.length + 1));
      } else if (to > first && !seen.includes(to)) walk(first, to, [...seen, to], [...kinds, kind]);
    }
  };
  for (let node = 0; node < nodes; node++) walk(node, node, [node], []);
  return sizes;
}

test('cycles of every class are found, and the smallest', (t) => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed++) {
    const random = createRandom(seed, 9);
    const nodes = 2 + random.integer(5);
    const edges = randomEdges(random, nodes);
    const list = new EdgeList();
    for (const [from, to, kind] of edges) list.add(from, to, kind);
    const transactions = transactionsOf(
      Array.from(
        { length: nodes },
        (_, process) => ({ type: 'invoke', process, f: 'txn', value: [], atMs: 0 }) as const,
      ),
      'append',
    );
    const expected = everyCycle(edges, nodes);
    const found = new Map(
      findCycles(transactions, list, 'none', { steps: 1e9 }).map((cycle) => [cycle.name as string, cycle]),
    );
    for (const [name, cycle] of found) {
      t.is(classify(cycle.kinds), cycle.name);
      t.is(new Set(cycle.nodes).size, cycle.nodes.length);
      t.true(expected.has(name));
      for (const [i, node] of cycle.nodes.entries()) {
        const to = cycle.nodes[(i + 1) % cycle.nodes.length];
        t.true(edges.some((edge) => edge[0] === node && edge[1] === to && edge[2] === cycle.kinds[i]));
      }
      if (['G0', 'G1c', 'G-single'].includes(name))
        t.is(cycle.nodes.length, expected.get(name)!, `seed ${seed} ${name}`);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const name of expected.keys()) {
      // A closed walk that passes a node twice may hide a cycle of the class, but then a worse one is there.
      const worse = CYCLES.slice(0, CYCLES.indexOf(name as (typeof CYCLES)[number]));
      t.true(found.has(name) || worse.some((other) => found.has(other)), `seed ${seed}: ${name} was missed`);
      if (['G0', 'G1c', 'G-single'].includes(name)) t.true(found.has(name), `seed ${seed}: ${name} was missed`);
    }
  }
  for (const name of CYCLES) t.true((counts.get(name) ?? 0) > 20, `${name}: ${counts.get(name)}`);
});

test('without steps a cycle is still found where there is one', (t) => {
  const list = new EdgeList();
  for (let i = 0; i < 50; i++) list.add(i, (i + 1) % 50, i === 7 ? RW : WW);
  const transactions = transactionsOf(
    Array.from({ length: 50 }, (_, process) => ({ type: 'invoke', process, f: 'txn', value: [], atMs: 0 }) as const),
    'append',
  );
  t.deepEqual(
    findCycles(transactions, list, 'none', { steps: 0 }).map(({ name, nodes }) => [name, nodes.length]),
    [['G-single', 50]],
  );
});

test('both ways to keep real time keep all of it', (t) => {
  for (let seed = 0; seed < 100; seed++) {
    const workload = transactionWorkload(seed);
    const history = executed(
      createRandom(seed),
      { operations: 15, clients: 4, info: 0.2 },
      (client, index) => transactionAt(workload, client, index),
      transactionStore(),
    );
    const transactions = transactionsOf(history, 'append');
    const chain = new EdgeList();
    const all = chain.graph(addInstants(transactions, chain));
    const reduced = new EdgeList();
    addRealTimeOrder(transactions, reduced);
    const direct = reduced.graph(transactions.length);
    for (const { id, operation } of transactions) {
      const [a, b] = [all, direct].map((graph) => {
        const reached = new Set([id]);
        for (const node of reached)
          for (let e = graph.start[node]!; e < graph.start[node + 1]!; e++) reached.add(graph.to[e]!);
        return [...reached].filter((node) => node < transactions.length && node !== id).sort((x, y) => x - y);
      });
      const after = transactions.filter((other) => (operation.returned ?? Infinity) < other.operation.invoked);
      t.deepEqual(
        a,
        after.map((other) => other.id),
      );
      t.deepEqual(
        b,
        after.map((other) => other.id),
      );
    }
  }
});

test('components of a large graph, without recursion', (t) => {
  const list = new EdgeList();
  const nodes = 200_000;
  for (let i = 0; i + 1 < nodes; i++) list.add(i, i + 1, PROCESS);
  list.add(nodes - 1, nodes - 3, REALTIME);
  t.deepEqual(components(list.graph(nodes), PROCESS | REALTIME), [[nodes - 3, nodes - 2, nodes - 1]]);
  t.deepEqual(components(list.graph(nodes), PROCESS), []);
});
