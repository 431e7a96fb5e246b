import { embedded } from '../../engine/embedded/index.ts';
import { EXIT } from '../../errors.ts';
import { reloadNode } from '../../lab/configuration.ts';
import type { ParsedCommand } from '../arguments.ts';
import { labOf } from '../running.ts';

/** `leafstorm reload NODE`: applies the node's edited configuration file and shows what it changed. */
export async function reload({ operands, values }: ParsedCommand): Promise<number> {
  const lab = await embedded.attach(await labOf(values));
  const { removed, added, refused } = await reloadNode(lab, operands[0] as string);
  for (const line of removed) process.stdout.write(`- ${line}\n`);
  for (const line of added) process.stdout.write(`+ ${line}\n`);
  for (const line of refused) process.stderr.write(`refused: ${line}\n`);
  return refused.length > 0 ? EXIT.fail : EXIT.pass;
}
