import test from 'ava';
import { workOut } from '../../src/fabric/index.ts';
import { type Failures, type OracleInput, predict } from '../../src/oracle/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { hops } from './network.ts';

function fabric(spines: number, racks: number, servers = 0): OracleInput {
  const { nodes, links } = workOut(leafSpine({ spines, racks, servers }));
  return { configs: new Map(nodes.map(({ name, config }) => [name, config])), links };
}

const loopback = (input: OracleInput, node: string) =>
  input.configs
    .get(node)!
    .interfaces!.find(({ name }) => name === 'lo')!
    .ipv4!.at(0)!;

const cut = (input: OracleInput, ...between: readonly string[]): Failures => ({
  links: new Set(
    input.links
      .filter(({ a, z }) => between.includes(`${a.node} ${z.node}`) || between.includes(`${z.node} ${a.node}`))
      .map(({ name }) => name),
  ),
});

test('a healthy fabric spreads over all spines', (t) => {
  const input = fabric(4, 6);
  const prediction = predict(input);
  t.deepEqual(prediction.unmodelled, []);
  t.is(prediction.sessions.length, 24);
  t.is(prediction.routes.size, 10);
  const far = loopback(input, 'leaf-6');
  t.deepEqual(hops(prediction, 'leaf-1', far), ['eth1', 'eth2', 'eth3', 'eth4']);
  t.deepEqual(hops(prediction, 'spine-2', far), ['eth6']);
  t.deepEqual(
    prediction.routes
      .get('leaf-1')!
      .ipv4.get(far)!
      .map(({ peer }) => peer),
    ['spine-1', 'spine-2', 'spine-3', 'spine-4'],
  );
  // 4 spines and 5 other leaves with a loopback and a rack each; the spines know each other only from below, and their ASN forbids it.
  t.is(prediction.routes.get('leaf-1')!.ipv4.size, 4 + 2 * 5);
  t.is(prediction.routes.get('leaf-1')!.ipv6.size, 4 + 2 * 5);
  t.is(prediction.routes.get('spine-1')!.ipv4.size, 2 * 6);
});

test('servers reach each other over their leaves', (t) => {
  const input = fabric(2, 3, 2);
  const prediction = predict(input);
  t.deepEqual(prediction.unmodelled, []);
  const far = loopback(input, 'server-3-2');
  t.deepEqual(hops(prediction, 'leaf-1', far), ['eth1', 'eth2']);
  t.deepEqual(hops(prediction, 'leaf-3', far), ['eth4']);
  t.is(prediction.routes.get('leaf-3')!.ipv4.get(far)![0]!.peer, 'server-3-2');
});

test('a cut link takes one path from those who need it and no other', (t) => {
  const input = fabric(4, 6);
  const prediction = predict(input, cut(input, 'spine-1 leaf-6'));
  const far = loopback(input, 'leaf-6');
  t.deepEqual(hops(prediction, 'leaf-1', far), ['eth2', 'eth3', 'eth4']);
  t.deepEqual(hops(prediction, 'leaf-1', loopback(input, 'leaf-5')), ['eth1', 'eth2', 'eth3', 'eth4']);
  t.deepEqual(hops(prediction, 'leaf-6', loopback(input, 'leaf-1')), ['eth2', 'eth3', 'eth4']);
  // Leaves do not pass on what spines tell them: the spine has lost the leaf.
  t.is(hops(prediction, 'spine-1', far), undefined);
  t.is(prediction.sessions.length, 23);
});

test('a spine without power is gone, and so are its links', (t) => {
  const input = fabric(4, 6);
  const prediction = predict(input, { nodes: new Set(['spine-3']) });
  t.false(prediction.routes.has('spine-3'));
  t.is(prediction.sessions.length, 18);
  t.deepEqual(hops(prediction, 'leaf-1', loopback(input, 'leaf-2')), ['eth1', 'eth2', 'eth4']);
  t.is(hops(prediction, 'leaf-1', loopback(input, 'spine-3')), undefined);
});

test('a leaf with all its uplinks cut is alone', (t) => {
  const input = fabric(2, 3, 1);
  const prediction = predict(input, cut(input, 'spine-1 leaf-2', 'spine-2 leaf-2'));
  t.deepEqual([...prediction.routes.get('leaf-2')!.ipv4.keys()], [loopback(input, 'server-2-1')]);
  t.is(hops(prediction, 'leaf-1', loopback(input, 'leaf-2')), undefined);
  t.is(hops(prediction, 'server-1-1', loopback(input, 'server-2-1')), undefined);
});

test('a frozen spine is gone for its peers, and its own table is not predicted', (t) => {
  const input = fabric(2, 3);
  const prediction = predict(input, { frozen: new Set(['spine-1']) });
  t.false(prediction.routes.has('spine-1'));
  t.deepEqual(hops(prediction, 'leaf-1', loopback(input, 'leaf-3')), ['eth2']);
  t.deepEqual(prediction.unmodelled, []);
});

test('208 routers are predicted', (t) => {
  const input = fabric(8, 200);
  const prediction = predict(input);
  t.is(prediction.sessions.length, 1600);
  t.is(hops(prediction, 'leaf-1', loopback(input, 'leaf-200'))!.length, 8);
  t.is(prediction.routes.get('leaf-1')!.ipv4.size, 8 + 2 * 199);
});
