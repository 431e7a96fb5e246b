import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {
  type Fabric,
  type PowerTree,
  poweredBy,
  powerProblems,
  powerSources,
  readFabric,
  topologyOf,
  unpowered,
  workOut,
  writeFabric,
} from '../../src/fabric/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const single = workOut(leafSpine({ racks: 6, servers: 2, power: { rowsOf: 2, supplies: { server: 1 } } }));
const cut = ({ power }: Fabric, ...names: string[]) => unpowered(power!, new Set(names));

test('racks are dealt to zones, a row lies in one zone, and topologies carry the zone', (t) => {
  t.deepEqual(
    single.racks.map(({ name, row, zone }) => [name, row, zone]),
    [
      ['rack-1', 'row-1', 'zone-1'],
      ['rack-2', 'row-2', 'zone-2'],
      ['rack-3', 'row-3', 'zone-3'],
      ['rack-4', 'row-1', 'zone-1'],
      ['rack-5', 'row-2', 'zone-2'],
      ['rack-6', 'row-3', 'zone-3'],
    ],
  );
  const more = workOut(leafSpine({ racks: 7, power: { rowsOf: 2 } }));
  t.is(more.racks.at(-1)!.row, 'row-4');
  const labels = (node: string) => topologyOf(single).nodes[node]?.labels;
  t.deepEqual(labels('server-5-2'), { 'leafstorm-rack': 'rack-5', 'leafstorm-zone': 'zone-2' });
  t.deepEqual(labels('spine-2'), { 'leafstorm-zone': 'zone-2' });
});

test('a device with two supplies survives the cut of either side, one with one only that of the other', (t) => {
  t.deepEqual(cut(single), []);
  t.deepEqual(cut(single, 'rack-1-pdu-a'), ['server-1-1']);
  t.deepEqual(cut(single, 'rack-1-pdu-b'), ['server-1-2']);
  t.deepEqual(cut(single, 'rack-1-pdu-a', 'rack-1-pdu-b'), ['leaf-1', 'server-1-1', 'server-1-2']);
  t.deepEqual(
    cut(single, 'feed-a'),
    single.racks.map(({ servers }, i) => servers[i % 2]),
  );
  t.deepEqual(cut(single, 'feed-b'), cut(single, 'ups-b'));
  t.deepEqual(
    cut(single, 'feed-a', 'ups-b'),
    single.nodes.map(({ name }) => name),
  );
  t.deepEqual(cut(single, 'rack-1-pdu-a-1'), []);
  const dual = workOut(leafSpine());
  for (const name of ['feed-a', 'ups-b', 'rack-2-pdu-a', 'spine-1-pdu-b']) t.deepEqual(cut(dual, name), [], name);
});

test('a place goes dark with all that stands in it, whatever feeds it', (t) => {
  t.deepEqual(cut(single, 'rack-2'), ['leaf-2', 'server-2-1', 'server-2-2']);
  const inRacks = (...racks: number[]) =>
    single.nodes.filter(({ rack }) => racks.some((one) => rack === `rack-${one}`)).map(({ name }) => name);
  t.deepEqual(cut(single, 'row-1'), inRacks(1, 4));
  t.deepEqual(cut(single, 'zone-3'), inRacks(3, 6));
  t.deepEqual(cut(single, 'zone-2'), ['spine-2', ...inRacks(2, 5)]);
  t.deepEqual(
    cut(single, 'pod-1'),
    single.nodes.map(({ name }) => name),
  );
});

test('with one feed nothing survives it; a single supply per rack is its PDU alone', (t) => {
  const poor = workOut(leafSpine({ power: { feeds: 1, supplies: { spine: 1, leaf: 1, server: 1 } } }));
  t.deepEqual(
    cut(poor, 'feed-a'),
    poor.nodes.map(({ name }) => name),
  );
  t.deepEqual(poweredBy(poor.power!, 'leaf-2', 'feed'), ['feed-a']);
  t.deepEqual(poweredBy(single.power!, 'leaf-2', 'feed'), ['feed-a', 'feed-b']);
  t.is(poweredBy(single.power!, 'server-2-1', 'pdu').length, 1);
});

test('every tree that a design can have is right, and cutting more never brings anything back', (t) => {
  const supplies = fc.record({ spine: fc.nat(1), leaf: fc.nat(1), server: fc.nat(1) });
  const designs = fc.record({
    spines: fc.integer({ min: 1, max: 4 }),
    racks: fc.integer({ min: 1, max: 9 }),
    servers: fc.nat(3),
    feeds: fc.integer({ min: 1, max: 2 }),
    zones: fc.integer({ min: 1, max: 4 }),
    rowsOf: fc.integer({ min: 1, max: 3 }),
    supplies,
    picks: fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
  });
  fc.assert(
    fc.property(designs, ({ spines, racks, servers, picks, ...power }) => {
      const plus = Object.entries(power.supplies).map(([role, extra]) => [role, 1 + extra]);
      const fabric = workOut(
        leafSpine({ spines, racks, servers, power: { ...power, supplies: Object.fromEntries(plus) } }),
      );
      const names = fabric.nodes.map(({ name }) => name);
      if (powerProblems(fabric.power, names).length > 0) return false;
      const sources = powerSources(fabric.power!);
      const chosen = picks.map((pick) => sources[pick % sources.length]!.name);
      const steps = chosen.map((_, i) => new Set(cut(fabric, ...chosen.slice(0, i + 1))));
      return steps.every((step, i) => i === 0 || [...steps[i - 1]!].every((node) => step.has(node)));
    }),
    { numRuns: 60 },
  );
  t.pass();
});

const tree = (change: (draft: { -readonly [K in keyof PowerTree]: PowerTree[K] }) => void) => {
  const draft = structuredClone(single.power!);
  change(draft);
  return powerProblems(
    draft,
    single.nodes.map(({ name }) => name),
  );
};

test('a tree written by hand is refused by the names of what is wrong', (t) => {
  t.deepEqual(
    tree(() => {}),
    [],
  );
  t.deepEqual(
    tree((one) => {
      one.elements = one.elements.map((each) => (each.name === 'ups-a' ? { ...each, from: ['rack-1-pdu-a'] } : each));
    }),
    ['ups-a draws from rack-1-pdu-a draws from ups-a: a cycle'],
  );
  t.deepEqual(
    tree((one) => {
      one.elements = one.elements.map((each) => (each.name === 'rack-1-pdu-a' ? { ...each, from: [] } : each));
    }),
    [
      'rack-1-pdu-a has no feed: nothing that it draws from reaches one',
      'rack-1-pdu-a-1 has no feed: nothing that it draws from reaches one',
      'rack-1-pdu-a-2 has no feed: nothing that it draws from reaches one',
      'device server-1-1 has no feed: plug one of its supplies in',
    ],
  );
  t.deepEqual(
    tree((one) => {
      one.devices = one.devices.slice(1);
    }),
    ['device spine-1 has no feed: it is not in the tree'],
  );
  t.deepEqual(
    tree((one) => {
      one.devices = [...one.devices, { node: 'ghost', supplies: ['feed-c'], within: 'attic' }];
      one.places = [...one.places, { name: 'feed-a', kind: 'rack', within: 'feed-a' }];
    }),
    [
      'feed-a is there twice',
      "ghost stands in 'attic', and there is no such place",
      "ghost draws from 'feed-c', and there is no such element",
      'feed-a stands in feed-a: a cycle',
    ],
  );
  t.deepEqual(powerProblems({ elements: [{ name: 'x', kind: 'pdu', from: 'y' }], devices: [], places: [] }, []), [
    "x: from must be an array of elements' names",
  ]);
  t.deepEqual(powerProblems({ elements: [{ name: 'x' }], devices: 7 }, []), [
    'elements[0]: must have a name and a kind of feed, ups, pdu, outlet',
    'places: must be an array',
    'devices: must be an array',
  ]);
});

test('fabric.json keeps the tree, is refused with a bad one, and may be of an older version', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'power-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  writeFabric(single, dir);
  const file = join(dir, 'fabric.json');
  t.deepEqual(readFabric(file).power, single.power);
  const { power, ...older } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(older));
  t.is(readFabric(file).power, undefined);
  power.devices[0].supplies = ['nowhere'];
  writeFileSync(file, JSON.stringify({ ...older, power }));
  t.throws(() => readFabric(file), {
    message: /fabric\.json: power: spine-1 draws from 'nowhere', and there is no such/,
  });
});

test('parameters of the tree are judged like all others', (t) => {
  const refused = (power: object) => t.throws(() => leafSpine({ power }))?.message ?? '';
  t.regex(refused({ feeds: 3 }), /power\.feeds: 3 is not a whole number of feeds from 1 to 2/);
  t.regex(refused({ supplies: { leaf: 0 } }), /power\.supplies\.leaf: 0 is not a whole number of power supplies/);
  t.regex(refused({ supplies: { lief: 1 } }), /power\.supplies\.lief: no such parameter/);
  t.regex(refused({ generators: 1 }), /power\.generators: no such parameter/);
  t.regex(refused({ supplies: 2 }), /power\.supplies: 2 must be an object/);
});
