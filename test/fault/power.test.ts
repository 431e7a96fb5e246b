import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunningLab } from '../../src/engine/engine.ts';
import { InputError } from '../../src/errors.ts';
import { type Fabric, workOut } from '../../src/fabric/index.ts';
import { type Fault, faultKind, planFaults } from '../../src/fault/index.ts';
import { createRandom } from '../../src/random.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const fabric = workOut(leafSpine({ racks: 3, servers: 2, power: { supplies: { server: 1 } } }));

/** A lab of process ids and links alone: what is off has neither, and every start gives new ones. */
function pretend(t: ExecutionContext, { nodes, links }: Fabric, sticky: readonly string[] = []) {
  const dir = mkdtempSync(join(tmpdir(), 'power-fault-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  let nextPid = 1000;
  const pids = new Map(nodes.map(({ name }) => [name, [nextPid++, nextPid++]]));
  const log: string[] = [];
  const isOn = (node: string) => (pids.get(node)?.length ?? 0) > 0;
  const lab = {
    name: 'pretend',
    dir,
    nodes: nodes.map(({ name }) => ({ name })),
    links: links.map(({ name, a, z }) => ({ name, a, z })),
    processes: async (node: string) => pids.get(node)!.map((pid) => ({ pid, program: 'zebra' })),
    async powerOff(off: readonly string[]) {
      log.push(`off ${off.join(' ')}`);
      for (const node of off) if (!sticky.includes(node)) pids.set(node, []);
      return { atMs: 1 };
    },
    async powerOn(on: readonly string[]) {
      const off = on.filter((node) => !isOn(node));
      if (off.length > 0) log.push(`on ${off.join(' ')}`);
      for (const node of on) if (!isOn(node)) pids.set(node, [nextPid++]);
    },
    async linkState(link: string) {
      const { a, z } = links.find(({ name }) => name === link)!;
      const carrier = isOn(a.node) && isOn(z.node);
      return { a: { carrier }, z: { carrier } };
    },
  } as unknown as RunningLab;
  const prepare = (kind: string, target: string): Fault =>
    faultKind(kind).prepare({ lab, racks: new Map(), detectionMs: undefined, power: fabric.power }, target);
  const kill = (node: string) => pids.set(node, []);
  return { lab, log, prepare, kill, isOn };
}

test('a cut takes exactly what has no other feed, and says so', async (t) => {
  const { prepare, log } = pretend(t, fabric);
  const fault = prepare('power-cut', 'rack-1-pdu-a');
  t.is(fault.predicts.kind, 'removed');
  t.deepEqual(fault.predicts.failures.nodes, new Set(['server-1-1']));
  t.is((await fault.proof()).verdict, 'fail');
  await fault.inject();
  const { verdict, evidence } = await fault.proof();
  t.is(verdict, 'pass');
  t.regex(evidence, /no process on server-1-1; no carrier on 1 links; the other 10 nodes run on/);
  await fault.heal();
  await fault.heal();
  t.deepEqual(log, ['off server-1-1', 'on server-1-1']);
});

test('a cut that takes nothing changes nothing, and proves that all run', async (t) => {
  const { prepare, log, kill } = pretend(t, workOut(leafSpine({ racks: 3, servers: 2 })));
  const dual = workOut(leafSpine({ racks: 3, servers: 2 }));
  const { lab } = pretend(t, dual);
  const fault = faultKind('power-cut').prepare(
    { lab, racks: new Map(), detectionMs: undefined, power: dual.power },
    'feed-a',
  );
  t.is(fault.predicts.kind, 'unchanged');
  await fault.inject();
  t.regex((await fault.proof()).evidence, /every device has a live feed left: all 11 nodes run on/);
  await fault.heal();
  // Somebody else's node that dies meanwhile is no proof.
  const other = prepare('power-cut', 'spine-1-pdu-a');
  await other.inject();
  kill('leaf-2');
  const { verdict, evidence } = await other.proof();
  t.deepEqual([verdict, evidence], ['fail', 'leaf-2 should have run on and did not']);
  await other.heal();
  t.deepEqual(log, []);
});

test('cuts add up: the second side takes the leaf, and it comes back with the first of them that is mended', async (t) => {
  const { prepare, log } = pretend(t, fabric);
  const a = prepare('power-cut', 'rack-1-pdu-a');
  await a.inject();
  const b = prepare('power-cut', 'rack-1-pdu-b');
  t.deepEqual(b.predicts.failures.nodes, new Set(['leaf-1', 'server-1-1', 'server-1-2']));
  await b.inject();
  t.is((await b.proof()).verdict, 'pass');
  await a.heal();
  await b.heal();
  t.deepEqual(log, ['off server-1-1', 'off leaf-1 server-1-2', 'on server-1-1 leaf-1', 'on server-1-2']);
});

test('cuts one within the other: whichever is mended last brings the nodes back', async (t) => {
  for (const order of [
    ['zone-1', 'rack-1'],
    ['rack-1', 'zone-1'],
  ]) {
    const { prepare, log } = pretend(t, fabric);
    const faults = new Map(['zone-1', 'rack-1', 'feed-b'].map((target) => [target, prepare('power-cut', target)]));
    for (const fault of faults.values()) await fault.inject();
    for (const target of [...order, 'feed-b']) await faults.get(target)!.heal();
    const on = log.filter((line) => line.startsWith('on')).flatMap((line) => line.split(' ').slice(1));
    const off = log.filter((line) => line.startsWith('off')).flatMap((line) => line.split(' ').slice(1));
    t.deepEqual(on.sort(), off.sort());
    t.is(new Set(on).size, on.length);
  }
});

test('a node that keeps running without power is a lab that lies', async (t) => {
  const { prepare } = pretend(t, fabric, ['server-2-2']);
  const fault = prepare('power-cut', 'rack-2');
  await fault.inject();
  const { verdict, evidence } = await fault.proof();
  t.is(verdict, 'fail');
  t.regex(evidence, /server-2-2 still runs zebra/);
});

test('a brown-out reboots what it takes, and heals itself', async (t) => {
  const { prepare, log, isOn } = pretend(t, fabric);
  const fault = prepare('brown-out', 'rack-3');
  t.is(fault.predicts.kind, 'after-last-flap');
  t.deepEqual(fault.predicts.rebooted, new Set(['leaf-3', 'server-3-1', 'server-3-2']));
  t.deepEqual(fault.strikes, fault.predicts.rebooted);
  await fault.inject();
  const { verdict, evidence } = await fault.proof();
  t.is(verdict, 'pass');
  t.regex(evidence, /while it was away: no process on leaf-3.*; leaf-3, server-3-1, server-3-2 rebooted/);
  t.true(isOn('leaf-3'));
  await fault.heal();
  t.is(log.length, 2);
  const stuck = pretend(t, fabric, ['leaf-1']);
  const failed = stuck.prepare('brown-out', 'rack-1');
  await failed.inject();
  t.is((await failed.proof()).verdict, 'fail');
});

test('targets are elements, kinds drawn by seed, and nothing else', (t) => {
  const { prepare, lab } = pretend(t, fabric);
  const error = t.throws(() => prepare('power-cut', 'feed-z'), { instanceOf: InputError });
  t.regex(error?.message ?? '', /nothing of the power tree is called 'feed-z'; cut one of feed-a, ups-a/);
  t.throws(() => faultKind('power-cut').prepare({ lab, racks: new Map(), detectionMs: undefined }, 'feed-a'), {
    message: /fabric\.json has no power tree/,
  });
  const power = [
    ...fabric.power!.elements.map(({ name, kind }) => ({ name, role: kind as string })),
    ...fabric.power!.places.map(({ name, kind }) => ({ name, role: kind as string })),
  ];
  const draw = (target: string, seed = 1) =>
    planFaults(
      [{ kind: 'power-cut', target }],
      { nodes: [], links: [], racks: [], stores: ['etcd'], power },
      createRandom(seed),
    )[0]!.target;
  t.is(draw('rack-2'), 'rack-2');
  t.is(draw('leader:etcd'), 'leader:etcd');
  t.regex(draw('feed'), /^feed-[ab]$/);
  t.regex(draw('zone'), /^zone-\d$/);
  t.is(draw('pdu', 5), draw('pdu', 5));
  t.notRegex(Array.from({ length: 40 }, (_, seed) => draw('any', seed)).join(' '), /pdu-[ab]-\d/);
  t.throws(() => draw('generator'), { message: /nothing in this lab is a 'generator'/ });
});
