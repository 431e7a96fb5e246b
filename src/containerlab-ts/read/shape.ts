/** Checks that maps have the keys that the format knows, holding what it wants there. */
import { nearest, quoted } from '../names.ts';
import type { Keys, Shape } from './keys.ts';
import type { Report } from './report.ts';
import { type Entry, isNull, nameOf, type Value } from './value.ts';

/** The entries of a map that are there and sound. What is not is reported and left out. */
export type Fields = ReadonlyMap<string, Entry>;

const NOTHING: Fields = new Map();

/** @param what names the map in messages, such as `node "leaf-1"` */
export function fields(value: Value | undefined, keys: Keys, what: string, report: Report): Fields {
  if (value === undefined || isNull(value)) return NOTHING;
  if (value.kind !== 'map') {
    report.add(
      value.at,
      `${what} must be a map, and is ${nameOf(value)}`,
      'Write "key: value" lines, indented below it.',
    );
    return NOTHING;
  }
  const sound = new Map<string, Entry>();
  for (const entry of value.entries.values()) {
    const shape = Object.hasOwn(keys, entry.key) ? keys[entry.key] : undefined;
    if (shape === undefined) unknownKey(entry, keys, what, report);
    else if (!isNull(entry.value) && holds(entry.value, shape, `"${entry.key}" of ${what}`, report))
      sound.set(entry.key, entry);
  }
  return sound;
}

function unknownKey(entry: Entry, keys: Keys, what: string, report: Report): void {
  const meant = nearest(entry.key, Object.keys(keys));
  const remedy =
    meant === undefined ? `Known here: ${Object.keys(keys).sort().join(', ')}.` : `Did you mean "${meant}"?`;
  report.add(entry.keyAt, `${what} has an unknown key ${quoted(entry.key)}`, remedy);
}

const WANTED: Readonly<Record<Shape, string>> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  texts: 'a list of texts',
  textMap: 'a map of names to texts',
  list: 'a list',
  map: 'a map',
  any: 'anything',
};

const REMEDY: Readonly<Record<Shape, string>> = {
  text: 'Write one value behind the colon, in quotes where it has special characters.',
  number: 'Write a number without quotes.',
  integer: 'Write a whole number without quotes.',
  boolean: 'Write true or false.',
  texts: 'Write one "- text" line for each, in quotes where it has ": " or starts with a special character.',
  textMap: 'Write one "name: value" line for each.',
  list: 'Write one "- " line for each.',
  map: 'Write "key: value" lines, indented below it.',
  any: '',
};

/** Whether a value has a shape; where not, says where. */
function holds(value: Value, shape: Shape, what: string, report: Report): boolean {
  const wrong = misfit(value, shape);
  if (wrong !== undefined)
    report.add(
      wrong.at,
      `${what} must be ${WANTED[shape]}, and ${wrong === value ? 'is' : 'holds'} ${nameOf(wrong)}`,
      REMEDY[shape],
    );
  return wrong === undefined;
}

/** The first part of a value that does not fit a shape. */
function misfit(value: Value, shape: Shape): Value | undefined {
  const fit = (good: boolean) => (good ? undefined : value);
  switch (shape) {
    case 'any':
      return undefined;
    case 'text':
      return fit(value.kind === 'scalar');
    case 'number':
      return fit(value.kind === 'scalar' && typeof value.value === 'number' && Number.isFinite(value.value));
    case 'integer':
      return fit(value.kind === 'scalar' && Number.isSafeInteger(value.value));
    case 'boolean':
      return fit(
        value.kind === 'scalar' && (typeof value.value === 'boolean' || /^(yes|no|on|off)$/i.test(value.text)),
      );
    case 'texts':
      if (value.kind !== 'list') return value;
      return value.items.find((item) => item.kind !== 'scalar' || item.value === null);
    case 'textMap':
      if (value.kind !== 'map') return value;
      return [...value.entries.values()].find((entry) => entry.value.kind !== 'scalar')?.value;
    case 'list':
      return fit(value.kind === 'list');
    case 'map':
      return fit(value.kind === 'map');
  }
}

/** Text of a field; empty where it is not there. */
export function textOf(of: Fields, key: string): string {
  const value = of.get(key)?.value;
  return value?.kind === 'scalar' ? value.text : '';
}

/** Number of a field; undefined where it is not there. */
export function numberOf(of: Fields, key: string): number | undefined {
  const value = of.get(key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined;
}
