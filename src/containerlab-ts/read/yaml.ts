/** Text to values with places, through the `yaml` package. Nothing here knows what a topology is. */
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import { quoted } from '../names.ts';
import type { Report } from './report.ts';
import { type Entry, isNull, type ListValue, type MapValue, type ScalarValue, type Value } from './value.ts';

/** Loaded on first use: who only writes topologies does not wait for a parser. */
const loadYaml = (): typeof Yaml => createRequire(import.meta.url)('yaml') as typeof Yaml;

/** Values that aliases may add to a document. A fabric of 500 nodes needs some thousands; a bomb makes billions. */
const MOST_ALIASED_VALUES = 100_000;
const TOO_DEEP = 'the file nests lists or maps too deeply';
/** Levels of nesting; the format has about eight. */
const DEEPEST = 64;

/** The document's value; undefined where the text is not YAML, and the report says why. An empty document is null. */
export function readYaml(text: string, report: Report): Value | undefined {
  const yaml = loadYaml();
  let document: Document.Parsed;
  try {
    // Keys that repeat are ours to report, with both places; the package would compare each with each.
    document = yaml.parseDocument(text, { prettyErrors: false, uniqueKeys: false, strict: true, logLevel: 'error' });
  } catch (error) {
    report.add(
      0,
      `the file cannot be read as YAML: ${firstLine(error instanceof Error ? error.message : String(error))}`,
    );
    return undefined;
  }
  for (const error of document.errors) report.add(error.pos[0], messageOf(error), remedyOf(error.code));
  if (document.errors.length > 0) return undefined;
  const before = report.problems().length;
  const value = new Conversion(yaml, report).value(document.contents, 0);
  return report.problems().length > before ? undefined : value;
}

function messageOf(error: Yaml.YAMLError): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  if (error.code === 'MULTIPLE_DOCS') return 'a second document starts here';
  return `the file is not valid YAML: ${firstLine(error.message)}`;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/[\s.:]+$/, '');
}

function remedyOf(code: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'A topology nests about eight levels.';
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (code === 'BAD_INDENT' || code === 'MISSING_CHAR')
    return 'Check indentation, brackets and quotes on this line and the one above.';
  if (code === 'MULTIPLE_DOCS') return 'Keep one topology in a file: remove the line "---" and what follows.';
  return 'Correct the line; text with ": ", " #", brackets or braces needs quotes.';
}

/** One walk through a document in its order, so that an alias means the nearest anchor before it. */
class Conversion {
  readonly #yaml: typeof Yaml;
  readonly #report: Report;
  /** Absent: unknown; undefined: still open, so that an alias to it would contain itself. */
  readonly #anchors = new Map<string, Value | undefined>();
  readonly #weights = new WeakMap<Value, number>();
  #aliased = 0;

  constructor(yaml: typeof Yaml, report: Report) {
    this.#yaml = yaml;
    this.#report = report;
  }

  value(node: Node | null | undefined, end: number, depth = 0): Value {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (node === null || node === undefined) return scalar(end, '', null);
    if (isAlias(node)) return this.#alias(node.source, node.range?.[0] ?? end);
    const at = node.range?.[0] ?? end;
    if (depth > DEEPEST) {
      this.#report.add(at, TOO_DEEP, remedyOf('RESOURCE_EXHAUSTION'));
      return scalar(at, '', null);
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const value = isMap(node)
      ? this.#map(node.items as Pair<Node, Node | null>[], at, depth)
      : isSeq(node)
        ? this.#list(node.items as Node[], at, depth)
        : this.#scalar(node as Scalar, at);
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #scalar(node: Scalar, at: number): ScalarValue {
    const { value, source } = node;
    const text = typeof value === 'string' ? value : value === null ? '' : (source ?? String(value));
    if (text.includes('\0'))
      this.#report.add(at, 'this text has a NUL character', 'Remove it: no name, path or command can have one.');
    return scalar(
      at,
      text,
      typeof value === 'bigint' ? Number(value) : typeof value === 'object' ? null : (value as ScalarValue['value']),
    );
  }

  #list(items: readonly (Node | null)[], at: number, depth: number): ListValue {
    const list: ListValue = { kind: 'list', at, items: items.map((item) => this.value(item, at, depth + 1)) };
    this.#weights.set(
      list,
      list.items.reduce((sum, item) => sum + this.#weight(item), 1),
    );
    return list;
  }

  #map(items: readonly Pair<Node, Node | null>[], at: number, depth: number): MapValue {
    const { isAlias, isScalar } = this.#yaml;
    const entries = new Map<string, Entry>();
    const merged: Value[] = [];
    for (const pair of items) {
      const keyAt = pair.key?.range?.[0] ?? at;
      const key = isAlias(pair.key)
        ? this.value(pair.key, keyAt, depth + 1)
        : isScalar(pair.key)
          ? this.#scalar(pair.key, keyAt)
          : undefined;
      const value = this.value(pair.value, pair.key?.range?.[1] ?? keyAt, depth + 1);
      if (key?.kind !== 'scalar' || key.value === null) {
        this.#report.add(keyAt, 'this key is not text', 'Write a name before the colon.');
      } else if (key.text === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merged.push(value);
      } else {
        const first = entries.get(key.text);
        if (first === undefined) entries.set(key.text, { key: key.text, keyAt, value });
        else
          this.#report.add(
            keyAt,
            `${quoted(key.text)} is here twice; the first is on line ${this.#report.position(first.keyAt).line}`,
            'Remove or rename one of them.',
          );
      }
    }
    for (const value of merged) this.#merge(entries, value);
    const map: MapValue = { kind: 'map', at, entries };
    this.#weights.set(
      map,
      [...entries.values()].reduce((sum, entry) => sum + 1 + this.#weight(entry.value), 1),
    );
    return map;
  }

  /** `<<: *base` or `<<: [*a, *b]`: keys that are not there yet, the earlier map first. */
  #merge(entries: Map<string, Entry>, value: Value): void {
    if (isNull(value)) return;
    for (const source of value.kind === 'list' ? value.items : [value]) {
      if (source.kind !== 'map') {
        this.#report.add(
          value.at,
          '"<<" merges maps, and this is none',
          'Give it an alias of a map, or a list of such aliases.',
        );
        continue;
      }
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  #alias(name: string, at: number): Value {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const why = this.#anchors.has(name)
        ? 'refers to something that it is part of'
        : 'refers to an anchor that is not before it';
      this.#report.add(
        at,
        `the alias ${quoted(`*${name}`)} ${why}`,
        `Put "&${name.slice(0, 80)}" on a complete value further up.`,
      );
      return scalar(at, '', null);
    }
    const before = this.#aliased;
    this.#aliased += this.#weight(target);
    if (this.#aliased > MOST_ALIASED_VALUES) {
      // Told once, where it becomes too much: every further alias would repeat it.
      if (before > MOST_ALIASED_VALUES) return scalar(at, '', null);
      this.#report.add(
        at,
        `aliases unfold to more than ${MOST_ALIASED_VALUES} values`,
        'Write the values out, or inherit them from kinds, groups or defaults.',
      );
      return scalar(at, '', null);
    }
    return target;
  }

  #weight(value: Value): number {
    return value.kind === 'scalar' ? 1 : (this.#weights.get(value) ?? 1);
  }
}

function scalar(at: number, text: string, value: ScalarValue['value']): ScalarValue {
  return { kind: 'scalar', at, text, value };
}
