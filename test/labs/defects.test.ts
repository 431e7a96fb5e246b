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
import { type DesignDefect, designDefects, FABRIC } from '../support/design-defects.ts';
import { plantedFolder } from '../support/planted-folder.ts';
import { slots } from '../support/slots.ts';

const missing = ['runc', '/usr/lib/frr/bgpd'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`planted defects: skipped, ${skipped}`);
const lab = skipped === undefined ? test : test.skip;

const base = mkdtempSync(join(tmpdir(), 'leafstorm-defects-'));
test.after.always(async () => {
  // Where only some tests were asked for, the others' labs are not begun any more, and those that run are waited for.
  over = true;
  await Promise.allSettled(outcomes?.values() ?? []);
  rmSync(base, { recursive: true, force: true });
});

/** Nothing is timed here, so several labs may boot side by side. */
const inSlot = slots(4);

function definition(convergeMs: number): LabDefinition {
  return defineLab({
    name: 'def',
    summary: 'a small fabric for defects',
    design: () => leafSpine({ ...FABRIC, name: 'def' }),
    stores: () => [],
    faults: [],
    expect: { convergeMs, faults: { default: { fibMs: 1000, lossMs: 1000, healMs: 5000 } } },
  });
}

/** What is to pass has all the time that a busy machine may need; what never comes is not waited for long. */
const [PATIENT_MS, SHORT_MS] = [60_000, 6000];

const healthy: DesignDefect = {
  name: 'nothing',
  plant: () => {},
  check: { unseen: 'nothing is wrong' },
  run: { unseen: 'nothing is wrong' },
};

interface Outcome {
  readonly verdict: VerdictFile;
  /** Nodes that `check` finds an error on. */
  readonly wrong: ReadonlySet<string>;
}

async function baselineOf(name: string, { plant, run: seen, limitMs }: DesignDefect): Promise<Outcome> {
  if (over) throw new Error('nobody waits for it any more');
  const folder = plantedFolder({ ...FABRIC, name: 'def' });
  try {
    plant(folder);
    const errors = folder.check().filter(({ severity }) => severity === 'error');
    await embedded.destroy(name, { cleanup: true });
    const lab = definition(limitMs ?? ('unseen' in seen ? PATIENT_MS : SHORT_MS));
    const { verdict } = await run(folder.dir, { base, name, definition: lab, seed: 7, baselineOnly: true });
    return { verdict, wrong: new Set(errors.map(({ node }) => node)) };
  } finally {
    folder.remove();
  }
}

/** All of them begin with the first test, whatever order ava runs tests in; each test waits for its own. */
let outcomes: ReadonlyMap<string, Promise<Outcome>> | undefined;
let over = false;

function outcomeOf(name: string): Promise<Outcome> {
  outcomes ??= new Map(
    [healthy, ...designDefects].map((one, i) => {
      const outcome = inSlot(() => baselineOf(`def-${i}`, one));
      // Its own test tells of it.
      outcome.catch(() => {});
      return [one.name, outcome];
    }),
  );
  return outcomes.get(name)!;
}

/** Everything that did not pass, as `name target`. */
function blamed({ assertions }: VerdictFile): readonly string[] {
  return assertions.filter(({ verdict }) => verdict !== 'pass').map(({ name, target }) => `${name} ${target}`);
}

lab('a healthy lab has none of them', async (t) => {
  const { verdict } = await outcomeOf(healthy.name);
  t.deepEqual(blamed(verdict), []);
  t.is(verdict.verdict, 'pass');
});

for (const { name, check, run: seen } of designDefects) {
  const title = 'unseen' in seen ? `${name}: not visible at run, for ${seen.unseen}` : `${name}: run names it`;
  lab(title, async (t) => {
    const { verdict, wrong } = await outcomeOf(name);
    const found = blamed(verdict);
    t.log(found.join(', '));
    const words = verdict.assertions.map((one) => `${one.verdict} ${one.name} ${one.target}: ${one.why}`).join('\n');
    // Errors that `check` finds fail the run as well; warnings do not.
    for (const node of wrong) t.true(found.includes(`check ${node}`), words);
    if ('name' in check && wrong.size > 0) t.true(wrong.has(check.target));
    if ('unseen' in seen) {
      const booted = found.filter((one) => !one.startsWith('check '));
      t.deepEqual(booted, [], `it is visible: say in the table how\n${words}`);
      return;
    }
    t.not(verdict.verdict, 'pass');
    for (const { name: assertion, target } of seen) t.true(found.includes(`${assertion} ${target}`), words);
  });
}
