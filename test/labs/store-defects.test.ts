/** Needs root, runc, etcd and mariadbd. Defects planted in servers, clients and disks must be caught by name, and their healthy twins pass. */
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { allCaught, runDefects } from '../../scripts/soak/defects.ts';

const missing = ['etcd', 'runc', 'mariadbd'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`defects of stores: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

/** Those that share a lab are asked for together. What takes longer is repeated by `npm run soak -- --defects`. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  'a replica that passes over errors diverges': ['replica-skips-errors'],
  'mistakes of clients are caught by name, one after another on healthy servers': [
    'time-out-as-failure',
    'time-out-as-success',
    'duplicate-apply-on-retry',
    'lost-update',
    'non-atomic-transfer',
    'lagging-replica-sold-as-fresh',
    'reads-from-replica-to-replica',
    'read-uncommitted',
    'repeatable-read-lost-update',
  ],
  'what is not flushed is gone with the power: from the log, the table, the disk': [
    'sync-binlog-0',
    'innodb-flush-log-2',
    'lying-disk-under-mariadb',
  ],
  'reads that no quorum confirmed are stale on a member that is cut off': ['serializable-reads-sold-as-fresh'],
  'a primary that goes on without its replicas loses what it acknowledged alone': ['degraded-semi-sync'],
  'a replica that is promoted though it has less loses what the other one had': ['naive-choice'],
  'a lease that ends for others before it ends for its holder makes two primaries': ['lease-without-margin'],
  'a primary that goes on without its lease answers beside its successor': ['no-fencing'],
};

for (const [title, names] of Object.entries(SHARED)) {
  lab(title, async (t) => {
    const report = await runDefects({ name: 'test-defects', count: 1, seed: 4, names, say: (line) => t.log(line) });
    t.deepEqual(
      report.defects.map(({ name }) => name),
      names,
    );
    t.deepEqual(report.healthy.blamed, []);
    t.true(report.healthy.runs > 0);
    t.true(allCaught(report, 1), JSON.stringify(report.defects));
  });
}
