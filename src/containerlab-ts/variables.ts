/** Variables of a topology file: those of the environment, replaced in the text, and containerlab's magic ones, in values. */
import { labDirectory, nodeDirectory } from './names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with the environment's variables replaced. */
export interface Expansion {
  readonly text: string;
  /** Where a place of the new text came from in the old one. */
  origin(offset: number): number;
  /** Offsets in the old text of `${` that nothing closes on their line; the first one of each line. */
  readonly unclosed: readonly number[];
}

/** Defaults nest (`${A:=${B}}`); deeper than this, they are left as written. */
const DEEPEST = 8;

/**
 * Replaces `$X` and `${X}`, and `${X-d}`, `${X:-d}`, `${X=d}`, `${X:=d}`, `${X+o}`, `${X:+o}` as a shell reads them
 * (`=` assigns nothing). A variable that is not set and has no default stays as written, so that what a shell inside
 * the node shall expand survives; `$$` is a dollar sign.
 */
export function expandEnvironment(text: string, env: Environment): Expansion {
  if (!text.includes('$')) return { text, origin: (offset) => offset, unclosed: [] };
  const unclosed: number[] = [];
  const pieces: string[] = [];
  /** Pairs: where a piece starts in the new text and where in the old; pieces alternate between copied and replaced. */
  const starts: { readonly to: number; readonly from: number; readonly copied: boolean }[] = [];
  let length = 0;
  const put = (piece: string, from: number, copied: boolean) => {
    starts.push({ to: length, from, copied });
    pieces.push(piece);
    length += piece.length;
  };
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    put(text.slice(at, dollar), at, true);
    const found = replaceAt(text, dollar, env, 0);
    if (found.unclosed) unclosed.push(dollar);
    put(found.text, dollar, false);
    at = found.end;
  }
  put(text.slice(at), at, true);
  const origin = (offset: number) => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (starts[middle]!.to <= offset) low = middle;
      else high = middle;
    }
    const piece = starts[low]!;
    return piece.copied ? piece.from + offset - piece.to : piece.from;
  };
  return { text: pieces.join(''), origin, unclosed };
}

interface Replacement {
  readonly text: string;
  /** Behind what was replaced. */
  readonly end: number;
  readonly unclosed?: boolean;
}

/** What the `$` at an offset becomes. */
function replaceAt(text: string, dollar: number, env: Environment, depth: number): Replacement {
  const next = text[dollar + 1];
  if (next === '$') return { text: '$', end: dollar + 2 };
  if (next !== '{') {
    const name = nameAt(text, dollar + 1);
    const value = env[name];
    return { text: name === '' || value === undefined ? `$${name}` : value, end: dollar + 1 + name.length };
  }
  const name = nameAt(text, dollar + 2);
  const operatorAt = dollar + 2 + name.length;
  const operator = /^(?::?[-=+])?/.exec(text.slice(operatorAt, operatorAt + 2))![0];
  if (name === '' || (operator === '' && text[operatorAt] !== '}' && !endsLine(text[operatorAt]))) {
    return { text: '${', end: dollar + 2 };
  }
  const end = closingBrace(text, operatorAt + operator.length);
  if (end === undefined) {
    // The rest of the line is left alone: looking at each "${" of it again would take the square of its length.
    const line = lineEnd(text, dollar);
    return { text: text.slice(dollar, line), end: line, unclosed: true };
  }
  const asWritten = text.slice(dollar, end + 1);
  if (depth >= DEEPEST) return { text: asWritten, end: end + 1 };
  const word = text.slice(operatorAt + operator.length, end);
  return { text: resolve(env[name], operator, () => expandWord(word, env, depth + 1)) ?? asWritten, end: end + 1 };
}

/** Value of a variable under an operator; undefined where it is not set and nothing replaces it. */
function resolve(value: string | undefined, operator: string, word: () => string): string | undefined {
  const there = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return there ? word() : '';
  if (operator === '') return value;
  return there ? value : word();
}

function expandWord(word: string, env: Environment, depth: number): string {
  let result = '';
  let at = 0;
  for (let dollar = word.indexOf('$'); dollar >= 0; dollar = word.indexOf('$', at)) {
    const found = replaceAt(word, dollar, env, depth);
    result += word.slice(at, dollar) + found.text;
    at = found.end;
  }
  return result + word.slice(at);
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? '';
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function endsLine(character: string | undefined): boolean {
  return character === undefined || character === '\n' || character === '\r';
}

/** Offset of the brace that closes the one before `from`, on the same line. */
function closingBrace(text: string, from: number): number | undefined {
  let open = 1;
  for (let at = from; !endsLine(text[at]); at++) {
    if (text[at] === '{' && text[at - 1] === '$') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return undefined;
}

/** Replaces `__clabNodeName__`, `__clabNodeDir__`, `__clabDir__` and `__clabLabName__` for one node. Folders are absolute. */
export function magicVariables(
  topology: { readonly name: string; readonly file: string },
  node: string,
): (text: string) => string {
  const values: Readonly<Record<string, string>> = {
    __clabNodeName__: node,
    __clabNodeDir__: nodeDirectory(topology, node),
    __clabDir__: labDirectory(topology),
    __clabLabName__: topology.name,
  };
  return (text) =>
    text.includes('__clab') ? text.replace(/__clab(?:NodeName|NodeDir|Dir|LabName)__/g, (name) => values[name]!) : text;
}
