import test from 'ava';
import { chooseFlows } from '../../src/probe/flows.ts';
import { endpointsOf } from '../../src/probe/flows-endpoints.ts';
import type { Flow } from '../../src/probe/observer.ts';
import type { RouteLookup } from '../../src/probe/paths.ts';
import { closModel } from './clos.ts';

/** Flows across each direction of each link, by family. */
function crossings(flows: readonly Flow[]): Map<string, { 4: number; 6: number }> {
  const counts = new Map<string, { 4: number; 6: number }>();
  for (const { path, family } of flows) {
    for (const { link, direction } of path) {
      const count = counts.get(`${link} ${direction}`) ?? { 4: 0, 6: 0 };
      count[family]++;
      counts.set(`${link} ${direction}`, count);
    }
  }
  return counts;
}

for (const size of [
  { spines: 2, racks: 2, servers: 1 },
  { spines: 2, racks: 3, servers: 0 },
  { spines: 1, racks: 1, servers: 2 },
  { spines: 4, racks: 8, servers: 2 },
  { spines: 16, racks: 5, servers: 0 },
]) {
  const linked = size.racks > 1 ? size : { ...size, spines: 0 };
  test(`every link both ways by both families: ${JSON.stringify(size)}`, (t) => {
    const clos = closModel(linked);
    const { flows, uncovered, astray } = chooseFlows({ ...clos, seed: 1 });
    t.deepEqual([uncovered, astray], [[], []]);
    const counts = crossings(flows);
    for (const { name } of clos.links) {
      for (const direction of ['aToZ', 'zToA']) {
        const count = counts.get(`${name} ${direction}`);
        t.true(count !== undefined && count[4] >= 1 && count[6] >= 1, `${name} ${direction}`);
      }
    }
    const tuples = flows.map(({ from, to, family, sourcePort }) => `${from} ${to} ${family} ${sourcePort}`);
    t.is(new Set(tuples).size, flows.length);
  });
}

test('few flows: not far from one for each pair of uplinks and family', (t) => {
  const { flows } = chooseFlows({ ...closModel({ spines: 4, racks: 16, servers: 1 }), seed: 3 });
  // 64 links between leaves and spines, each up and down; a flow crosses one up and one down.
  t.true(flows.length >= 128 && flows.length <= 128 * 1.35, `${flows.length}`);
});

test('the same seed gives the same flows, another seed others', (t) => {
  const clos = closModel({ spines: 4, racks: 4, servers: 1 });
  const choose = (seed: number) => chooseFlows({ ...clos, seed }).flows;
  t.deepEqual(choose(5), choose(5));
  t.notDeepEqual(choose(5), choose(6));
});

test('one crossing is enough where that is asked, by either family', (t) => {
  const clos = closModel({ spines: 4, racks: 8, servers: 1 });
  const one = chooseFlows({ ...clos, seed: 1, minimumCrossings: 1 });
  t.deepEqual(one.uncovered, []);
  t.true(one.flows.length < chooseFlows({ ...clos, seed: 1 }).flows.length * 0.75);
  t.deepEqual(new Set(one.flows.map(({ family }) => family)), new Set([4, 6] as const));
});

test('one family alone carries all crossings', (t) => {
  const clos = closModel({ spines: 2, racks: 2, servers: 1 });
  const { flows, uncovered } = chooseFlows({ ...clos, seed: 1, families: [6] });
  t.deepEqual(uncovered, []);
  t.true([...crossings(flows).values()].every((count) => count[6] >= 2 && count[4] === 0));
});

test('a link that routing avoids is named, in the direction that it is avoided in', (t) => {
  const clos = closModel({ spines: 2, racks: 2, servers: 1 });
  const lookup: RouteLookup = (node, question) =>
    node === 'leaf-1' && clos.lookup(node, question) === 'eth2' ? 'eth1' : clos.lookup(node, question);
  const { flows, uncovered } = chooseFlows({ ...clos, lookup, seed: 1 });
  t.deepEqual(uncovered, [
    { link: 'spine-2:eth1--leaf-1:eth2', direction: 'zToA', ipv4: 0, ipv6: 0 },
    { link: 'spine-2:eth2--leaf-2:eth2', direction: 'aToZ', ipv4: 0, ipv6: 0 },
  ]);
  t.true(flows.length > 0);
});

test('a link without IPv6 gets its crossings by IPv4, and is named', (t) => {
  const clos = closModel({ spines: 2, racks: 2, servers: 1 });
  const lookup: RouteLookup = (node, question) => {
    const out = clos.lookup(node, question);
    return node === 'leaf-1' && question.family === 6 && out === 'eth2' ? 'eth1' : out;
  };
  const { uncovered, flows } = chooseFlows({ ...clos, lookup, seed: 1 });
  t.like(
    uncovered.find(({ link }) => link.includes('leaf-1:eth2')),
    { direction: 'zToA', ipv6: 0 },
  );
  t.true((crossings(flows).get('spine-2:eth1--leaf-1:eth2 zToA')?.[4] ?? 0) >= 2);
});

test('missing routes and loops are told, and end the search', (t) => {
  const clos = closModel({ spines: 2, racks: 2, servers: 1 });
  const missing = chooseFlows({
    ...clos,
    seed: 1,
    lookup: (node, question) => (node.startsWith('spine') ? undefined : clos.lookup(node, question)),
  });
  t.is(missing.flows.length, 0);
  t.is(missing.uncovered.length, clos.links.length * 2);
  t.regex(missing.astray.join('\n'), /from server-1-1 to server-2-1: spine-\d has no route to /);
  const loop = chooseFlows({
    ...clos,
    seed: 1,
    lookup: (node, question) => (node === 'spine-1' ? 'eth1' : clos.lookup(node, question)),
  });
  t.regex(loop.astray.join('\n'), /circles/);
});

test('without a pair of endpoints nothing can be covered', (t) => {
  const clos = closModel({ spines: 2, racks: 1, servers: 1 });
  const { flows, uncovered } = chooseFlows({ ...clos, seed: 1 });
  t.is(flows.length, 0);
  t.is(uncovered.length, 6);
});

test('endpoints are the servers, or the leaves where there are none', (t) => {
  const node = (name: string, role: string) => ({ name, role, loopback4: '10.0.0.1/32', loopback6: 'fd00::1/128' });
  const fabric = [node('spine-1', 'spine'), node('leaf-1', 'leaf')];
  const netns = (name: string) => `/run/netns/${name}`;
  t.deepEqual(endpointsOf(fabric, netns), [
    { node: 'leaf-1', netns: '/run/netns/leaf-1', ipv4: '10.0.0.1', ipv6: 'fd00::1' },
  ]);
  t.deepEqual(
    endpointsOf([...fabric, node('server-1-1', 'server')], netns).map((endpoint) => endpoint.node),
    ['server-1-1'],
  );
});
