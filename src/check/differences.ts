/** What an engineer changed: configurations compared with the intent, statement by statement. */
import { type FrrConfig, parseFrrConfigWithLines, withDefaults, writeFrrConfig } from 'frr-config';
import type { Fabric } from '../fabric/fabric.ts';
import type { NodeConfig } from './read-configs.ts';
import { lineOf } from './rule.ts';

/** One statement that is there and not meant, or meant and not there. */
export interface Difference {
  readonly node: string;
  readonly file: string;
  /** Line of the statement that was added; of the block that lacks it where it was removed. */
  readonly line: number;
  readonly change: 'added' | 'removed';
  /** Openers of the blocks around it, outermost first. */
  readonly context: readonly string[];
  readonly statement: string;
  /** For people: `removed: router bgp 65000 / neighbor eth1 remote-as 65001`. */
  readonly message: string;
}

/**
 * How nodes differ from the intent, by node and line. Order, comments, spelling and what FRR takes for granted do not count. Nodes without a
 * configuration are left out: `checkDesign` reports them. Frozen.
 */
export function differences(fabric: Fabric, configs: ReadonlyMap<string, NodeConfig>): readonly Difference[] {
  const found = fabric.nodes.flatMap(({ name, config: intended }) => {
    const written = configs.get(name);
    if (!written) return [];
    const [now, meant] = [writeFrrConfig(written.config), writeFrrConfig(intended)];
    if (now === meant) return [];
    return compare(name, written, now, meant).filter((one) => !takenForGranted(one, written.config, intended));
  });
  return Object.freeze(found.map((one) => Object.freeze(one)));
}

interface Line {
  readonly context: readonly string[];
  readonly statement: string;
  /** In the canonical text, from 1. */
  readonly number: number;
}

/** A running router (`save`) shows no default, and some that nobody wrote: said or not, they mean the same. */
function takenForGranted({ change, context, statement }: Difference, written: FrrConfig, intended: FrrConfig): boolean {
  const other = withDefaults(change === 'removed' ? written : intended);
  return statements(writeFrrConfig(other)).has(keyOf(context, statement));
}

function compare(node: string, written: NodeConfig, now: string, meant: string): readonly Difference[] {
  const [present, intended] = [statements(now), statements(meant)];
  const places = placesOf(now, written);
  const place = (line: Line | undefined) => (line && places.get(line.number)) ?? 1;
  const added = [...present]
    .filter(([key]) => !intended.has(key))
    .map(([, line]) => [line, place(line), 'added'] as const);
  const removed = [...intended]
    .filter(([key]) => !present.has(key))
    .map(([, line]) => [line, place(nearestBlock(line, present)), 'removed'] as const);
  return [...added, ...removed]
    .sort((left, right) => left[1] - right[1])
    .map(([{ context, statement }, line, change]) => ({
      node,
      file: written.file,
      line,
      change,
      context,
      statement,
      message: `${change}: ${[...context, statement].join(' / ')}`,
    }));
}

/** Statements of a canonical text by their blocks and text: unindented lines open blocks for what is indented below. */
function statements(text: string): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  const open: { readonly indent: number; readonly statement: string }[] = [];
  for (const [i, raw] of text.split('\n').entries()) {
    const statement = raw.trim();
    if (statement === '' || statement === '!' || /^exit(-address-family)?$/.test(statement)) continue;
    const indent = raw.length - raw.trimStart().length;
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const context = open.map((block) => block.statement);
    lines.set(keyOf(context, statement), { context, statement, number: i + 1 });
    open.push({ indent, statement });
  }
  return lines;
}

function keyOf(context: readonly string[], statement: string): string {
  return [...context, statement].join('\n');
}

/** The innermost block around a removed statement that is still there. */
function nearestBlock({ context }: Line, present: ReadonlyMap<string, Line>): Line | undefined {
  for (let depth = context.length; depth > 0; depth--) {
    const block = present.get(keyOf(context.slice(0, depth - 1), context[depth - 1]!));
    if (block) return block;
  }
  return undefined;
}

/** Line in the engineer's file of each line of the canonical text: both have the same model, so its paths join them. */
function placesOf(canonical: string, written: NodeConfig): ReadonlyMap<number, number> {
  const unknown = new Map(written.config.unknown?.map(({ text, line }) => [text, line]));
  const places = new Map<number, number>();
  for (const [path, line] of parseFrrConfigWithLines(canonical).lines) {
    if (!places.has(line) || written.lines.has(path)) places.set(line, lineOf(written, path));
  }
  for (const [i, text] of canonical.split('\n').entries()) {
    const line = unknown.get(text.trim());
    if (line !== undefined && !places.has(i + 1)) places.set(i + 1, line);
  }
  return places;
}
