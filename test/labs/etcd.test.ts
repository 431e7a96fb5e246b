/** Needs root, runc and etcd: three members and clients on a bridge between embedded nodes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { quorumCuts } from '../../scripts/soak/quorum-cuts.ts';
import {
  casRegister,
  type Ledger,
  ledgerOf,
  linearizable,
  longestOutage,
  recoveryMs,
} from '../../src/consistency/index.ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { faultKind } from '../../src/fault/index.ts';
import type { History } from '../../src/history/operation.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { etcd, etcdWith, type LoadOptions, startLoad, statusOf } from '../../src/store/etcd/index.ts';
import { leaderWithin } from '../../src/store/leader.ts';
import type { Load } from '../../src/store/load/index.ts';
import type { Member, RunningStore } from '../../src/store/store.ts';

const missing = ['etcd', 'runc'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`etcd in a lab: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const HOSTS = ['h1', 'h2', 'h3', 'c1'];
const MEMBERS: readonly Member[] = HOSTS.slice(0, 3).map((node, i) => ({
  name: `etcd-${node}`,
  node,
  address: `10.77.0.${i + 1}`,
}));

function topologyText(name: string, diskBytes: number): string {
  const ports = HOSTS.map((_, i) => `eth${i + 1}`);
  const host = (node: string, i: number) => `    ${node}:
      kind: linux
      image: debian
      labels: {leafstorm-disk: "/var/lib/store=${diskBytes}"}
      exec: ["ip address add 10.77.0.${i + 1}/24 dev eth1"]`;
  return `name: ${name}
topology:
  nodes:
    sw:
      kind: linux
      image: debian
      exec: ["ip link add br0 type bridge", ${ports.map((port) => `"ip link set ${port} master br0"`).join(', ')}, "ip link set br0 up"]
${HOSTS.map(host).join('\n')}
  links:
${HOSTS.map((node, i) => `    - endpoints: ["sw:eth${i + 1}", "${node}:eth1"]`).join('\n')}
`;
}

async function withLab(name: string, work: (running: RunningLab) => Promise<void>, diskBytes = 2 ** 28): Promise<void> {
  await embedded.destroy(name, { cleanup: true });
  const read = readTopology(topologyText(name, diskBytes), { file: `${name}.clab.yml` });
  if (!('topology' in read) || read.topology === undefined) throw new Error(JSON.stringify(read));
  const running = await embedded.deploy(read.topology, { seed: 1 });
  try {
    await work(running);
  } finally {
    await running.destroy({ cleanup: true });
  }
}

function load(
  t: { teardown(f: () => void): void },
  running: RunningLab,
  options: Partial<LoadOptions> = {},
): Promise<Load> {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-etcd-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  return startLoad({
    history: join(dir, 'history.jsonl'),
    seed: 5,
    places: HOSTS.map((node) => running.node(node).netns),
    clients: 8,
    keys: 4,
    members: MEMBERS.map(({ address }) => address),
    timeoutMs: 500,
    ...options,
  });
}

async function end(
  work: Load,
): Promise<{ readonly history: History; readonly ledger: Ledger; readonly missing: readonly string[] }> {
  await work.stop();
  const { missing: unread } = await work.finalReads();
  const history = await work.history();
  return { history, ledger: ledgerOf(history), missing: unread };
}

async function newLeader(store: RunningStore, old: Member): Promise<Member> {
  for (let tries = 0; tries < 200; tries++) {
    const leader = await store.leader();
    if (leader !== undefined && leader.name !== old.name) return leader;
    await sleep(50);
  }
  throw new Error('no other leader within 10 s');
}

lab('the leader dies, another is elected, it comes back: linearizable and nothing lost', async (t) => {
  await withLab('etckill', async (running) => {
    const began = nowMs();
    const store = await etcd.start(running, MEMBERS);
    t.log(`three members serve after ${(nowMs() - began).toFixed(0)} ms`);
    const work = await load(t, running);
    await sleep(1500);
    const leader = await leaderWithin(store, 20_000);
    t.truthy(leader);
    const killedMs = nowMs();
    t.is(await running.kill(leader.node, 'etcd'), 1);
    const next = await newLeader(store, leader);
    t.not(next.name, leader.name);
    await sleep(500);
    await t.throwsAsync(store.healthy(200), { message: new RegExp(`${leader.name} on ${leader.node} does not serve`) });
    await store.restart([leader.node]);
    await store.healthy(10_000);
    await sleep(500);
    const { history, ledger, missing: unread } = await end(work);
    const toMs = nowMs();
    const checkBegan = nowMs();
    const result = linearizable(casRegister()).check(history);
    t.log(
      `${history.length / 2} operations, checked in ${(nowMs() - checkBegan).toFixed(0)} ms and ${result.steps} steps; ${ledger.why}, ${ledger.unknown} of unknown end`,
    );
    t.log(
      `no acknowledgement for ${longestOutage(history, killedMs, toMs).ms.toFixed(0)} ms; service again after ${recoveryMs(history, killedMs)?.toFixed(0)} ms`,
    );
    t.deepEqual(unread, []);
    t.is(result.verdict, 'pass', result.why);
    t.like(ledger, { lost: 0, duplicated: 0, verdict: 'pass' });
    t.true(ledger.acknowledged > 100);
    t.true(
      longestOutage(history, killedMs, toMs).ms > 100,
      'an election takes time: else the leader was not the leader',
    );
  });
});

lab('a power cut of all members at once loses nothing; restart brings back what the disks kept', async (t) => {
  await withLab('etcpower', async (running) => {
    const store = await etcd.start(running, MEMBERS);
    const nodes = MEMBERS.map(({ node }) => node);
    const work = await load(t, running);
    await sleep(1500);
    await running.powerOff(nodes);
    t.is(await store.leader(), undefined);
    await running.powerOn(nodes);
    await store.restart(nodes);
    await store.healthy(15_000);
    await sleep(500);
    const { history, ledger, missing: unread } = await end(work);
    const result = linearizable(casRegister()).check(history);
    t.log(`${ledger.why}, ${ledger.unknown} of unknown end`);
    t.deepEqual(unread, []);
    t.is(result.verdict, 'pass', result.why);
    t.like(ledger, { lost: 0, verdict: 'pass' });
  });
});

lab('a planted defect, members that do not flush, is caught after a power cut', async (t) => {
  await withLab('etcfsync', async (running) => {
    const store = await etcdWith({ noFsync: true }).start(running, MEMBERS);
    const nodes = MEMBERS.map(({ node }) => node);
    const work = await load(t, running);
    await sleep(3000);
    await running.powerOff(nodes);
    await running.powerOn(nodes);
    await store.restart(nodes);
    const ill = await store.healthy(20_000).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const back = ill === undefined;
    await work.stop();
    const { missing: unread } = await work.finalReads(back ? 5_000 : 500);
    const history = await work.history();
    const ledger = ledgerOf(history);
    t.log(back ? `it came back: ${ledger.why}` : `it did not come back at all: ${ill}`);
    if (back) {
      t.is(linearizable(casRegister()).check(history).verdict, 'fail');
      t.true(ledger.lost > 0);
      t.is(ledger.verdict, 'fail');
    } else {
      t.true(unread.length > 0);
      t.is(ledger.verdict, 'unknown');
    }
  });
});

lab(
  'a member whose disk is lost, and one whose data rots, are replaced by new ones that fetch everything',
  async (t) => {
    await withLab('dsketcd', async (running) => {
      const store = await etcd.start(running, MEMBERS);
      const work = await load(t, running, { rate: 200 });
      await sleep(500);
      const context = { lab: running, racks: new Map(), detectionMs: undefined, seed: 2 };
      const ids = async () => Promise.all(MEMBERS.map(async (member) => (await statusOf(running, member, 2_000))?.id));
      const before = await ids();
      const lost = faultKind('disk-lost').prepare(context, 'h1');
      await lost.inject();
      t.is((await lost.proof()).verdict, 'pass');
      await lost.heal();
      await store.restart(['h1']);
      await store.healthy(20_000);

      const rot = faultKind('bit-rot').prepare(context, 'h2');
      await rot.inject();
      const { verdict, evidence } = await rot.proof();
      t.is(verdict, 'pass', evidence);
      t.log(evidence);
      await rot.heal();
      await store.rebuild(['h2']);
      await store.healthy(20_000);

      const after = await ids();
      t.not(after[0], before[0], 'a new member has a new id');
      t.not(after[1], before[1]);
      t.is(after[2], before[2]);
      // Without the only one that kept its data through all of it, the new ones must have everything.
      t.is(await running.kill('h3', 'etcd'), 1);
      const { history, ledger, missing: unread } = await end(work);
      t.deepEqual(unread, []);
      t.is(linearizable(casRegister()).check(history).verdict, 'pass');
      t.like(ledger, { lost: 0, verdict: 'pass' });
    });
  },
);

lab(
  'members that lie on lying disks lose what they acknowledged when all are cut, on cached ones nothing',
  async (t) => {
    const say = (line: string) => t.log(line);
    const options = { rounds: 1, seed: 4, say };
    const [cached] = await quorumCuts({ ...options, name: 'dskcached', disk: 'cached' });
    t.like(cached, { lost: 0, verdict: 'pass' });
    const [lying] = await quorumCuts({ ...options, name: 'dsklying', disk: 'lying' });
    t.is(lying?.verdict, 'fail');
  },
);

lab('a folder that holds something else is no data folder', async (t) => {
  await withLab('dskfolder', async (running) => {
    await running.exec('h2', ['mkdir', '-p', '/var/lib/store/etcd/photos']);
    await t.throwsAsync(etcd.start(running, MEMBERS), { message: /h2 is not a data folder of etcd: it holds photos/ });
    t.false((await running.processes('h1')).some(({ program }) => program === 'etcd'));
  });
});

lab('a planted defect, clients that take a time-out for a failure, is caught', async (t) => {
  await withLab('etcclient', async (running) => {
    const store = await etcd.start(running, MEMBERS);
    // So hasty that some writes are still applied after the client gave up.
    const work = await load(t, running, { treatTimeoutAs: 'fail', timeoutMs: 4, clients: 12 });
    for (let round = 0; round < 3; round++) {
      await sleep(700);
      const leader = await leaderWithin(store, 20_000);
      await running.pause(leader.node);
      await sleep(300);
      await running.unpause(leader.node);
      await store.healthy(10_000);
    }
    const { history } = await end(work);
    const count = (type: string) => history.filter((event) => event.type === type).length;
    t.log(`${count('ok')} ok, ${count('fail')} fail`);
    t.is(count('info'), 0);
    t.is(linearizable(casRegister()).check(history).verdict, 'fail');
  });
});

lab('a disk without room for the log is refused before anything starts', async (t) => {
  const work = async (running: RunningLab) => {
    await t.throwsAsync(etcd.start(running, MEMBERS), { message: /bytes are free at .* on h\d.*give the node a disk/ });
    t.false((await running.processes('h1')).some(({ program }) => program === 'etcd'));
  };
  await withLab('etcsmall', work, 2 ** 26);
});

lab('a load that cannot start says why', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-etcd-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const options = { seed: 1, places: ['/run/netns/etc-none'], clients: 1, keys: 1, members: ['10.77.0.1'] };
  await t.throwsAsync(startLoad({ ...options, history: join(dir, 'no', 'history.jsonl') }), {
    message: /could not start: ENOENT.*no\/history.jsonl/,
  });
  await t.throwsAsync(startLoad({ ...options, places: [], history: join(dir, 'history.jsonl') }), {
    message: /at least one place/,
  });
});

lab('clients on a node that is gone fail for certain: nothing was sent', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-etcd-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const work = await startLoad({
    history: join(dir, 'history.jsonl'),
    seed: 1,
    places: ['/run/netns/etc-none'],
    clients: 2,
    keys: 1,
    members: ['10.77.0.1'],
    rate: 100,
  });
  await sleep(300);
  await work.stop();
  t.deepEqual((await work.finalReads(100)).missing, ['k0']);
  const history = await work.history();
  t.true(history.length > 10);
  t.deepEqual([...new Set(history.map(({ type }) => type))].sort(), ['fail', 'invoke']);
  await t.throwsAsync(work.stop(), { message: /process ended/ });
});
