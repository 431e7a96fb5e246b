import { embedded, shellArgv } from '../../engine/embedded/index.ts';
import type { ParsedCommand } from '../arguments.ts';
import { attachTerminal } from '../foreground.ts';
import { labOf } from '../running.ts';

/** `leafstorm shell NODE`: ends with the shell's own exit status. */
export async function shell({ operands, values }: ParsedCommand): Promise<number> {
  const lab = await embedded.attach(await labOf(values));
  return attachTerminal(shellArgv(lab, lab.node(operands[0] as string).name));
}
