import test from 'ava';
import { isImpairment } from '../../src/engine/embedded/impair.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { InputError } from '../../src/errors.ts';
import { faultKind, planFaults } from '../../src/fault/index.ts';
import { partitionOf, separatedBy } from '../../src/fault/partition-groups.ts';
import { rulesOf } from '../../src/fault/partition-rules.ts';
import { createRandom } from '../../src/random.ts';

const NODES = { nodes: ['leaf-1', 's1', 's2', 's3', 's4'], servers: ['s1', 's2', 's3', 's4'] };
const OWN = new Map([
  ['s1', ['10.0.0.1', 'fd00::1']],
  ['s2', ['10.0.0.2', 'fd00::2']],
  ['s3', ['10.0.0.3']],
]);
const rulesFor = (target: string) => rulesOf('inet t', partitionOf(target, NODES), OWN);
const drops = (target: string, node: string) =>
  rulesFor(target)
    .get(node)!
    .filter((line) => line.includes(' drop '))
    .map((line) => line.replace('add rule inet t ', ''));

test('both ways, three groups, and one way', (t) => {
  const separated = (target: string) =>
    [...separatedBy(partitionOf(target, NODES))].map(([from, to]) => `${from}: ${[...to].join(' ')}`);
  t.deepEqual(separated('s1|s2, s3'), ['s1: s2 s3', 's2: s1', 's3: s1']);
  t.deepEqual(separated('s1|s2|s3'), ['s1: s2 s3', 's2: s1 s3', 's3: s1 s2']);
  t.deepEqual(separated('s1,s2>s3'), ['s1: s3', 's2: s3']);
  t.deepEqual(separated('*>s3'), ['s1: s3', 's2: s3', 's4: s3']);
});

test('what says nothing about the lab is refused with the reason', (t) => {
  for (const [target, why] of [
    ['s1', /there is one group only/],
    ['s1|', /a name is missing/],
    ['s1|s2>s3', /one way has two sides/],
    ['s1>s2>s3', /one way has two sides/],
    ['s1|s2,s1', /s1 is named twice/],
    ['*|*', /\* is named twice/],
    ['s1|s9', /there is no node s9; the nodes are leaf-1, s1/],
    ['s1,s2|s3,s4|*', /'\*' stands for no server here/],
  ] as const) {
    const error = t.throws(() => partitionOf(target, NODES), { instanceOf: InputError });
    t.regex(error?.message ?? '', why);
    t.regex(error?.message ?? '', /a partition is written/);
  }
});

test('dropped where it arrives by the sender, and before it leaves where it comes from an address that moves', (t) => {
  t.deepEqual(drops('s1|s2,s3', 's1'), [
    'arriving ip saddr { 10.0.0.2, 10.0.0.3 } counter drop comment "1"',
    'arriving ip6 saddr { fd00::2 } counter drop comment "1"',
    'leaving ip saddr != { 10.0.0.1 } ip daddr { 10.0.0.2, 10.0.0.3 } counter drop comment "1"',
    'leaving ip6 saddr != { fd00::1, fe80::/10 } ip6 daddr { fd00::2 } counter drop comment "1"',
  ]);
  t.deepEqual(
    drops('s1>s2', 's2').map((line) => line.split(' ')[0]),
    ['arriving', 'arriving'],
  );
  t.deepEqual(
    drops('s1>s2', 's1').map((line) => line.split(' ')[0]),
    ['leaving', 'leaving'],
  );
  // One that has no IPv6 of its own still says nothing to others' from its neighbourhood's.
  t.true(drops('s3|s2', 's3').some((line) => line.includes('ip6 saddr != { fe80::/10 }')));
});

test('BGP and BFD pass before anything is dropped', (t) => {
  const lines = rulesFor('s1|s2').get('s1')!;
  for (const chain of ['arriving', 'leaving']) {
    const [first] = lines.filter((line) => line.startsWith(`add rule inet t ${chain}`));
    t.regex(first ?? '', /dport \{ 179, 3784, 3785, 4784 \} accept$/);
  }
});

test('it predicts that tables stay, and keeps its filters when a node loses its power', async (t) => {
  const lab = { name: 'pretend', nodes: NODES.nodes.map((name) => ({ name, netns: '' })) } as unknown as RunningLab;
  const racks = new Map([['rack-1', NODES.nodes]]);
  const context = { lab, racks, addresses: new Map([...OWN, ['s4', ['10.0.0.4']]]), detectionMs: undefined };
  const { predicts } = faultKind('partition').prepare(context, 's1|*');
  t.is(predicts.kind, 'unchanged');
  t.deepEqual(predicts.separated?.get('s1'), new Set(['s2', 's3', 's4']));
  t.true(isImpairment('leafstorm-partition-00'));
});

test('a plan takes a partition as it is written, and a store for a name', (t) => {
  const choices = {
    nodes: NODES.nodes.map((name) => ({ name, role: name.startsWith('leaf') ? 'leaf' : 'server' })),
    links: [],
    racks: [],
    stores: ['mariadb'],
  };
  const plan = (target: string) => planFaults([{ kind: 'partition', target }], choices, createRandom(1))[0]!.target;
  t.is(plan('s1|s2,s3'), 's1|s2,s3');
  t.is(plan('leader:mariadb|*'), 'leader:mariadb|*');
  // Where the lab has no such store, as a small one made of the same definition, two nodes are parted.
  const [one, other, ...more] = plan('leader:etcd|*')!.split('|');
  t.true(NODES.nodes.includes(one!) && NODES.nodes.includes(other!));
  t.not(one, other);
  t.deepEqual(more, []);
});
