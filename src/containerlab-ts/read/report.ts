/** Collects problems with their places, so that a reader sees all of them at once. */
import type { Position, Problem } from '../topology.ts';

/** Where offsets of the text that is read lie in the file. */
export interface Report {
  position(offset: number): Position;
  /** Says each thing once, however many nodes inherit it. */
  add(offset: number, message: string, remedy?: string): void;
  /** In the order of the file. */
  problems(): readonly Problem[];
}

/** @param origin maps an offset of the text that is parsed to one of the file's text */
export function report(file: string, text: string, origin: (offset: number) => number): Report {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const found = new Map<string, Problem>();
  const position = (offset: number): Position => {
    const at = Math.max(0, Math.min(origin(offset), text.length));
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return Object.freeze({ file, line: low + 1, column: at - starts[low]! + 1 });
  };
  return {
    position,
    add(offset, message, remedy = '') {
      const at = position(offset);
      const key = `${at.line}:${at.column}:${message}`;
      if (!found.has(key))
        found.set(key, Object.freeze({ message: printable(message), at, remedy: printable(remedy) }));
    },
    problems() {
      const all = [...found.values()];
      return all.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
    },
  };
}

/** Characters of a message; the YAML parser may quote half a file. */
const LONGEST = 300;

/** What stands in a file must not fill or steer the terminal that shows it. */
function printable(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return short.replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
}
