/** Needs root, runc, etcd and mariadbd. A planted defect of the database, or of its manager, must be caught by its checker. */
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { degradedSemiSync, naiveChoice } from '../../scripts/soak/database-defects.ts';

const missing = ['etcd', 'runc', 'mariadbd'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`defects of MariaDB: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

lab('semi-sync that degrades to asynchronous loses acknowledged additions', async (t) => {
  const { record, assertions, tookEffect, evidence } = await degradedSemiSync({ name: 'test-mdb-semi', seed: 2 });
  t.log(assertions.map(({ name, why }) => `${name}: ${why.slice(0, 100)}`).join('\n'));
  t.true(tookEffect, evidence);
  t.is(record.verdict, 'fail');
  t.true(record.lost > 0);
});

lab('a naive choice of the replica loses what the other one had', async (t) => {
  const { record, assertions, tookEffect, evidence } = await naiveChoice({ name: 'test-mdb-naive', seed: 2 });
  t.log(assertions.map(({ name, why }) => `${name}: ${why.slice(0, 100)}`).join('\n'));
  t.true(tookEffect, evidence);
  t.is(record.verdict, 'fail');
  t.true(record.lost > 0);
});
