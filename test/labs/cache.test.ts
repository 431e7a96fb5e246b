/** Redis with Sentinel on real nodes: a good cache, and no store. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { cache } from '../../scripts/soak/defects/cache.ts';
import { caughtBy } from '../../scripts/soak/defects.ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { redis } from '../../src/store/redis/index.ts';
import type { Member, RunningStore } from '../../src/store/store.ts';
import { addressOf, bridged, HOSTS } from '../support/bridged.ts';

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
    const trials = await cache.play({ name: 'dskredis', seed: 5, plant: ['redis-as-store'] });
    const [asStore, asCache] = [trials.get('redis-as-store')!, trials.get('healthy-as-cache')!];
    t.true(asStore.tookEffect, asStore.evidence);
    const why = caughtBy(cache.defects[0]!, asStore);
    t.log(`as a store: ${why}`);
    t.truthy(why);
    t.is(asStore.assertions.find(({ name }) => name === 'linearizable')?.verdict, 'fail');
    t.log(`as a cache: ${asCache.assertions[0]?.why}`);
    t.deepEqual(
      asCache.assertions.map(({ verdict }) => verdict),
      ['pass'],
    );
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
