/** Needs root, runc, etcd and mariadbd. The network in parts: what the database and its manager make of it. */
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { partitions } from '../../scripts/soak/partitions.ts';

const missing = ['etcd', 'runc', 'mariadbd'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`partitions of MariaDB: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

lab('partitions of several shapes: never two primaries, nothing lost, whole again after each', async (t) => {
  // With this seed: the primary alone, a minority with clients, one way, on and off.
  const outcome = await partitions({ name: 'test-partition', count: 4, seed: 28, say: (line) => t.log(line) });
  t.deepEqual(outcome.unproven, []);
  t.is(outcome.notWhole, undefined);
  t.deepEqual(outcome.why, []);
  t.is(outcome.verdict, 'pass');
  t.is(outcome.count, 4);
  t.true(Object.values(outcome.byShape).some(({ takeovers }) => takeovers > 0));
  t.true(outcome.acknowledged > 50);
});
