/** Needs root, runc and FRR: defects planted in generated folders, each booted and found. What `check` alone says of them: `lab/design-defects.test.ts`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { embedded } from '../../src/engine/embedded/index.ts';
import { defineLab, type LabDefinition, run } from '../../src/lab/index.ts';
import type { VerdictFile } from '../../src/lab/verdict-file.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { designDefects, FABRIC } from '../support/design-defects.ts';
import { type PlantedFolder, plantedFolder } from '../support/planted-folder.ts';
import { slots } from '../support/slots.ts';

const missing = ['runc', '/usr/lib/frr/bgpd'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`planted defects: skipped, ${skipped}`);
const lab = skipped === undefined ? test : test.skip;

const base = mkdtempSync(join(tmpdir(), 'leafstorm-defects-'));
test.after.always(() => rmSync(base, { recursive: true, force: true }));

/** Nothing is timed here, so several labs may boot side by side. */
const inSlot = slots(4);

const definition: LabDefinition = defineLab({
  name: 'def',
  summary: 'a small fabric for defects',
  design: () => leafSpine({ ...FABRIC, name: 'def' }),
  stores: () => [],
  faults: [],
  expect: { convergeMs: 6000, faults: { default: { fibMs: 1000, lossMs: 1000, healMs: 5000 } } },
});

async function baselineOf(name: string, plant: (folder: PlantedFolder) => void): Promise<VerdictFile> {
  const folder = plantedFolder({ ...FABRIC, name: 'def' });
  try {
    plant(folder);
    await embedded.destroy(name, { cleanup: true });
    const { verdict } = await run(folder.dir, { base, name, definition, seed: 7, baselineOnly: true });
    return verdict;
  } finally {
    folder.remove();
  }
}

/** Everything that did not pass, as `name target`. */
function blamed({ assertions }: VerdictFile): readonly string[] {
  return assertions.filter(({ verdict }) => verdict !== 'pass').map(({ name, target }) => `${name} ${target}`);
}

lab('a healthy lab has none of them', (t) =>
  inSlot(async () => {
    const verdict = await baselineOf('def-healthy', () => {});
    t.deepEqual(blamed(verdict), []);
    t.is(verdict.verdict, 'pass');
  }),
);

for (const [i, { name, plant, check, run: seen }] of designDefects.entries()) {
  const title = 'unseen' in seen ? `${name}: not visible at run, for ${seen.unseen}` : `${name}: run names it`;
  lab(title, (t) =>
    inSlot(async () => {
      const verdict = await baselineOf(`def-${i}`, plant);
      const found = blamed(verdict);
      const words = verdict.assertions.map(
        ({ name: what, target, verdict: one, why }) => `${one} ${what} ${target}: ${why}`,
      );
      const inRun = found.filter((one) => !one.startsWith('check '));
      if ('unseen' in seen) t.deepEqual(inRun, [], 'it is visible: say in the table how');
      else {
        t.not(verdict.verdict, 'pass');
        for (const { name: what, target } of seen) t.true(inRun.includes(`${what} ${target}`), words.join('\n'));
      }
      t.log(found.join(', '));
      void check;
    }),
  );
}
