import { embedded, inspectJson } from '../../engine/embedded/index.ts';
import { InputError, UsageError } from '../../errors.ts';
import type { ParsedCommand } from '../arguments.ts';
import { runningName } from '../running.ts';
import { table } from '../table.ts';

/** `leafstorm inspect [LAB]`: nodes of running labs, `-f json` as containerlab's. */
export async function inspect({ operands, values }: ParsedCommand): Promise<number> {
  const format = values['format'] ?? 'table';
  if (format !== 'table' && format !== 'json') throw new UsageError(`-f ${format}: the formats are table and json`);
  const there = await embedded.labs();
  const given = operands[0] ?? values['name'] ?? values['topo'];
  const names = given === undefined ? there : [await runningName(operands[0], values, there)];
  const labs: Record<string, Awaited<ReturnType<typeof inspectJson>>> = {};
  for (const name of names) {
    try {
      labs[name] = await inspectJson(await embedded.attach(name));
    } catch (error) {
      // Asked for all, one that is just being made does not hide the others.
      if (given !== undefined || !(error instanceof InputError)) throw error;
      process.stderr.write(`leafstorm: ${error.message}\n`);
    }
  }
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(labs, undefined, 2)}\n`);
    return 0;
  }
  const rows = Object.values(labs).flatMap((nodes) =>
    nodes.map(({ lab_name, name, kind, image, state }) => [lab_name, name, kind, image, state]),
  );
  process.stdout.write(table(['lab', 'name', 'kind', 'image', 'state'], rows));
  return 0;
}
