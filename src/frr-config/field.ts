/** Statements of one value each: their text and their model field, described once for both directions. */
import type { Written } from './block.ts';
import type { Draft } from './draft.ts';

/** A field of `T` and the statement that sets it. */
export interface Field<T> {
  readonly key: keyof T & string;
  /** Its fixed words, and the same as one text. */
  readonly phrase: readonly string[];
  readonly text: string;
  /** The value of the words after the phrase, or undefined where they are not this statement. */
  readonly read: (rest: readonly string[], no: boolean) => unknown;
  /** The words after the phrase; `no` puts that word in front of the line. */
  readonly write: (value: never) => { readonly text: string; readonly no?: boolean };
}

type KeysOf<T, V> = { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T] & string;

/** Keepalive and hold time in seconds. */
export interface Timers {
  readonly keepalive: number;
  readonly hold: number;
}

/** Makers of the fields of `T`. A phrase is the statement's fixed words. */
export function fieldsOf<T>() {
  return {
    /** On with the phrase, off with `no` before it; `inverted` turns that round. */
    flag(key: KeysOf<T, boolean>, phrase: string, inverted = false): Field<T> {
      return {
        key,
        ...fixed(phrase),
        read: (rest, no) => (rest.length === 0 ? no === inverted : undefined),
        write: (value: boolean) => ({ text: '', no: value === inverted }),
      };
    },
    /** One whole number; with `bare`, the phrase alone stands for that value. */
    integer(key: KeysOf<T, number>, phrase: string, min: number, max: number, bare?: number): Field<T> {
      return {
        key,
        ...fixed(phrase),
        read: (rest, no) => {
          if (no) return undefined;
          if (rest.length === 0) return bare;
          return rest.length === 1 ? integer(rest[0], min, max) : undefined;
        },
        write: (value: number) => ({ text: value === bare ? '' : String(value) }),
      };
    },
    /** One word, if `accept` has nothing against it. */
    word(key: KeysOf<T, string>, phrase: string, accept: (word: string) => boolean = () => true, after = ''): Field<T> {
      const tail = after === '' ? 0 : 1;
      return {
        key,
        ...fixed(phrase),
        read: (rest, no) => {
          if (no || rest.length !== 1 + tail || (tail === 1 && rest[1] !== after)) return undefined;
          return accept(rest[0]!) ? rest[0] : undefined;
        },
        write: (value: string) => ({ text: tail === 1 ? `${value} ${after}` : value }),
      };
    },
    /** The rest of the line, at least one word. */
    text(key: KeysOf<T, string>, phrase: string): Field<T> {
      return {
        key,
        ...fixed(phrase),
        read: (rest, no) => (no || rest.length === 0 ? undefined : rest.join(' ')),
        write: (value: string) => ({ text: value }),
      };
    },
    /** `KEEPALIVE HOLD`, seconds. */
    timers(key: KeysOf<T, Timers>, phrase: string): Field<T> {
      return {
        key,
        ...fixed(phrase),
        read: (rest, no) => {
          const keepalive = integer(rest[0], 0, 65535);
          const hold = integer(rest[1], 0, 65535);
          return no || rest.length !== 2 || keepalive === undefined || hold === undefined
            ? undefined
            : { keepalive, hold };
        },
        write: (value: Timers) => ({ text: `${value.keepalive} ${value.hold}` }),
      };
    },
  };
}

/** The fixed words of a statement, as a field has them. */
export function fixed(phrase: string): { readonly phrase: readonly string[]; readonly text: string } {
  return { phrase: phrase.split(' '), text: phrase };
}

/** A whole number within bounds, or undefined. */
export function integer(word: string | undefined, min: number, max: number): number | undefined {
  if (word === undefined || !/^\d{1,10}$/.test(word)) return undefined;
  const value = Number(word);
  return value >= min && value <= max ? value : undefined;
}

/** Sets the field that the words belong to and says which; undefined where they belong to none. */
export function readFields<T>(
  fields: readonly Field<T>[],
  target: Draft<T>,
  words: readonly string[],
  no: boolean,
): (keyof T & string) | undefined {
  for (const field of fields) {
    const { phrase } = field;
    if (words[0] !== phrase[0] || !phrase.every((word, i) => words[i] === word)) continue;
    const value = field.read(words.slice(phrase.length), no);
    if (value === undefined) continue;
    (target as Record<string, unknown>)[field.key] = value;
    return field.key;
  }
  return undefined;
}

/** The lines of the fields that `source` has, in the order of the table; `prefix` follows a `no`. */
export function writeFields<T>(fields: readonly Field<T>[], source: T, path: string, prefix = ''): Written[] {
  const lines: Written[] = [];
  for (const field of fields) {
    const value = source[field.key];
    if (value === undefined) continue;
    const { text, no } = field.write(value as never);
    const body = text === '' ? field.text : `${field.text} ${text}`;
    lines.push({ path: `${path}/${field.key}`, text: `${no ? 'no ' : ''}${prefix}${body}` });
  }
  return lines;
}
