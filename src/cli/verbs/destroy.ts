import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { embedded } from '../../engine/embedded/index.ts';
import { InputError } from '../../errors.ts';
import type { ParsedCommand } from '../arguments.ts';
import { runningName } from '../running.ts';

/** `leafstorm destroy [LAB]`: takes a lab down, whatever state it is in. */
export async function destroy({ operands, values }: ParsedCommand): Promise<number> {
  const cleanup = values['cleanup'] === true;
  const there = await embedded.labs();
  if (values['all']) {
    for (const lab of there) await remove(lab, cleanup);
    return 0;
  }
  const name = await runningName(operands[0], values, there);
  // With --cleanup what a crash left counts as well, even where no lab of that name is listed any more.
  if (!there.includes(name) && !cleanup) {
    throw new InputError(
      `there is no lab ${name}; ${there.length === 0 ? 'none is running' : `running are ${there.join(', ')}`}`,
    );
  }
  await remove(name, cleanup);
  return 0;
}

async function remove(name: string, cleanup: boolean): Promise<void> {
  const generated = cleanup ? await generatedFolder(name) : undefined;
  await embedded.destroy(name, { cleanup });
  if (generated !== undefined) rmSync(generated, { recursive: true, force: true });
  process.stderr.write(`${name}: gone\n`);
}

/** The folder that `deploy LAB` generated: `clab-<name>` with a fabric in it, never a folder that the user made. */
async function generatedFolder(name: string): Promise<string | undefined> {
  const file = await embedded.attach(name).then(
    ({ topology }) => topology.file,
    () => undefined,
  );
  if (file === undefined) return undefined;
  const dir = dirname(file);
  return basename(dir) === `clab-${name}` && existsSync(join(dir, 'fabric.json')) ? dir : undefined;
}
