import test from 'ava';
import { pathMap, type RouteLookup } from '../../src/probe/paths.ts';
import { spreadBetween, spreadOf } from '../../src/probe/spread.ts';
import { mix } from '../../src/random.ts';
import { closModel } from './clos.ts';

test('an even spread, by the numbers', (t) => {
  const spread = spreadOf([...Array<string>(60).fill('eth1'), ...Array<string>(40).fill('eth2')]);
  t.deepEqual(
    [...spread.counts],
    [
      ['eth1', 60],
      ['eth2', 40],
    ],
  );
  t.is(spread.maxOverFair, 1.2);
  t.is(spread.chiSquare, 4);
  t.true(spread.even);
});

test('the critical values are those of the chi-square distribution at 10^-6', (t) => {
  const critical = (hops: number) => spreadOf(Array.from({ length: hops * 10 }, (_, i) => `eth${i % hops}`)).critical;
  // Exact values, by the incomplete gamma function. The approximation must not call a fair spread uneven.
  for (const [hops, exact] of [
    [2, 23.928],
    [8, 40.522],
    [64, 131.37],
  ] as const) {
    t.true(critical(hops) >= exact && critical(hops) < exact * 1.16, `${hops}: ${critical(hops)}`);
  }
});

test('a spread that favours one next hop is not even', (t) => {
  const chosen = Array.from({ length: 1000 }, (_, i) => (i % 5 < 2 ? 'eth1' : `eth${2 + (i % 3)}`));
  t.false(spreadOf(chosen).even);
});

test('too few flows say nothing', (t) => {
  t.is(spreadOf(['eth1', 'eth2', 'eth1']).even, undefined);
  t.is(spreadOf([], ['eth1', 'eth2']).even, undefined);
});

test('a next hop that nothing takes counts', (t) => {
  const spread = spreadOf(Array<string>(100).fill('eth1'), ['eth1', 'eth2']);
  t.is(spread.maxOverFair, 2);
  t.false(spread.even);
});

test('leaves of a healthy fabric spread evenly', (t) => {
  const { links, endpoints, lookup } = closModel({ spines: 4, racks: 3, servers: 1 });
  for (const family of [4, 6] as const) {
    const [from, to] = [endpoints[0]!, endpoints[2]!];
    const spreads = spreadBetween({ map: pathMap(links), lookup, from, to, family, seed: 1 });
    t.deepEqual(
      spreads.map(({ node, iif }) => [node, iif]),
      [['leaf-1', 'eth5']],
    );
    t.like(spreads[0], { polarised: false, alone: { even: true, flows: 1000 }, arriving: { even: true } });
  }
});

/** Two tiers with a choice each: top chooses m1 or m2, both of which choose b1 or b2, which lead to the end. */
function twoTiers(seedOf: (node: string) => number) {
  const link = (a: string, ai: string, z: string, zi: string) => ({
    name: `${a}:${ai}--${z}:${zi}`,
    a: { node: a, interface: ai },
    z: { node: z, interface: zi },
  });
  const links = ['1', '2'].flatMap((m) => [
    link('top', `eth${m}`, `m${m}`, 'up'),
    link(`m${m}`, 'eth1', 'b1', `up${m}`),
    link(`m${m}`, 'eth2', 'b2', `up${m}`),
    link(`b${m}`, 'down', 'end', `eth${m}`),
  ]);
  const lookup: RouteLookup = (node, { sport, dport }) =>
    node.startsWith('b') ? 'down' : `eth${1 + (mix(seedOf(node), sport, dport) % 2)}`;
  const endpoint = (node: string) => ({ node, netns: `/nowhere/${node}`, ipv4: '10.0.0.1', ipv6: 'fd00::1' });
  return { map: pathMap(links), lookup, from: endpoint('top'), to: endpoint('end'), family: 4 as const, seed: 1 };
}

test('tiers that hash alike polarise: the second gets only what it sends one way', (t) => {
  const spreads = spreadBetween(twoTiers(() => 1));
  t.deepEqual(spreads.map(({ node, polarised }) => [node, polarised]).sort(), [
    ['m1', true],
    ['m2', true],
    ['top', false],
  ]);
  t.is(spreads.find(({ node }) => node === 'm1')?.arriving.maxOverFair, 2);
});

test('tiers with a hash seed each do not', (t) => {
  const spreads = spreadBetween(twoTiers((node) => node.charCodeAt(node.length - 1)));
  t.deepEqual(
    spreads.map(({ polarised }) => polarised),
    [false, false, false],
  );
});

test('a node that all flows leave by one of two next hops is not called polarised but uneven', (t) => {
  const question = twoTiers((node) => node.charCodeAt(node.length - 1));
  const lookup: RouteLookup = (node, asked) =>
    node === 'm1' && asked.sport % 20 !== 0 ? 'eth1' : question.lookup(node, asked);
  const spread = spreadBetween({ ...question, lookup }).find(({ node }) => node === 'm1');
  t.like(spread, { polarised: false, alone: { even: false }, arriving: { even: false } });
});

test('a node that puts every flow on one of its next hops is seen where its next hops are told', (t) => {
  const question = twoTiers((node) => node.charCodeAt(node.length - 1));
  const lookup: RouteLookup = (node, asked) => (node === 'm1' ? 'eth2' : question.lookup(node, asked));
  const find = (nextHops?: (node: string) => readonly string[] | undefined) =>
    spreadBetween({ ...question, lookup, ...(nextHops && { nextHops }) }).find(({ node }) => node === 'm1');
  t.is(find(), undefined);
  const spread = find((node) => (node === 'm1' ? ['eth1', 'eth2'] : undefined));
  t.like(spread, { polarised: false, alone: { even: false, maxOverFair: 2 } });
});
