import { embedded, shellArgv } from '../../engine/embedded/index.ts';
import { UsageError } from '../../errors.ts';
import type { ParsedCommand } from '../arguments.ts';
import { attachTerminal } from '../foreground.ts';
import { labOf } from '../running.ts';

/** `leafstorm shell NODE`: ends with the shell's own exit status. */
export async function shell({ operands, values }: ParsedCommand): Promise<number> {
  if (!process.stdin.isTTY) throw new UsageError('a shell needs a terminal; for one command there is leafstorm exec');
  const lab = await embedded.attach(await labOf(values));
  return attachTerminal(shellArgv(lab, lab.node(operands[0] as string).name));
}
