/** A run in which something goes wrong that is neither the network's nor the store's fault. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { embedded } from '../../src/engine/embedded/index.ts';
import { run } from '../../src/lab/index.ts';
import { leftovers } from '../support/leftovers.ts';

const NAME = 'run-ends';
const CONTAINERS = ['spine-1', 'leaf-1', 'leaf-2'].map((node) => `clab-${NAME}-${node}`);

test('what goes wrong in the middle of a run is unknown, in a verdict that keeps what was shown before; the lab is kept where one asked', async (t) => {
  const base = mkdtempSync(join(tmpdir(), 'run-ends-'));
  try {
    const { verdict, record, kept } = await run('pod', {
      base,
      name: NAME,
      seed: 1,
      keep: 'on-fail',
      parameters: { spines: 1, racks: 2, servers: 0 },
      reporters: [
        (event) => {
          if (event.type === 'phase' && event.phase === 'probe') throw new Error('the reporter has no pen');
        },
      ],
    });
    t.is(verdict.verdict, 'unknown');
    t.true(kept);
    t.true(verdict.assertions.some(({ name, verdict: one }) => name === 'routes' && one === 'pass'));
    t.regex(verdict.assertions.find(({ name }) => name === 'run')?.why ?? '', /the reporter has no pen/);
    t.true(existsSync(join(record.dir, 'verdict.json')));
    t.is(JSON.parse(readFileSync(join(record.dir, 'verdict.json'), 'utf8')).verdict, 'unknown');
  } finally {
    await embedded.destroy(NAME, { cleanup: true });
    rmSync(base, { recursive: true, force: true });
  }
  t.deepEqual(leftovers(NAME, CONTAINERS), []);
});
