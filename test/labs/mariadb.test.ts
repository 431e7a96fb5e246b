/** Needs root, runc, etcd and mariadbd: three members in three racks, clients in a fourth. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import { withDatabase } from '../support/database.ts';
import { leftovers } from '../support/leftovers.ts';

const missing = ['etcd', 'runc', 'mariadbd'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`MariaDB in a lab: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const NAME = 'test-mariadb';

lab('the rack of the primary loses power: a replica serves, the old primary comes back, nothing is lost', async (t) => {
  await withDatabase(NAME, { seed: 3 }, async ({ lab: running, store, load, rackOf, finish }) => {
    await sleep(1500);
    const old = (await store.leader())!;
    const rack = rackOf(old.node);
    t.is(rack.length, 2);
    const { atMs } = await running.running.powerOff(rack);
    const firstMs = await load.acknowledgedAfter(atMs, 30_000);
    t.truthy(firstMs, 'no write was acknowledged any more');
    const next = (await store.leader())!;
    t.not(next.name, old.name);
    t.log(
      `${old.name} lost its power; ${next.name} acknowledged its first write ${Math.round(firstMs! - atMs)} ms later`,
    );
    await running.running.powerOn(rack);
    await store.restart(rack);
    // One primary that may write, and two replicas that follow it, the old primary among them.
    await store.healthy(60_000);
    await store.switchOver();
    await store.healthy(60_000);
    await sleep(500);
    const { history, missing: unread } = await finish();
    t.deepEqual(unread, []);
    const { record, assertions } = judgeDatabase('mariadb', history, []);
    t.log(`${record.acknowledged} acknowledged, ${record.lost} lost, ${record.unknown} of unknown end`);
    for (const { name, verdict, why } of assertions) t.is(verdict, 'pass', `${name}: ${why}`);
    t.is(record.rpo, 0);
    t.true(record.acknowledged > 50);
    const epochs = store.events.filter(({ event }) => event.startsWith('serves epoch')).map(({ epoch }) => epoch);
    t.deepEqual(
      epochs,
      [...new Set(epochs)].sort((a, b) => a - b),
      'an epoch has one primary',
    );
  });
  const nodes = ['spine-1', 'spine-2', ...[1, 2, 3, 4].flatMap((rack) => [`leaf-${rack}`, `server-${rack}-1`])];
  t.deepEqual(
    leftovers(
      NAME,
      nodes.map((node) => `clab-${NAME}-${node}`),
    ),
    [],
  );
});
