import { withSource } from '../../lab/source.ts';
import { mermaid } from '../../report/index.ts';
import type { ParsedCommand } from '../arguments.ts';
import { settingsOf } from '../settings.ts';

/** `leafstorm graph LAB|FILE|DIR`: the topology as Mermaid. */
export async function graph({ operands, values }: ParsedCommand): Promise<number> {
  const parameters = settingsOf((values['set'] ?? []) as readonly string[]);
  process.stdout.write(await withSource(operands[0] as string, parameters, ({ topology }) => mermaid(topology)));
  return 0;
}
