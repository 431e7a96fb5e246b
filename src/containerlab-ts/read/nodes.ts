/** Nodes with all that they inherit. */
import { isKnownKind, knownKinds } from '../kinds.ts';
import { nameFault, nearest, quoted, SPECIAL_NODES } from '../names.ts';
import { parseSize } from '../sizes.ts';
import type { Setting, TopologyNode } from '../topology.ts';
import { magicVariables } from '../variables.ts';
import { readBinds } from './binds.ts';
import { inherit } from './inherit.ts';
import { NODE_KEYS } from './keys.ts';
import type { Report } from './report.ts';
import { type Fields, fields, numberOf, textOf } from './shape.ts';
import { type Entry, plain, type Value } from './value.ts';

/** Definitions that nodes inherit from, checked. */
interface Ancestors {
  readonly defaults: Fields;
  readonly kinds: ReadonlyMap<string, Fields>;
  readonly groups: ReadonlyMap<string, Fields>;
}

/** Keys that {@link TopologyNode} models; the rest is kept as settings. */
const MODELLED: ReadonlySet<string> = new Set(
  'kind group image cmd entrypoint binds env labels sysctls exec cpu memory startup-delay network-mode'.split(' '),
);

const NAME_REMEDY =
  'Rename it: letters, digits, ".", "_" and "-", starting with a letter or digit, at most 63 characters.';

/** @param lab what magic variables need: the lab's name and its file */
export function readNodes(
  topology: Fields,
  topologyAt: number,
  lab: { readonly name: string; readonly file: string },
  report: Report,
): readonly TopologyNode[] {
  const ancestors: Ancestors = {
    defaults: fields(topology.get('defaults')?.value, NODE_KEYS, '"defaults"', report),
    kinds: definitions(topology.get('kinds')?.value, 'kind', report),
    groups: definitions(topology.get('groups')?.value, 'group', report),
  };
  for (const [kind] of ancestors.kinds) {
    if (!isKnownKind(kind)) unknownKind(kind, keyAt(topology.get('kinds')?.value, kind), report);
  }
  const nodes = topology.get('nodes');
  if (nodes?.value.kind !== 'map' || nodes.value.entries.size === 0) {
    report.add(
      nodes?.keyAt ?? topologyAt,
      'the topology has no nodes',
      'Write them below "nodes:", such as "r1: {kind: linux, image: frrouting/frr}".',
    );
    return [];
  }
  return Object.freeze([...nodes.value.entries.values()].map((entry) => readNode(entry, ancestors, lab, report)));
}

function definitions(value: Value | undefined, what: string, report: Report): ReadonlyMap<string, Fields> {
  const entries = value?.kind === 'map' ? [...value.entries.values()] : [];
  return new Map(
    entries.map((entry) => [entry.key, fields(entry.value, NODE_KEYS, `${what} ${quoted(entry.key)}`, report)]),
  );
}

function keyAt(value: Value | undefined, key: string): number {
  return (value?.kind === 'map' ? value.entries.get(key)?.keyAt : undefined) ?? 0;
}

function readNode(
  entry: Entry,
  ancestors: Ancestors,
  lab: { readonly name: string; readonly file: string },
  report: Report,
): TopologyNode {
  const name = entry.key;
  const fault = nameFault(name);
  if (fault !== undefined) report.add(entry.keyAt, `the node name ${quoted(name)} ${fault}`, NAME_REMEDY);
  else if (SPECIAL_NODES.has(name))
    report.add(entry.keyAt, `the node name ${quoted(name)} means something else at a link's end`, 'Rename the node.');
  const own = fields(entry.value, NODE_KEYS, `node ${quoted(name)}`, report);
  const { kind, group } = kindAndGroup(own, ancestors);
  checkKind(kind, group, own, entry, ancestors, report);
  const inherited = inherit(
    [own, ancestors.groups.get(group), ancestors.kinds.get(kind), ancestors.defaults].filter(
      (level) => level !== undefined,
    ),
  );
  const magic = magicVariables(lab, name);
  const other = settings(inherited, magic, report);
  return Object.freeze({
    name,
    kind,
    group,
    image: magic(textOf(inherited, 'image')),
    cmd: magic(textOf(inherited, 'cmd')),
    entrypoint: magic(textOf(inherited, 'entrypoint')),
    binds: readBinds(inherited.get('binds')?.value, lab.file, magic, report),
    env: texts(inherited.get('env'), magic, checkVariable, report),
    labels: texts(inherited.get('labels'), magic, undefined, report),
    sysctls: texts(inherited.get('sysctls'), magic, checkSysctl, report),
    exec: Object.freeze(list(inherited.get('exec')).map(magic)),
    cpu: positive(inherited, 'cpu', 'a number of processors such as 0.5', report),
    memory: memory(inherited, report),
    startupDelay: positive(inherited, 'startup-delay', 'a number of seconds', report),
    networkMode: networkMode(inherited, report),
    at: report.position(entry.keyAt),
    ...(other.length > 0 ? { other } : {}),
  });
}

/** A kind may come from the group, and a group from the kind; what is more specific decides first. */
function kindAndGroup(
  own: Fields,
  { defaults, kinds, groups }: Ancestors,
): { readonly kind: string; readonly group: string } {
  const named = groups.get(textOf(own, 'group') || textOf(defaults, 'group'));
  const kind = textOf(own, 'kind') || (named === undefined ? '' : textOf(named, 'kind')) || textOf(defaults, 'kind');
  const ofKind = kinds.get(kind);
  const group =
    textOf(own, 'group') || (ofKind === undefined ? '' : textOf(ofKind, 'group')) || textOf(defaults, 'group');
  return { kind, group };
}

/** A group that is not defined is a label, which is all right, unless the node's kind should have come from it. */
function checkKind(kind: string, group: string, own: Fields, node: Entry, ancestors: Ancestors, report: Report): void {
  if (kind !== '') {
    const says = own.get('kind') ?? ancestors.groups.get(group)?.get('kind') ?? ancestors.defaults.get('kind');
    if (!isKnownKind(kind)) unknownKind(kind, says?.value.at ?? node.keyAt, report);
    return;
  }
  if (group !== '' && !ancestors.groups.has(group)) {
    const meant = nearest(group, ancestors.groups.keys());
    const remedy =
      meant === undefined ? 'Define the group below "groups:", or give the node a kind.' : `Did you mean "${meant}"?`;
    report.add(
      own.get('group')?.value.at ?? node.keyAt,
      `node ${quoted(node.key)} has no kind, and its group ${quoted(group)} is not defined`,
      remedy,
    );
  } else {
    report.add(
      node.keyAt,
      `node ${quoted(node.key)} has no kind`,
      'Write "kind: linux" in the node, its group or the defaults.',
    );
  }
}

function unknownKind(kind: string, at: number, report: Report): void {
  const meant = nearest(kind, knownKinds);
  report.add(
    at,
    `containerlab knows no kind ${quoted(kind)}`,
    meant === undefined ? 'Most nodes are of kind "linux".' : `Did you mean "${meant}"?`,
  );
}

function list(entry: Entry | undefined): readonly string[] {
  return entry?.value.kind === 'list' ? entry.value.items.map((item) => (item.kind === 'scalar' ? item.text : '')) : [];
}

type Check = (name: string, at: number, report: Report) => void;

function texts(
  entry: Entry | undefined,
  magic: (text: string) => string,
  check: Check | undefined,
  report: Report,
): Readonly<Record<string, string>> {
  const pairs: [string, string][] = [];
  for (const { key, keyAt: at, value } of entry?.value.kind === 'map' ? entry.value.entries.values() : []) {
    check?.(key, at, report);
    pairs.push([key, value.kind === 'scalar' ? magic(value.text) : '']);
  }
  return Object.freeze(Object.fromEntries(pairs));
}

const checkVariable: Check = (name, at, report) => {
  if (name === '' || /[=\p{Cc}]/u.test(name))
    report.add(
      at,
      `${quoted(name)} cannot be the name of an environment variable`,
      'Remove "=" and control characters.',
    );
};

/** A sysctl is a path below `/proc/sys` whose slashes are dots; nothing in it may lead elsewhere. */
const checkSysctl: Check = (name, at, report) => {
  if (!/^[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*$/.test(name))
    report.add(
      at,
      `${quoted(name)} is not the name of a sysctl`,
      'Write it as sysctl does, such as "net.ipv4.ip_forward".',
    );
};

function positive(of: Fields, key: string, wanted: string, report: Report): number {
  const value = numberOf(of, key) ?? 0;
  if (value < 0) report.add(of.get(key)!.value.at, `"${key}: ${value}" is negative`, `Write ${wanted}, or 0 for none.`);
  return Math.max(0, value);
}

function memory(of: Fields, report: Report): number {
  const text = textOf(of, 'memory');
  const bytes = text === '' ? 0 : parseSize(text);
  if (bytes === undefined)
    report.add(
      of.get('memory')!.value.at,
      `"memory: ${quoted(text).slice(1, -1)}" is not a size`,
      'Write a number and a unit, such as 512mb or 1GiB.',
    );
  return bytes ?? 0;
}

function networkMode(of: Fields, report: Report): string {
  const text = textOf(of, 'network-mode');
  if (!/^(|bridge|host|none|container:\S+)$/.test(text))
    report.add(
      of.get('network-mode')!.value.at,
      `"network-mode" cannot be ${quoted(text)}`,
      'Write none, host, bridge or container:<name>.',
    );
  return text;
}

function settings(of: Fields, magic: (text: string) => string, report: Report): readonly Setting[] {
  // By name, so that the order of lines in the file means nothing.
  const others = [...of.values()].filter((entry) => !MODELLED.has(entry.key)).sort((a, b) => (a.key < b.key ? -1 : 1));
  return Object.freeze(
    others.map((entry) =>
      Object.freeze({ key: entry.key, value: plain(entry.value, magic), at: report.position(entry.keyAt) }),
    ),
  );
}
