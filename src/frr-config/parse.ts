/** From text to the model. */
import type { Block, Statement } from './block.ts';
import { type Draft, deepFreeze } from './draft.ts';
import { fileBlock } from './file.ts';
import type { FrrConfig, UnknownStatement } from './model.ts';
import { placed } from './place.ts';

/** A model with the line, counted from 1, of each of its parts; keys are paths such as `bgp/0/neighbors/2/remoteAs`. */
export interface ParsedFrrConfig {
  readonly config: FrrConfig;
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads an `frr.conf` or what `show running-config` prints. Never throws: what it does not know is kept in `unknown`. */
export function parseFrrConfig(text: string): FrrConfig {
  return parseFrrConfigWithLines(text).config;
}

/** As `parseFrrConfig`, with the line of each statement, for findings that point at the text. */
export function parseFrrConfigWithLines(text: string): ParsedFrrConfig {
  const config: Draft<FrrConfig> = {};
  const lines = new Map<string, number>();
  const unknown: Draft<UnknownStatement>[] = [];
  const open = new OpenBlocks(fileBlock(config));
  let number = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    number += 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('!') || trimmed.startsWith('#') || frame.has(trimmed)) continue;
    const line = { text: trimmed, indent: raw.search(/\S/), number };
    if (open.closes(line)) continue;
    const statement = open.take(line, lines);
    if (statement !== undefined) unknown.push(statement);
  }
  if (unknown.length > 0) config.unknown = placed(config, unknown, lines);
  return { config: deepFreeze(config), lines };
}

/** What `show running-config` prints around a configuration. */
const frame: ReadonlySet<string> = new Set(['end', 'Building configuration...', 'Current configuration:']);

/** Begins only statements that stand at the top of a file, so that they end even a block without indentation. */
const atTop = /^(no )?(router|vrf|interface|route-map|key chain|line|debug|service|password|enable) /;

interface Line {
  readonly text: string;
  readonly indent: number;
  readonly number: number;
}

interface OpenBlock {
  /** Absent for a block that the model does not know. */
  readonly block?: Block;
  readonly opener: string;
  readonly indent: number;
  /** The statement that opened an unknown block. */
  readonly statement?: Draft<UnknownStatement>;
  /** Its own statements stand no deeper than itself. */
  flat?: boolean;
}

/** The blocks that are open at a line, outermost first. */
class OpenBlocks {
  private stack: OpenBlock[];
  /** The last line's statement where the model did not know it: the next line tells whether it opens a block. */
  private candidate: { statement: Draft<UnknownStatement>; indent: number } | undefined;

  constructor(file: Block) {
    this.stack = [{ block: file, opener: '', indent: -1 }];
  }

  private get top(): OpenBlock {
    return this.stack.at(-1)!;
  }

  /** Handles `exit`, `quit` and `exit-...`; false where the line is no such word or closes nothing. */
  closes({ text, indent }: Line): boolean {
    if (!/^(exit|quit|exit-\S+)$/.test(text)) return false;
    const candidate = this.candidate;
    this.candidate = undefined;
    if (candidate !== undefined && candidate.indent === indent && !this.top.flat) {
      candidate.statement.closedBy = text;
      return true;
    }
    this.leaveDeeper(indent);
    const { statement, opener } = this.top;
    const fits = statement !== undefined || !text.startsWith('exit-') || opener.startsWith(`${text.slice(5)} `);
    if (this.stack.length === 1 || !fits) {
      // Nothing else is open that it could end.
      if (candidate !== undefined) candidate.statement.closedBy = text;
      return candidate !== undefined;
    }
    this.stack.pop();
    if (statement !== undefined) statement.closedBy = text;
    return true;
  }

  /** Gives the statement to the block it belongs to; returns it where no block knows it. */
  take(line: Line, lines: Map<string, number>): Draft<UnknownStatement> | undefined {
    const candidate = this.candidate;
    this.candidate = undefined;
    if (candidate !== undefined && line.indent > candidate.indent) {
      const { statement } = candidate;
      statement.closedBy = 'exit';
      this.stack.push({ opener: statement.text, indent: candidate.indent, statement });
    }
    this.leaveUnknown(line.indent);
    if (this.top.block !== undefined && this.read(line, lines)) return undefined;
    this.leaveForUnknown(line);
    const context = this.stack.slice(1).map((open) => open.opener);
    const statement: Draft<UnknownStatement> = { context, text: line.text, index: 0, line: line.number };
    this.candidate = { statement, indent: line.indent };
    return statement;
  }

  /** FRR tries the innermost node first, then those around it, and stays where the statement was known. */
  private read(line: Line, lines: Map<string, number>): boolean {
    const words = line.text.split(/\s+/);
    const no = words[0] === 'no' && words.length > 1;
    if (no) words.shift();
    const mark = (path: string) => void lines.set(path, line.number);
    const begin = (path: string) => void (lines.has(path) || lines.set(path, line.number));
    const statement: Statement = { words, no, mark, begin };
    for (let depth = this.stack.length - 1; depth >= 0; depth--) {
      const inside = this.stack[depth]!;
      const taken = inside.block?.read(statement);
      if (taken === undefined || taken === false) continue;
      this.stack.length = depth + 1;
      if (line.indent <= inside.indent) inside.flat = true;
      if (taken !== true) {
        begin(taken.path);
        this.stack.push({ block: taken, opener: taken.opener, indent: line.indent });
      }
      return true;
    }
    return false;
  }

  /** An unknown block ends at the first line that is not deeper than it. */
  private leaveUnknown(indent: number): void {
    while (this.top.statement !== undefined && indent <= this.top.indent) this.stack.pop();
  }

  /** The same for blocks that the model knows, unless their statements are not indented at all. */
  private leaveForUnknown({ indent, text }: Line): void {
    const leaves = atTop.test(text);
    while (this.stack.length > 1 && indent <= this.top.indent && (leaves || !this.top.flat)) this.stack.pop();
  }

  /** An `exit` belongs to the block that stands at its own depth; deeper ones that were left open end with it. */
  private leaveDeeper(indent: number): void {
    while (this.stack.length > 2 && this.top.indent > indent && this.stack.at(-2)!.indent >= indent) this.stack.pop();
  }
}
