/** Redis with Sentinel on real nodes: a good cache, and no store. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { casRegister, ledgerOf, linearizable } from '../../src/consistency/index.ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { judgeCache } from '../../src/lab/cache-verdict.ts';
import { redis, startCacheLoad } from '../../src/store/redis/index.ts';
import type { Member, RunningStore } from '../../src/store/store.ts';
import { addressOf, bridged, HOSTS, wireOf } from '../support/bridged.ts';

const missing = ['redis-server', 'runc'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`Redis in a lab: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const MEMBERS: readonly Member[] = HOSTS.slice(0, 3).map((node, at) => ({
  name: `redis-${node}`,
  node,
  address: addressOf(at),
}));

async function withLab(name: string, work: (running: RunningLab) => Promise<void>): Promise<void> {
  await embedded.destroy(name, { cleanup: true });
  const running = await embedded.deploy(bridged(name, 'safe'), { seed: 1 });
  try {
    await work(running);
  } finally {
    await running.destroy({ cleanup: true });
  }
}

async function newLeader(store: RunningStore, old: Member): Promise<Member> {
  for (let tries = 0; tries < 400; tries++) {
    const leader = await store.leader();
    if (leader !== undefined && leader.name !== old.name) return leader;
    await sleep(50);
  }
  throw new Error('no other primary within 20 s');
}

lab(
  'a primary that is cut off goes on acknowledging what is lost on heal: fit for a cache, not for a store',
  async (t) => {
    await withLab('dskredis', async (running) => {
      const store = await redis.start(running, MEMBERS);
      const dir = mkdtempSync(join(tmpdir(), 'leafstorm-redis-'));
      t.teardown(() => rmSync(dir, { recursive: true }));
      const work = await startCacheLoad({
        history: join(dir, 'history.jsonl'),
        seed: 5,
        places: HOSTS.map((node, at) => ({ netns: running.node(node).netns, nearest: at % MEMBERS.length })),
        clients: 8,
        keysPerClient: 2,
        members: MEMBERS.map(({ address }) => address),
        rate: 400,
        timeoutMs: 500,
        readFrom: 'primary',
      });
      await sleep(1000);
      const old = (await store.leader())!;
      t.is(old.name, 'redis-h1');
      await running.setLink(wireOf(0), 'down');
      const next = await newLeader(store, old);
      t.not(next.name, old.name);
      // The clients on h1 have heard nothing of it.
      await sleep(500);
      await work.stop();
      await running.setLink(wireOf(0), 'up');
      await store.healthy(60_000);
      t.is((await store.leader())?.name, next.name);
      t.deepEqual((await work.finalReads(20_000)).missing, []);
      const history = await work.history();

      const ledger = ledgerOf(history);
      t.log(`as a store: ${ledger.why}`);
      t.true(ledger.lost > 0);
      t.is(ledger.verdict, 'fail');
      t.is(linearizable(casRegister()).check(history).verdict, 'fail');
      const { assertions, record } = judgeCache('redis', history, 120_000, []);
      t.log(`as a cache: ${assertions[0]?.why}`);
      t.is(record.verdict, 'pass');
      t.is(judgeCache('redis', history, 0, []).record.verdict, 'fail', 'lost writes are stale reads');
    });
  },
);

lab('a primary without power is replaced, and comes back as a replica; a folder that is none is refused', async (t) => {
  await withLab('dskredpow', async (running) => {
    await running.exec('h2', ['mkdir', '-p', '/var/lib/store/redis/photos']);
    await t.throwsAsync(redis.start(running, MEMBERS), {
      message: /h2 is not a data folder of Redis: it holds photos/,
    });
    await t.throwsAsync(redis.start(running, MEMBERS.slice(1)), { message: /2 members cannot agree/ });
    await running.exec('h2', ['rmdir', '/var/lib/store/redis/photos']);
    const store = await redis.start(running, MEMBERS);
    await running.powerOff(['h1']);
    const next = await newLeader(store, MEMBERS[0]!);
    await running.powerOn(['h1']);
    await store.restart(['h1']);
    await store.healthy(60_000);
    t.is((await store.leader())?.name, next.name);
  });
});
