import test from 'ava';
import { workOut } from '../../src/fabric/index.ts';
import type { StorePlan } from '../../src/lab/definition.ts';
import { placementProblems, placementWarnings } from '../../src/lab/placement.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const plan = (members: readonly string[], clientNodes: readonly string[] = []): StorePlan => ({
  kind: 'etcd',
  members,
  clientNodes,
  clients: 1,
  keys: 1,
  rate: 1,
});
const three = ['server-1-1', 'server-2-1', 'server-3-1'];
const fabric = workOut(leafSpine({ racks: 6 }));

test('three members on the first three racks are in three zones', (t) => {
  t.deepEqual(placementProblems(fabric, [plan(three, ['server-4-1'])]), []);
  t.deepEqual(placementWarnings(fabric, [plan(three)]), []);
  t.deepEqual(placementProblems(fabric, [plan(['server-1-1'])]), []);
});

test('a rack that does not exist, and a node that is taken', (t) => {
  t.deepEqual(placementProblems(fabric, [plan(['server-1-1', 'server-9-1', 'server-3-1'], ['server-8-1'])]), [
    'etcd on server-9-1: pod has no such node; its servers are server-1-1, server-2-1, server-3-1, server-4-1, server-5-1, server-6-1',
    'etcd on server-8-1: pod has no such node; its servers are server-1-1, server-2-1, server-3-1, server-4-1, server-5-1, server-6-1',
  ]);
  t.deepEqual(placementProblems(fabric, [plan(['server-1-1', 'server-1-1', 'server-3-1'])]), [
    'etcd: two members on server-1-1; give each its own node',
  ]);
});

test('fewer zones than three replicas need are refused, with the reason', (t) => {
  t.deepEqual(placementProblems(fabric, [plan(['server-1-1', 'server-4-1', 'server-3-1'])]), [
    'etcd: 3 members in 2 zones: zone-1 holds server-1-1, server-4-1, a majority that is lost with it; spread them over 3 zones',
  ]);
  const one = workOut(leafSpine({ power: { zones: 1 } }));
  t.regex(placementProblems(one, [plan(three)])[0] ?? '', /^etcd: 3 members in one zone: zone-1 holds/);
  const { nodes, ...rest } = one;
  const older = { ...rest, nodes: nodes.map(({ zone: _, ...node }) => node) };
  t.deepEqual(placementProblems(older, [plan(three)]), []);
});

test('five members over three zones are fine', (t) => {
  t.deepEqual(placementProblems(fabric, [plan([...three, 'server-4-1', 'server-5-1'])]), []);
});

test('a feed that takes a majority is told', (t) => {
  const single = workOut(leafSpine({ power: { supplies: { server: 1 } } }));
  t.deepEqual(placementWarnings(single, [plan(three)]), [
    'etcd: a cut of feed-a takes server-1-1, server-3-1, a majority of its 3 members',
    'etcd: a cut of ups-a takes server-1-1, server-3-1, a majority of its 3 members',
  ]);
});
