/** Reads EDN, the notation of Clojure's data (github.com/edn-format/edn), in which Jepsen keeps its histories. */
import { InputError } from '../errors.ts';

/** A value read. Keywords are `Symbol.for(':name')`, so that they stay apart from strings; lists and vectors are both arrays. */
export type Edn =
  | null
  | boolean
  | number
  | bigint
  | string
  | symbol
  | readonly Edn[]
  | EdnMap
  | ReadonlySet<Edn>
  | Tagged
  | Name;
export interface EdnMap extends ReadonlyMap<Edn, Edn> {}

/** A tagged element, `#inst "..."`, or a printed record, `#knossos.op.Op{...}`. */
export interface Tagged {
  readonly tag: string;
  readonly value: Edn;
}

/** A bare symbol. */
export interface Name {
  readonly name: string;
}

/** The keyword of a name without its colon. */
export function keyword(name: string): symbol {
  return Symbol.for(`:${name}`);
}

const TOKEN = /[^\s,()[\]{}"; ]+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', b: '\b', f: '\f' };
const CHARACTERS: Readonly<Record<string, string>> = { newline: '\n', space: ' ', tab: '\t', return: '\r' };
const CONSTANTS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ['nil', null],
  ['true', true],
  ['false', false],
  ['##Inf', Number.POSITIVE_INFINITY],
  ['##-Inf', Number.NEGATIVE_INFINITY],
  ['##NaN', Number.NaN],
]);

/**
 * Every top-level value of a text.
 * @throws InputError with the line where the text is not EDN
 */
export function readEdn(text: string): readonly Edn[] {
  let at = 0;

  const refuse = (what: string): never => {
    throw new InputError(`EDN, line ${text.slice(0, at).split('\n').length}: ${what}`);
  };

  /** Passes blanks, comments and discarded values. */
  const skip = (): void => {
    for (;;) {
      const c = text[at];
      if (c === ';') {
        const end = text.indexOf('\n', at);
        at = end === -1 ? text.length : end + 1;
      } else if (c === '#' && text[at + 1] === '_') {
        at += 2;
        value();
      } else if (c === ',' || (c !== undefined && c <= ' ')) at++;
      else return;
    }
  };

  const until = (close: string): Edn[] => {
    at++;
    const items: Edn[] = [];
    for (;;) {
      skip();
      if (at >= text.length) return refuse(`the text ends before ${close}`);
      if (text[at] === close) {
        at++;
        return items;
      }
      items.push(value());
    }
  };

  const string = (): string => {
    let result = '';
    for (at++; ; at++) {
      const c = text[at] ?? refuse('the text ends inside a string');
      if (c === '"') break;
      if (c !== '\\') result += c;
      else if (text[++at] === 'u') {
        result += String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 5), 16));
        at += 4;
      } else result += ESCAPES[text[at]!] ?? refuse(`unknown escape \\${text[at]}`);
    }
    at++;
    return result;
  };

  const token = (): string => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0] ?? refuse(`unexpected ${text[at]}`);
    at += found.length;
    return found;
  };

  function value(): Edn {
    skip();
    const c = text[at];
    if (c === undefined) return refuse('a value is missing at the end');
    if (c === '[') return until(']');
    if (c === '(') return until(')');
    if (c === '{') return mapOf(until('}'));
    if (c === '"') return string();
    if (c === '\\') {
      at++;
      const name = token();
      return CHARACTERS[name] ?? name;
    }
    if (c === '#' && text[at + 1] === '{') {
      at++;
      return new Set(until('}'));
    }
    if (c === '#' && text[at + 1] !== '#') {
      at++;
      const tag = token();
      return { tag, value: value() };
    }
    return atom(token());
  }

  const mapOf = (items: readonly Edn[]): EdnMap => {
    if (items.length % 2 !== 0) return refuse('a map has a key without a value');
    const map = new Map<Edn, Edn>();
    for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
    return map;
  };

  const values: Edn[] = [];
  for (skip(); at < text.length; skip()) values.push(value());
  return values;
}

function atom(token: string): Edn {
  const constant = CONSTANTS.get(token);
  if (constant !== undefined) return constant;
  if (token.startsWith(':')) return Symbol.for(token);
  if (/^[+-]?\d+N?$/.test(token)) {
    const digits = token.replace('N', '');
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : BigInt(digits);
  }
  if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) return Number(token.replace('M', ''));
  return { name: token };
}
