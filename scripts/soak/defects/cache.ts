// Redis with Sentinel, whose primary is cut off and goes on acknowledging: what is no defect of a cache is one of a store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embedded } from '../../../src/engine/embedded/index.ts';
import { judgeCache } from '../../../src/lab/cache-verdict.ts';
import { judgeStore } from '../../../src/lab/store-verdict.ts';
import { redis, startCacheLoad } from '../../../src/store/redis/index.ts';
import type { Member } from '../../../src/store/store.ts';
import { addressOf, bridged, HOSTS, wireOf } from '../../../test/support/bridged.ts';
import type { Scene } from './scene.ts';

const MEMBERS: readonly Member[] = HOSTS.slice(0, 3).map((node, at) => ({
  name: `redis-${node}`,
  node,
  address: addressOf(at),
}));
const CLIENTS = 8;
/** What a cache may be stale by here: longer than the primary was cut off. */
const STALE_MS = 120_000;
const WHOLE_MS = 60_000;

export const cache: Scene = {
  name: 'cache',
  defects: [
    {
      name: 'redis-as-store',
      plant: 'Redis with Sentinel keeps what must not be lost',
      assertion: 'no-acknowledged-write-lost',
      says: /[1-9]\d* lost/,
    },
  ],
  async play({ name, seed }) {
    await embedded.destroy(name, { cleanup: true });
    const lab = await embedded.deploy(bridged(name, 'safe'), { seed });
    const dir = mkdtempSync(join(tmpdir(), 'leafstorm-cache-'));
    try {
      const store = await redis.start(lab, MEMBERS);
      const load = await startCacheLoad({
        history: join(dir, 'history.jsonl'),
        seed,
        places: HOSTS.map((node, at) => ({ netns: lab.node(node).netns, nearest: at % MEMBERS.length })),
        clients: CLIENTS,
        keysPerClient: 2,
        members: MEMBERS.map(({ address }) => address),
        rate: 400,
        timeoutMs: 500,
        readFrom: 'primary',
      });
      try {
        await sleep(1000);
        const { atMs } = await lab.setLink(wireOf(0), 'down');
        for (let tries = 0; (await store.leader())?.node === HOSTS[0]; tries++) {
          if (tries > 400) throw new Error('no other primary within 20 s');
          await sleep(50);
        }
        // The clients on h1 have heard nothing of it.
        await sleep(500);
        await load.stop();
        await lab.setLink(wireOf(0), 'up');
        await store.healthy(WHOLE_MS);
        await load.finalReads(20_000);
        const history = await load.history();
        // Clients are dealt out over the hosts in turn: those of the first one could reach nobody else.
        const alone = history.filter(
          (event) =>
            event.type === 'ok' &&
            event.f === 'write' &&
            event.atMs > atMs &&
            event.process < CLIENTS &&
            event.process % HOSTS.length === 0,
        ).length;
        const evidence = `${alone} writes were acknowledged by the primary that was cut off`;
        const { assertions } = judgeStore('redis', history, []);
        const asCache = judgeCache('redis', history, STALE_MS, []);
        return new Map([
          ['redis-as-store', { tookEffect: alone > 0, evidence, assertions }],
          ['healthy-as-cache', { tookEffect: alone > 0, evidence, assertions: asCache.assertions }],
        ]);
      } finally {
        await load.history().catch(() => {});
      }
    } finally {
      await lab.destroy({ cleanup: true });
      rmSync(dir, { recursive: true });
    }
  },
};
