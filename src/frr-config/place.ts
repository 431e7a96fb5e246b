/** Where unknown statements stand among the others. */
import type { Written } from './block.ts';
import type { Draft } from './draft.ts';
import { writtenFile } from './file.ts';
import type { FrrConfig, UnknownStatement } from './model.ts';

/**
 * Gives unknown statements their index: the first place, in the order of writing, behind everything of their block that stood
 * before them in the text. A statement may depend on what precedes it (`neighbor X ...` needs `neighbor X remote-as`).
 */
export function placed(
  config: Draft<FrrConfig>,
  unknown: readonly Draft<UnknownStatement>[],
  lines: ReadonlyMap<string, number>,
): Draft<UnknownStatement>[] {
  const blocks = new Map<string, readonly Written[]>();
  collect(writtenFile(config), [], blocks);
  const before = new Map<string, { known: number; unknown: number }>();
  return unknown.map((statement) => {
    const key = contextKey(statement.context);
    const known = blocks.get(key) ?? [];
    const so = before.get(key) ?? { known: 0, unknown: 0 };
    let behind = so.known;
    for (let i = known.length - 1; i >= behind; i--) {
      const line = lines.get(known[i]!.path);
      if (line !== undefined && line < statement.line) behind = i + 1;
    }
    before.set(key, { known: behind, unknown: so.unknown + 1 });
    return { ...statement, index: behind + so.unknown };
  });
}

/** One string for a list of openers. */
export function contextKey(context: readonly string[]): string {
  return context.join('\n');
}

function collect(lines: readonly Written[], context: readonly string[], into: Map<string, readonly Written[]>): void {
  into.set(contextKey(context), lines);
  for (const line of lines) if (line.lines !== undefined) collect(line.lines, [...context, line.text], into);
}
