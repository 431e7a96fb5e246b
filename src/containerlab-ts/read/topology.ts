/** From the text of a topology file to the topology that it means, or to all that is wrong with it. */
import { DEFAULT_PREFIX, nameFault, quoted } from '../names.ts';
import type { ReadResult, Setting, Topology } from '../topology.ts';
import { type Environment, expandEnvironment } from '../variables.ts';
import { checkEnds } from './ends.ts';
import { MGMT_KEYS, ROOT_KEYS, TOPOLOGY_KEYS } from './keys.ts';
import { readLinks } from './links.ts';
import { readNodes } from './nodes.ts';
import { type Report, report } from './report.ts';
import { type Fields, fields, textOf } from './shape.ts';
import { isNull, nameOf, plain, type Value } from './value.ts';
import { readYaml } from './yaml.ts';

export interface ReadOptions {
  /** Path of the file: named in places, and relative binds start from its folder. Not opened. */
  readonly file: string;
  /** Values of `${X}`; default: the process's environment. */
  readonly env?: Environment;
}

/**
 * Reads a topology: variables replaced, checked, inheritance applied. Never throws because of the text: all that is wrong
 * with it comes back, each with its place and what to do. Touches no file; see {@link checkBinds} for what binds name.
 *
 * @example
 * const { topology, problems } = readTopology(readFileSync(file, 'utf8'), { file });
 * for (const { message, at, remedy } of problems) console.error(`${at.file}:${at.line}:${at.column}: ${message}. ${remedy}`);
 */
export function readTopology(text: string, options: ReadOptions): ReadResult {
  const expansion = expandEnvironment(text, options.env ?? process.env);
  const found = report(options.file, text, expansion.origin);
  const unclosed = report(options.file, text, (offset) => offset);
  for (const offset of expansion.unclosed)
    unclosed.add(offset, 'nothing closes this "${"', 'Add "}", or write "$$" for a dollar sign.');
  const root = readYaml(expansion.text, found);
  const topology = root === undefined ? undefined : readRoot(root, options.file, found);
  const problems = Object.freeze(
    [...unclosed.problems(), ...found.problems()].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column),
  );
  if (topology === undefined || problems.length > 0) return Object.freeze({ topology: undefined, problems });
  return Object.freeze({ topology, problems: Object.freeze([] as const) });
}

function readRoot(root: Value, file: string, found: Report): Topology | undefined {
  if (root.kind !== 'map' || !root.entries.has('topology')) {
    const what = isNull(root)
      ? 'the file is empty'
      : root.kind === 'map'
        ? 'the file has no "topology"'
        : `the file is ${nameOf(root)}, not a topology`;
    found.add(root.at, what, 'A topology starts with "name: <lab>" and "topology:", with "nodes:" and "links:" below.');
    return undefined;
  }
  const top = fields(root, ROOT_KEYS, 'the file', found);
  const name = readName(top, root.at, found);
  const prefix = readPrefix(top, found);
  fields(top.get('mgmt')?.value, MGMT_KEYS, '"mgmt"', found);
  const within = root.entries.get('topology')!;
  // Something else than a map is reported already.
  if (within.value.kind !== 'map' && !isNull(within.value)) return undefined;
  const topology = fields(within.value, TOPOLOGY_KEYS, '"topology"', found);
  const nodes = readNodes(topology, within.keyAt, { name, file }, found);
  const links = readLinks(topology.get('links')?.value, found);
  checkEnds(links, nodes, found);
  const other = settings(top, found);
  return Object.freeze({
    name,
    prefix,
    file,
    nodes,
    links: Object.freeze(links.map(({ link }) => link)),
    ...(other.length > 0 ? { other } : {}),
  });
}

function readName(top: Fields, at: number, found: Report): string {
  const name = textOf(top, 'name');
  const entry = top.get('name');
  const fault = nameFault(name);
  if (entry === undefined) found.add(at, 'the lab has no name', 'Add a line "name: <lab>" at the top.');
  else if (fault !== undefined)
    found.add(
      entry.value.at,
      `the lab name ${quoted(name)} ${fault}`,
      'Rename it: letters, digits, ".", "_" and "-", starting with a letter or digit, at most 63 characters.',
    );
  return name;
}

/** `prefix: ""` means something; a prefix that is not there is the default. */
function readPrefix(top: Fields, found: Report): string {
  const entry = top.get('prefix');
  if (entry === undefined) return DEFAULT_PREFIX;
  const prefix = textOf(top, 'prefix');
  const fault = prefix === '' || prefix === '__lab-name' ? undefined : nameFault(prefix);
  if (fault !== undefined)
    found.add(
      entry.value.at,
      `the prefix ${quoted(prefix)} ${fault}`,
      'Write a name, "" for none, or __lab-name for the lab\'s.',
    );
  return prefix;
}

function settings(top: Fields, found: Report): readonly Setting[] {
  const others = ['mgmt', 'settings', 'debug'].map((key) => top.get(key)).filter((entry) => entry !== undefined);
  return Object.freeze(
    others.map((entry) =>
      Object.freeze({ key: entry.key, value: plain(entry.value), at: found.position(entry.keyAt) }),
    ),
  );
}
