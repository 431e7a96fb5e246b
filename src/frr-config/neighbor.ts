/** `neighbor X ...` of `router bgp`: neighbours and peer-groups. */
import type { Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, integer, readFields, writeFields } from './field.ts';
import type { BgpConfig, BgpNeighbor, BgpPeer, RemoteAs } from './model.ts';
import { familyOf } from './prefix.ts';

const f = fieldsOf<BgpPeer>();
/** In the order in which FRR prints them. */
const fields: readonly Field<BgpPeer>[] = [
  f.text('description', 'description'),
  f.flag('shutdown', 'shutdown'),
  f.flag('bfd', 'bfd'),
  f.word('bfdProfile', 'bfd profile'),
  f.text('password', 'password'),
  f.flag('passive', 'passive'),
  f.integer('ebgpMultihop', 'ebgp-multihop', 1, 255, 255),
  f.word('updateSource', 'update-source'),
  f.integer('advertisementInterval', 'advertisement-interval', 0, 600),
  f.timers('timers', 'timers'),
  f.integer('connectTimer', 'timers connect', 1, 65535),
  f.flag('extendedNexthop', 'capability extended-nexthop'),
];

/** Takes a `neighbor` statement of the BGP node. */
export function readNeighbor(bgp: Draft<BgpConfig>, path: string, statement: Statement): boolean {
  const { words, no, mark, begin } = statement;
  const name = words[1];
  if (words[0] !== 'neighbor' || name === undefined || words.length < 3) return false;
  const rest = words.slice(2);
  const found = find(bgp, name);

  if (rest[0] === 'peer-group' && rest.length === 1 && !no && found === undefined && familyOf(name) === undefined) {
    bgp.peerGroups ??= [];
    const groups = bgp.peerGroups;
    begin(`${path}/peerGroups/${groups.push({ name }) - 1}`);
    return true;
  }
  if (found?.list === 'peerGroups') {
    if (rest[0] === 'peer-group' && rest.length === 1 && !no) return true;
    const group = bgp.peerGroups![found.index]!;
    const key = readRemoteAs(group, rest, no) ?? readFields(fields, group, rest, no);
    if (key !== undefined) mark(`${path}/peerGroups/${found.index}/${key}`);
    return key !== undefined;
  }

  // FRR refuses a name that is neither an address nor declared; such a line is not ours to interpret.
  const declares = rest[0] === 'interface' && !no;
  if (found === undefined && familyOf(name) === undefined && !declares) return false;
  const neighbor: Draft<BgpNeighbor> = found === undefined ? { name } : bgp.neighbors![found.index]!;
  const keys = declares ? readInterface(neighbor, rest.slice(1)) : readOne(neighbor, rest, no);
  if (keys === undefined) return false;
  bgp.neighbors ??= [];
  const index = found?.index ?? bgp.neighbors.push(neighbor) - 1;
  begin(`${path}/neighbors/${index}`);
  for (const key of keys) mark(`${path}/neighbors/${index}/${key}`);
  return true;
}

function find(bgp: Draft<BgpConfig>, name: string): { list: 'peerGroups' | 'neighbors'; index: number } | undefined {
  for (const list of ['peerGroups', 'neighbors'] as const) {
    const index = bgp[list]?.findIndex((peer) => peer.name === name) ?? -1;
    if (index !== -1) return { list, index };
  }
  return undefined;
}

/** `interface [v6only] [peer-group G | remote-as A]`. */
function readInterface(neighbor: Draft<BgpNeighbor>, rest: string[]): string[] | undefined {
  if (familyOf(neighbor.name) !== undefined) return undefined;
  const keys = ['byInterface'];
  const v6only = rest[0] === 'v6only';
  if (v6only) keys.push(rest.shift()!);
  if (rest.length > 0) {
    const inner = readGroup(neighbor, rest) ?? readRemoteAs(neighbor, rest, false);
    if (inner === undefined) return undefined;
    keys.push(inner);
  }
  neighbor.byInterface = true;
  if (v6only) neighbor.v6only = true;
  return keys;
}

function readOne(neighbor: Draft<BgpNeighbor>, rest: readonly string[], no: boolean): string[] | undefined {
  const key = no
    ? readFields(fields, neighbor, rest, no)
    : (readGroup(neighbor, rest) ?? readRemoteAs(neighbor, rest, no) ?? readFields(fields, neighbor, rest, no));
  return key === undefined ? undefined : [key];
}

function readGroup(neighbor: Draft<BgpNeighbor>, words: readonly string[]): string | undefined {
  if (words[0] !== 'peer-group' || words.length !== 2) return undefined;
  neighbor.peerGroup = words[1]!;
  return 'peerGroup';
}

function readRemoteAs(peer: Draft<BgpPeer>, words: readonly string[], no: boolean): string | undefined {
  if (no || words[0] !== 'remote-as' || words.length !== 2) return undefined;
  const word = words[1];
  const value: RemoteAs | undefined =
    word === 'external' || word === 'internal' ? word : integer(word, 1, 4_294_967_295);
  if (value === undefined) return undefined;
  peer.remoteAs = value;
  return 'remoteAs';
}

export function writePeers(bgp: BgpConfig, path: string): Written[] {
  return [
    ...(bgp.peerGroups ?? []).flatMap((group, i) => writeGroup(group, `${path}/peerGroups/${i}`)),
    ...(bgp.neighbors ?? []).flatMap((neighbor, i) => writeNeighbor(neighbor, `${path}/neighbors/${i}`)),
  ];
}

function writeGroup(group: BgpPeer, path: string): Written[] {
  const prefix = `neighbor ${group.name} `;
  const lines: Written[] = [{ path, text: `${prefix}peer-group` }];
  if (group.remoteAs !== undefined)
    lines.push({ path: `${path}/remoteAs`, text: `${prefix}remote-as ${group.remoteAs}` });
  return [...lines, ...writeFields(fields, group, path, prefix)];
}

function writeNeighbor(neighbor: BgpNeighbor, path: string): Written[] {
  const prefix = `neighbor ${neighbor.name} `;
  const remoteAs = neighbor.remoteAs === undefined ? [] : [`remote-as ${neighbor.remoteAs}`];
  const group = neighbor.peerGroup === undefined ? [] : [`peer-group ${neighbor.peerGroup}`];
  // What stands on the line of an interface, and what must follow it; an address gets its ASN before its group, as FRR demands.
  let statements = [...remoteAs, ...group];
  if (neighbor.byInterface) {
    const [first, ...after] = [...group, ...remoteAs];
    const words = ['interface', neighbor.v6only ? 'v6only' : undefined, first];
    statements = [words.filter((word) => word !== undefined).join(' '), ...after];
  }
  return [...statements.map((text) => ({ path, text: prefix + text })), ...writeFields(fields, neighbor, path, prefix)];
}
