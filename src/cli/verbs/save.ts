import { writeFileSync } from 'node:fs';
import { embedded } from '../../engine/embedded/index.ts';
import { configFileOf, runningText } from '../../lab/configuration.ts';
import type { ParsedCommand } from '../arguments.ts';
import { runningName } from '../running.ts';

/** `leafstorm save [LAB]`: what every router runs now, back into the file that it started from. */
export async function save({ operands, values }: ParsedCommand): Promise<number> {
  const lab = await embedded.attach(await runningName(operands[0], values));
  for (const node of lab.nodes.filter(({ vtyDir }) => vtyDir !== undefined)) {
    const file = configFileOf(lab.topology, node.name);
    writeFileSync(file, await runningText(lab, node.name));
    process.stderr.write(`${node.name}: ${file}\n`);
  }
  return 0;
}
