/** From the model to text, in the style of `show running-config`. */
import type { Written } from './block.ts';
import { writtenFile } from './file.ts';
import type { FrrConfig, UnknownStatement } from './model.ts';
import { contextKey } from './place.ts';

/**
 * Writes a configuration as FRR 8.4 prints it, but for policies, which come before `router bgp` (see `writtenFile`). Unknown statements stand where their context and index say.
 * @throws Error naming the field, where a value holds a line break and would become a statement of its own
 */
export function writeFrrConfig(config: FrrConfig): string {
  const unknown = byContext(config.unknown ?? []);
  const out: string[] = [];
  print(withUnknown(writtenFile(config), [], unknown), 0, out);
  return `${out.join('\n')}\n`;
}

/** Puts unknown statements between the known ones of their block; what has no block in the model gets one. */
function withUnknown(
  known: readonly Written[],
  context: readonly string[],
  unknown: Map<string, UnknownStatement[]>,
): Written[] {
  if (unknown.size === 0) return [...known];
  const key = contextKey(context);
  const own = unknown.get(key) ?? [];
  unknown.delete(key);
  const lines = [...known];
  for (const statement of own) {
    lines.splice(Math.min(statement.index, lines.length), 0, {
      path: 'unknown',
      text: statement.text,
      ...(statement.closedBy === undefined ? {} : { lines: [], close: statement.closedBy }),
    });
  }
  const written = lines.map((line) => inside(line, context, unknown));
  for (let opener = orphan(context, unknown); opener !== undefined; opener = orphan(context, unknown)) {
    written.push(inside({ path: 'unknown', text: opener, lines: [] }, context, unknown));
  }
  return written;
}

function inside(line: Written, context: readonly string[], unknown: Map<string, UnknownStatement[]>): Written {
  return line.lines === undefined
    ? line
    : { ...line, lines: withUnknown(line.lines, [...context, line.text], unknown) };
}

/** The opener of a block below `context` that unknown statements still wait for. */
function orphan(context: readonly string[], unknown: Map<string, UnknownStatement[]>): string | undefined {
  for (const [statement] of unknown.values()) {
    const waiting = statement!.context;
    if (waiting.length > context.length && context.every((opener, i) => waiting[i] === opener)) {
      return waiting[context.length];
    }
  }
  return undefined;
}

function byContext(unknown: readonly UnknownStatement[]): Map<string, UnknownStatement[]> {
  const contexts = new Map<string, UnknownStatement[]>();
  for (const statement of unknown) {
    const key = contextKey(statement.context);
    contexts.set(key, [...(contexts.get(key) ?? []), statement]);
  }
  for (const statements of contexts.values()) statements.sort((a, b) => a.index - b.index);
  return contexts;
}

function print(lines: readonly Written[], depth: number, out: string[]): void {
  const indent = ' '.repeat(depth);
  let group: string | undefined;
  let block = false;
  for (const [i, line] of lines.entries()) {
    if (line.text.includes('\n') || line.text.includes('\r')) {
      throw new Error(`frr-config: ${line.path}: a value must not hold a line break: ${JSON.stringify(line.text)}`);
    }
    if (depth === 0 && i > 0 && (block || line.lines !== undefined || line.group !== group)) bang('', out);
    if (line.bang === 'before') bang(indent, out);
    out.push(indent + line.text);
    if (line.lines !== undefined) {
      print(line.lines, depth + 1, out);
      out.push(`${indent}${line.close ?? 'exit'}`);
      if (line.bang === 'after') out.push(`${indent}!`);
    }
    group = line.group;
    block = line.lines !== undefined;
  }
  if (depth === 0) bang('', out);
}

/** Never two in a row. */
function bang(indent: string, out: string[]): void {
  if (out.at(-1)?.trimStart() !== '!') out.push(`${indent}!`);
}
