/** The three labs of stores, whole and one after another, as their users run them. Needs root, runc, frr, etcd, mariadbd and redis. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readFabric } from '../../src/fabric/index.ts';
import { run } from '../../src/index.ts';
import { isExcused } from '../support/excused.ts';
import { leftovers } from '../support/leftovers.ts';

const missing = ['etcd', 'runc', 'mariadbd', 'redis-server'].filter(
  (name) => spawnSync(name, ['--version']).error !== undefined,
);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`labs of stores: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const base = mkdtempSync(join(tmpdir(), 'leafstorm-stores-'));
test.after.always(() => rmSync(base, { recursive: true, force: true }));

/** Kinds of fault that a lab must have at least one of. */
const ASKED = { power: ['rack-power', 'power-cut'], link: ['link-down', 'link-silent'], switch: ['switch-power'] };

for (const name of ['replicated-database', 'quorum-store', 'cache']) {
  lab(`${name}: power, links and switches fail, and its data is what it must be`, async (t) => {
    const { verdict, record } = await run(name, { base, seed: 21, name: `test-${name}` });
    for (const { kind, target, proof, fibMs, lossMs, why = '' } of verdict.faults)
      t.log(`${kind} ${target}: ${proof.verdict}, fib ${fibMs} ms, loss ${lossMs} ms ${why}`);
    for (const { name: store, acknowledged, lost, rpo, rtoMs } of verdict.stores)
      t.log(`${store}: ${acknowledged} acknowledged, ${lost} lost, RPO ${rpo}, RTO ${rtoMs} ms`);
    const wrong = [...verdict.assertions, ...verdict.faults, ...verdict.stores].filter(
      (part) => part.verdict === 'fail',
    );
    t.deepEqual(wrong, []);
    for (const [what, kinds] of Object.entries(ASKED)) {
      const proven = verdict.faults.filter(({ kind, proof }) => kinds.includes(kind) && proof.verdict === 'pass');
      t.true(proven.length > 0, `a fault of ${what} took effect`);
    }
    // What a machine had no processors to measure is unknown; what clients were told is not.
    const ofStore = verdict.assertions.filter(({ target }) => target === verdict.stores[0]?.name);
    t.deepEqual(
      ofStore.filter((part) => part.verdict !== 'pass' && !(part.name === 'recovery-time' && isExcused(part))),
      [],
    );
    t.true((verdict.stores[0]?.acknowledged ?? 0) > 100);
    const { nodes } = readFabric(join(record.topologyDir, 'fabric.json'));
    const containers = nodes.map((node) => `clab-test-${name}-${node.name}`);
    t.deepEqual(leftovers(`test-${name}`, containers), []);
  });
}
