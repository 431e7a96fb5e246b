/** A service address that moves from a server of one rack to one of another, on real routers. Needs root, runc, frr and nftables. */
import type { Socket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { workOut, writeFabric } from '../../src/fabric/index.ts';
import { Lab } from '../../src/lab/lab.ts';
import { topologyAt } from '../../src/lab/source.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { dgramInNamespace } from '../../src/linux/dgram.ts';
import { type Announcement, predict, withAnnouncements } from '../../src/oracle/index.ts';
import { openKernel } from '../../src/router/index.ts';
import { diffRoutes, type NodeRoutes } from '../../src/router/routes.ts';
import { fence, fenceDrops, unfence } from '../../src/store/fence.ts';
import { announce, announceAhead, withdraw } from '../../src/store/service-address.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const NAME = 'powfloat';
const ADDRESS = '10.96.0.7';
const ADDRESS6 = 'fd1e:af00:2::7';
const PORT = 4000;
const EVERY_MS = 5;

const root = process.getuid?.() === 0;
if (!root) console.warn('service addresses: skipped, namespaces need root');
const onRoot = root ? test.serial : test.serial.skip;
const dir = mkdtempSync(join(tmpdir(), 'powfloat-'));
let lab: Lab;

test.before(async () => {
  if (!root) return;
  const fabric = workOut(leafSpine({ name: NAME, spines: 2, racks: 3, servers: 1 }));
  const topology = topologyAt(writeFabric(fabric, join(dir, 'topology')).topologyFile);
  lab = await Lab.deploy({ topology, fabric }, { seed: 3 });
  const { differences } = await lab.converged();
  if (differences.length > 0) throw new Error(JSON.stringify(differences[0]));
});
test.after.always(async () => {
  await lab?.destroy({ cleanup: true });
  rmSync(dir, { recursive: true, force: true });
});

/** Waits until every kernel has what the oracle says, with these announcements as part of its input. */
async function asPredicted(t: ExecutionContext, announcements: readonly Announcement[]): Promise<void> {
  const { routes } = predict(withAnnouncements(lab.intent.oracle, announcements));
  const kernels = new Map([...routes.keys()].map((node) => [node, openKernel(lab.running.node(node).netns)]));
  const compare = () =>
    [...kernels].flatMap(([node, kernel]) => diffRoutes(node, routes.get(node) as NodeRoutes, kernel.routes()));
  const deadline = nowMs() + 20_000;
  while (compare().length > 0 && nowMs() < deadline) await sleep(20);
  t.deepEqual(compare(), []);
  for (const kernel of kernels.values()) kernel.close();
}

/** Answers every question that comes to the service address with the name of its node. */
function answerer(node: string): Socket {
  const socket = dgramInNamespace(lab.running.node(node).netns, 'udp4', { address: '0.0.0.0', port: PORT });
  socket.on('message', (_, { address, port }) => socket.send(node, port, address));
  return socket;
}

onRoot('the address is announced, moves to another rack, and is as predicted everywhere each time', async (t) => {
  const { running } = lab;
  const begin = nowMs();
  const { atMs } = await announce(running, 'server-1-1', ADDRESS);
  t.log(`announced after ${(atMs - begin).toFixed(1)} ms`);
  await announce(running, 'server-1-1', ADDRESS);
  const again = nowMs();
  const six = await announce(running, 'server-1-1', ADDRESS6);
  t.log(`another announced after ${(six.atMs - again).toFixed(1)} ms`);
  await asPredicted(t, [
    { node: 'server-1-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
  ]);

  const sockets = [answerer('server-1-1'), answerer('server-2-1')];
  const client = dgramInNamespace(running.node('server-3-1').netns, 'udp4', { address: '0.0.0.0', port: 0 });
  t.teardown(() => {
    for (const socket of [...sockets, client]) socket.close();
  });
  const answers: { readonly from: string; readonly atMs: number }[] = [];
  client.on('message', (text) => answers.push({ from: String(text), atMs: nowMs() }));
  client.on('error', () => {});
  const timer = setInterval(() => client.send('?', PORT, ADDRESS), EVERY_MS);
  t.teardown(() => clearInterval(timer));
  await until(() => answers.length > 20);
  t.deepEqual(new Set(answers.map(({ from }) => from)), new Set(['server-1-1']));

  const movedAt = nowMs();
  await withdraw(running, 'server-1-1', ADDRESS);
  const left = nowMs();
  await announce(running, 'server-2-1', ADDRESS);
  t.log(`withdrawn after ${(left - movedAt).toFixed(1)} ms, announced ${(nowMs() - left).toFixed(1)} ms later`);
  await until(() => answers.at(-1)?.from === 'server-2-1');
  const first = answers.find(({ from }) => from === 'server-2-1')!;
  const last = answers.findLast(({ from }) => from === 'server-1-1')!;
  t.log(
    `moved: the new server answers ${(first.atMs - movedAt).toFixed(0)} ms after the withdrawal began, ${(first.atMs - last.atMs).toFixed(0)} ms without an answer`,
  );
  await asPredicted(t, [
    { node: 'server-2-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
  ]);

  // Back again, announced ahead: the routes are there before the address is, and nobody answers for it.
  await announceAhead(running, 'server-1-1', ADDRESS);
  await asPredicted(t, [
    { node: 'server-1-1', address: ADDRESS },
    { node: 'server-2-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
  ]);
  const ahead = answers.length;
  await withdraw(running, 'server-2-1', ADDRESS);
  await asPredicted(t, [
    { node: 'server-1-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
  ]);
  t.false(answers.slice(ahead).some(({ from }) => from === 'server-1-1'));
  await announce(running, 'server-1-1', ADDRESS);
  await until(() => answers.at(-1)?.from === 'server-1-1');
  await withdraw(running, 'server-1-1', ADDRESS);
  await announce(running, 'server-2-1', ADDRESS);
  await asPredicted(t, [
    { node: 'server-2-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
  ]);

  // What is outside the pool goes no further than the leaf, which does not take it.
  await announce(running, 'server-3-1', '192.0.2.9');
  await asPredicted(t, [
    { node: 'server-2-1', address: ADDRESS },
    { node: 'server-1-1', address: ADDRESS6 },
    { node: 'server-3-1', address: '192.0.2.9' },
  ]);
  await withdraw(running, 'server-3-1', '192.0.2.9');
  await withdraw(running, 'server-1-1', ADDRESS6);
  await withdraw(running, 'server-2-1', ADDRESS);
  await withdraw(running, 'server-2-1', ADDRESS);
  await asPredicted(t, []);
});

/** A node of another rack and the one that has the address send to each other, that one from the address and from its own. */
function conversation(t: ExecutionContext) {
  const { running } = lab;
  const at = (node: string, address: string) =>
    dgramInNamespace(running.node(node).netns, 'udp4', { address, port: PORT });
  const listener = at('server-3-1', '0.0.0.0');
  const service = at('server-1-1', ADDRESS);
  const own = at('server-1-1', '10.64.1.1');
  t.teardown(() => {
    for (const socket of [listener, service, own]) socket.close();
  });
  const heard: string[] = [];
  const reached: string[] = [];
  listener.on('message', (_, { address }) => heard.push(address));
  service.on('message', (_, { address }) => reached.push(address));
  // A packet that is dropped before it leaves is an error to its sender.
  service.on('error', () => {});
  const talk = async (done: () => boolean) => {
    heard.length = 0;
    reached.length = 0;
    const deadline = nowMs() + 10_000;
    while (!done() && nowMs() < deadline) {
      service.send('!', PORT, '10.64.3.1');
      own.send('!', PORT, '10.64.3.1');
      listener.send('?', PORT, ADDRESS);
      await sleep(5);
    }
    t.true(done());
  };
  return { heard, reached, talk };
}

onRoot('a fenced node reaches nobody from the address, and nobody reaches it there', async (t) => {
  const { running } = lab;
  await announce(running, 'server-1-1', ADDRESS);
  t.teardown(async () => {
    await unfence(running, 'server-1-1', ADDRESS);
    await withdraw(running, 'server-1-1', ADDRESS);
  });
  await asPredicted(t, [{ node: 'server-1-1', address: ADDRESS }]);
  const { heard, reached, talk } = conversation(t);
  await talk(() => heard.includes(ADDRESS) && reached.length > 0);

  t.is(await fenceDrops(running, 'server-1-1', ADDRESS), undefined);
  const begin = nowMs();
  const { atMs } = await fence(running, 'server-1-1', ADDRESS);
  t.log(`fenced after ${(atMs - begin).toFixed(1)} ms`);
  await sleep(50);
  await talk(() => heard.length >= 20);
  t.false(heard.includes(ADDRESS));
  t.deepEqual(reached, []);
  const drops = await fenceDrops(running, 'server-1-1', ADDRESS);
  t.true(drops !== undefined && drops.from > 0 && drops.to > 0);

  await unfence(running, 'server-1-1', ADDRESS);
  t.is(await fenceDrops(running, 'server-1-1', ADDRESS), undefined);
  await talk(() => heard.includes(ADDRESS) && reached.length > 0);
});

onRoot('a partition parts the node that has the address, one way and both ways, and no route moves', async (t) => {
  const announced = [{ node: 'server-1-1', address: ADDRESS }];
  await announce(lab.running, 'server-1-1', ADDRESS);
  await asPredicted(t, announced);
  const { heard, reached, talk } = conversation(t);
  await talk(() => heard.includes(ADDRESS) && reached.length > 0);
  t.teardown(() => withdraw(lab.running, 'server-1-1', ADDRESS));
  const ROUNDS = 20;
  // What may arrive is waited for; what may not has twenty rounds, and as long as the rest takes, to arrive wrongly.
  const during = async (target: string, may: { readonly hear: readonly string[]; readonly reach: boolean }) => {
    const { proof, heal } = await lab.fault('partition', target);
    t.is(proof.verdict, 'pass', proof.evidence);
    t.teardown(heal);
    let rounds = 0;
    const isComplete = () => may.hear.every((from) => heard.includes(from)) && (reached.length > 0 || !may.reach);
    await talk(() => rounds++ >= ROUNDS && isComplete());
    t.deepEqual([...new Set(heard)].sort(), [...may.hear].sort(), target);
    t.is(reached.length > 0, may.reach, target);
    await asPredicted(t, announced);
    await heal();
    await heal();
    await talk(() => heard.includes(ADDRESS) && heard.includes('10.64.1.1') && reached.length > 0);
  };
  await during('server-1-1>server-3-1', { hear: [], reach: true });
  await during('server-3-1>server-1-1', { hear: [ADDRESS, '10.64.1.1'], reach: false });
  await during('server-1-1|server-3-1', { hear: [], reach: false });
  await during('server-1-1|server-2-1', { hear: [ADDRESS, '10.64.1.1'], reach: true });
  // What is not broken is not proven.
  t.is((await lab.prepare('partition', 'server-1-1|server-3-1').proof()).verdict, 'fail');
});

onRoot('what cannot be announced is refused, and is not left on lo', async (t) => {
  const { running } = lab;
  await t.throwsAsync(announce(running, 'server-1-1', 'nonsense'), { message: /server-1-1: nonsense.* not an IP/ });
  await running.kill('server-2-1', 'bgpd');
  // SIGKILL is sent, and the process is gone a little later.
  while ((await running.processes('server-2-1')).some(({ program }) => program === 'bgpd')) await sleep(10);
  await t.throwsAsync(announce(running, 'server-2-1', ADDRESS), { message: /server-2-1: bgpd/ });
  const addresses = await lab.exec('server-2-1', ['ip', 'address', 'show', 'dev', 'lo']);
  t.false(addresses.stdout.includes(ADDRESS));
  // The whole router anew: zebra 8.4.4 was seen to end where an address leaves lo just after bgpd died.
  await running.powerOff(['server-2-1']);
  await running.powerOn(['server-2-1']);
  await running.powerOff(['server-3-1']);
  await t.throwsAsync(announce(running, 'server-3-1', ADDRESS), { message: /no power/ });
});

test.serial(
  'the node that has the address loses its power: the route goes with it and does not come back',
  async (t) => {
    if (!root) return void t.pass();
    const { running } = lab;
    await running.powerOn(['server-3-1']);
    await lab.converged();
    await announce(running, 'server-3-1', ADDRESS);
    await asPredicted(t, [{ node: 'server-3-1', address: ADDRESS }]);
    await running.powerOff(['server-3-1']);
    await running.powerOn(['server-3-1']);
    await asPredicted(t, []);
  },
);

async function until(done: () => boolean): Promise<void> {
  const deadline = nowMs() + 15_000;
  while (!done()) {
    if (nowMs() > deadline) throw new Error('nothing came within 15 s');
    await sleep(5);
  }
}
