/** Ctrl-C, or a reader that leaves: whatever it was doing, the command takes its lab with it. */
import { once } from 'node:events';
import test from 'ava';
import { listing, start, temporaryFolder } from '../support/cli.ts';
import { leftovers } from '../support/leftovers.ts';

const NAME = 'cliint';
const CONTAINERS = ['spine-1', 'spine-2', 'leaf-1', 'leaf-2', 'server-1-1', 'server-2-1'].map(
  (node) => `clab-${NAME}-${node}`,
);
const LAB = ['pod', '--name', NAME, '--set', 'spines=2', '--set', 'racks=2'];

/** Sends SIGINT to the whole group, as a terminal does, once the command has said something. */
async function interrupted(cwd: string, args: readonly string[], when: RegExp) {
  const child = start(args, { cwd, detached: true });
  let said = '';
  let sent = false;
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (sent || !when.test(said)) return;
    sent = true;
    process.kill(-child.pid!, 'SIGINT');
  });
  const [status] = await once(child, 'close');
  return { status: status as number | null, said, sent };
}

for (const [args, when, what] of [
  [['deploy', ...LAB], /\d+ links?$/m, 'a deploy, while it makes nodes'],
  [['run', ...LAB], /✔ deploy/, 'a run, while it converges'],
  [['run', ...LAB], /✔ link-down/, 'a run, among faults'],
] as const) {
  test.serial(`Ctrl-C ends ${what}`, async (t) => {
    const { dir: cwd, remove } = temporaryFolder();
    try {
      const { status, said, sent } = await interrupted(cwd, args, when);
      t.true(sent, said);
      t.is(status, 2, said);
      t.regex(said, /leafstorm: ended by SIGINT; the lab was taken down\n$/);
      t.notRegex(said, /^\s+at .*:\d+:\d+\)?$/m);
      t.deepEqual(leftovers(NAME, CONTAINERS), []);
      if (args[0] === 'deploy') t.deepEqual(listing(cwd), []);
    } finally {
      await once(start(['destroy', NAME, '--cleanup'], { cwd }), 'exit');
      remove();
    }
  });
}

test.serial('a run whose reader leaves goes on to its end', async (t) => {
  const { dir: cwd, remove } = temporaryFolder();
  try {
    const child = start(['run', ...LAB, '--baseline-only', '--json'], { cwd });
    await once(child.stderr!, 'data');
    child.stderr!.destroy();
    child.stdout!.destroy();
    const [status] = await once(child, 'exit');
    t.is(status, 0);
    t.true(listing(cwd).some((path) => path.endsWith('verdict.json')));
    t.deepEqual(leftovers(NAME, CONTAINERS), []);
  } finally {
    await once(start(['destroy', NAME, '--cleanup'], { cwd }), 'exit');
    remove();
  }
});
