import { judgeRecord } from '../../lab/judge.ts';
import type { ParsedCommand } from '../arguments.ts';
import { exitOf } from '../exit.ts';

/** `leafstorm judge RECORD`: the kept history and figures, judged by what this version has. */
export async function judge({ operands, values }: ParsedCommand): Promise<number> {
  const verdict = await judgeRecord(operands[0] as string);
  if (values['json']) process.stdout.write(`${JSON.stringify(verdict, undefined, 2)}\n`);
  for (const { name, checker, verdict: one, acknowledged, lost } of verdict.stores) {
    process.stderr.write(`${name}: ${one} (${checker}): ${acknowledged} acknowledged, ${lost} lost\n`);
  }
  process.stderr.write(`${verdict.verdict}\n`);
  return exitOf(verdict.verdict);
}
