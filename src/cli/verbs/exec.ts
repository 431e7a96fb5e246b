import { embedded, splitWords } from '../../engine/embedded/index.ts';
import { EXIT, UsageError } from '../../errors.ts';
import type { ParsedCommand } from '../arguments.ts';
import { runningName } from '../running.ts';

/** `leafstorm exec [LAB] --cmd CMD`: split as a shell splits words, run on every node or on each `--node`; `-f json` as containerlab's. */
export async function exec({ operands, values }: ParsedCommand): Promise<number> {
  const format = values['format'] ?? 'plain';
  if (format !== 'plain' && format !== 'json') throw new UsageError(`-f ${format}: the formats are plain and json`);
  const commands = ((values['cmd'] ?? []) as readonly string[]).map(wordsOf);
  if (commands.length === 0) throw new UsageError('exec what? Give a command with --cmd "vtysh -c \'show ip route\'"');
  const lab = await embedded.attach(await runningName(operands[0], values));
  const wanted = values['node'] as readonly string[] | undefined;
  const nodes = wanted?.map((name) => lab.node(name)) ?? lab.nodes;
  const result: Record<string, { cmd: readonly string[]; 'return-code': number; stdout: string; stderr: string }[]> =
    {};
  for (const { name, container } of nodes) {
    for (const argv of commands) {
      const { code, stdout, stderr } = await lab.exec(name, argv);
      result[container] = [...(result[container] ?? []), { cmd: argv, 'return-code': code, stdout, stderr }];
    }
  }
  const all = Object.entries(result);
  if (format === 'json') process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  else
    for (const [container, outcomes] of all)
      for (const one of outcomes)
        process.stdout.write(`${container}: ${one.cmd.join(' ')}\n${one.stdout}${one.stderr}`);
  return all.some(([, outcomes]) => outcomes.some((one) => one['return-code'] !== 0)) ? EXIT.fail : EXIT.pass;
}

function wordsOf(command: string): readonly string[] {
  try {
    const words = splitWords(command);
    if (words.length === 0) throw new UsageError(`--cmd '${command}' holds no command`);
    return words;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`--cmd: ${(cause as Error).message}`, { cause });
  }
}
