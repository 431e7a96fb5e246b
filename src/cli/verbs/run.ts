import { writeFileSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { run as runLab } from '../../lab/run.ts';
import { junit, terminalReporter } from '../../report/index.ts';
import type { ParsedCommand } from '../arguments.ts';
import { exitOf } from '../exit.ts';
import { seedOf, settingsOf } from '../settings.ts';

/** `leafstorm run LAB|FILE|DIR`: ends with the verdict. */
export async function run({ operands, values }: ParsedCommand): Promise<number> {
  const [given = ''] = operands;
  const engine = values['engine'] ?? 'embedded';
  if (engine !== 'embedded') throw new UsageError(`--engine ${engine}: this version has the engine embedded`);
  const keep = values['keep'] as string | undefined;
  if (keep !== undefined && keep !== 'always' && keep !== 'on-fail')
    throw new UsageError(`--keep ${keep}: write --keep or --keep on-fail`);
  const settings = (values['set'] ?? []) as readonly string[];
  const seed = seedOf(values['seed'] as string | undefined);
  const name = values['name'] as string | undefined;
  const { verdict, record, kept } = await runLab(given, {
    base: process.cwd(),
    parameters: settingsOf(settings),
    reporters: [terminalReporter(process.stderr)],
    command: [
      'npx',
      'leafstorm',
      'run',
      given,
      ...settings.flatMap((pair) => ['--set', pair]),
      ...(name === undefined ? [] : ['--name', name]),
      ...(values['baseline-only'] === true ? ['--baseline-only'] : []),
    ],
    baselineOnly: values['baseline-only'] === true,
    ...(seed === undefined ? {} : { seed }),
    ...(name === undefined ? {} : { name }),
    ...(keep === undefined ? {} : { keep }),
  });
  const report = values['junit'];
  if (typeof report === 'string') writeFileSync(report, junit(verdict));
  if (kept) process.stderr.write(`  kept    npx leafstorm destroy ${verdict.lab} --cleanup removes it\n`);
  if (values['json']) process.stdout.write(`${JSON.stringify({ ...verdict, record: record.dir }, undefined, 2)}\n`);
  return exitOf(verdict.verdict);
}
