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
  await embedded.destroy(name, { cleanup });
  process.stderr.write(`${name}: gone\n`);
}
