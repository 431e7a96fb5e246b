/** A YAML document as the reader sees it: aliases and merge keys resolved, every value with its place. */

import { quoted } from '../names.ts';

export type Value = ScalarValue | ListValue | MapValue;

export interface ScalarValue {
  readonly kind: 'scalar';
  /** Offset in the text. */
  readonly at: number;
  /** As containerlab reads it where it wants text: `1.10` stays `1.10`. */
  readonly text: string;
  readonly value: string | number | boolean | null;
}

export interface ListValue {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Value[];
}

export interface MapValue {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: string;
  readonly keyAt: number;
  readonly value: Value;
}

export function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** Whether inheritance looks further: nothing, empty text, an empty list, an empty map. */
export function isEmpty(value: Value): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind === 'map') return value.entries.size === 0;
  return value.value === null || value.text === '';
}

/** What a value is, for messages. */
export function nameOf(value: Value): string {
  if (value.kind !== 'scalar') return value.kind === 'list' ? 'a list' : 'a map';
  if (value.value === null) return 'empty';
  return `the ${typeof value.value === 'string' ? 'text' : typeof value.value} ${quoted(value.text)}`;
}

/** The value without places; `replace` is applied to every text. */
export function plain(value: Value, replace: (text: string) => string = (text) => text): unknown {
  if (value.kind === 'scalar') return typeof value.value === 'string' ? replace(value.value) : value.value;
  if (value.kind === 'list') return Object.freeze(value.items.map((item) => plain(item, replace)));
  const pairs = [...value.entries.values()].map((entry): [string, unknown] => [entry.key, plain(entry.value, replace)]);
  return Object.freeze(Object.fromEntries(pairs));
}
