/** What a node inherits: node over group over kind over defaults, merged as the format says for each key. */
import type { Fields } from './shape.ts';
import { type Entry, isEmpty, type Value } from './value.ts';

/** Merged by key, the more specific value winning. */
const BY_KEY: ReadonlySet<string> = new Set(['env', 'labels', 'sysctls', 'tmpfs', 'stages', 'certificate']);
/** Concatenated from the defaults down, exact repetitions dropped. */
const CONCATENATED: ReadonlySet<string> = new Set([
  'exec',
  'binds',
  'volumes',
  'env-files',
  'devices',
  'cap-add',
  'security-opts',
]);
/** Not inherited. */
const NODE_ONLY: ReadonlySet<string> = new Set(['aliases', 'mgmt-ipv4', 'mgmt-ipv6']);
/** Numbers for which zero means that nothing is said. */
const ZERO_IS_EMPTY: ReadonlySet<string> = new Set(['cpu', 'startup-delay']);

/** @param levels the node's own definition first, the defaults last */
export function inherit(levels: readonly Fields[]): Fields {
  const result = new Map<string, Entry>();
  const keys = new Set(levels.flatMap((level) => [...level.keys()]));
  for (const key of keys) {
    const inherited = NODE_ONLY.has(key) ? levels.slice(0, 1) : levels;
    const entries = inherited
      .map((level) => level.get(key))
      .filter((entry) => entry !== undefined && saysSomething(key, entry.value)) as Entry[];
    const [first] = entries;
    if (first === undefined) continue;
    result.set(key, {
      ...first,
      value: merged(
        key,
        entries.map((entry) => entry.value),
      ),
    });
  }
  return result;
}

function saysSomething(key: string, value: Value): boolean {
  return !isEmpty(value) && !(ZERO_IS_EMPTY.has(key) && value.kind === 'scalar' && value.value === 0);
}

/** @param values the most specific first; at least one */
function merged(key: string, values: readonly Value[]): Value {
  const [first] = values as [Value, ...Value[]];
  if (CONCATENATED.has(key)) return concatenated(first, values.toReversed());
  if (BY_KEY.has(key)) return byKey(first, values.toReversed());
  return first;
}

function concatenated(first: Value, fromDefaultsDown: readonly Value[]): Value {
  const items = new Map<string, Value>();
  for (const value of fromDefaultsDown) {
    if (value.kind !== 'list') continue;
    for (const item of value.items) if (item.kind === 'scalar' && !items.has(item.text)) items.set(item.text, item);
  }
  return { kind: 'list', at: first.at, items: [...items.values()] };
}

function byKey(first: Value, fromDefaultsDown: readonly Value[]): Value {
  const entries = new Map<string, Entry>();
  for (const value of fromDefaultsDown) {
    if (value.kind === 'map') for (const [key, entry] of value.entries) entries.set(key, entry);
  }
  return { kind: 'map', at: first.at, entries };
}
