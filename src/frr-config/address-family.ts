/** `address-family ipv4|ipv6 unicast` of `router bgp`. */
import type { Block, Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, integer, readFields, writeFields } from './field.ts';
import type { AddressFamily, AddressFamilyPeer, BgpConfig } from './model.ts';
import { type Family, isPrefix } from './prefix.ts';

const f = fieldsOf<AddressFamilyPeer>();
/** In the order in which FRR prints them. */
const fields: readonly Field<AddressFamilyPeer>[] = [
  f.flag('activate', 'activate'),
  f.flag('nextHopSelf', 'next-hop-self'),
  f.flag('softReconfigurationInbound', 'soft-reconfiguration inbound'),
  f.integer('allowasIn', 'allowas-in', 1, 10, 3),
  f.word('prefixListIn', 'prefix-list', undefined, 'in'),
  f.word('prefixListOut', 'prefix-list', undefined, 'out'),
  f.word('routeMapIn', 'route-map', undefined, 'in'),
  f.word('routeMapOut', 'route-map', undefined, 'out'),
];

const keys = { ipv4: 'ipv4Unicast', ipv6: 'ipv6Unicast' } as const;

/** Opens the block of a family. */
export function addressFamilyBlock(bgp: Draft<BgpConfig>, bgpPath: string, family: Family): Block {
  bgp[keys[family]] ??= {};
  return {
    opener: `address-family ${family} unicast`,
    path: `${bgpPath}/${keys[family]}`,
    read: (statement) => readInFamily(bgp, bgpPath, family, statement),
  };
}

/** Takes a statement of a family; those of IPv4 may also stand in the BGP node itself. */
export function readInFamily(bgp: Draft<BgpConfig>, bgpPath: string, family: Family, statement: Statement): boolean {
  const target = bgp[keys[family]] ?? {};
  const path = `${bgpPath}/${keys[family]}`;
  const place = read(target, family, statement);
  if (place === undefined) return false;
  bgp[keys[family]] = target;
  statement.begin(path);
  statement.mark(`${path}/${place}`);
  return true;
}

/** @returns the path below the family, undefined where the statement is not known */
function read(target: Draft<AddressFamily>, family: Family, { words, no }: Statement): string | undefined {
  const [first, subject] = words;
  if (first === 'neighbor' && subject !== undefined) return readPeer(target, subject, words.slice(2), no);
  if (no || subject === undefined) return undefined;
  if (first === 'maximum-paths' && words.length === 2) {
    const value = integer(subject, 1, 256);
    if (value !== undefined) target.maximumPaths = value;
    return value === undefined ? undefined : 'maximumPaths';
  }
  const routeMap = words.length === 4 && words[2] === 'route-map' ? { routeMap: words[3]! } : {};
  if (words.length !== 2 && routeMap.routeMap === undefined) return undefined;
  if (first === 'network' && isPrefix(subject, family)) {
    target.networks ??= [];
    const networks = target.networks;
    return `networks/${put(networks, (other) => other.prefix === subject, { prefix: subject, ...routeMap })}`;
  }
  if (first === 'redistribute') {
    target.redistribute ??= [];
    const sources = target.redistribute;
    return `redistribute/${put(sources, (other) => other.protocol === subject, { protocol: subject, ...routeMap })}`;
  }
  return undefined;
}

function readPeer(
  target: Draft<AddressFamily>,
  name: string,
  rest: readonly string[],
  no: boolean,
): string | undefined {
  const peers = target.neighbors ?? [];
  let index = peers.findIndex((peer) => peer.name === name);
  const peer = peers[index] ?? { name };
  const key = readFields(fields, peer, rest, no);
  if (key === undefined) return undefined;
  if (index === -1) index = peers.push(peer) - 1;
  target.neighbors = peers;
  return `neighbors/${index}/${key}`;
}

/** Replaces the item that a later statement restates, or adds it; returns its place. */
function put<T>(list: T[], same: (other: T) => boolean, item: T): number {
  const found = list.findIndex(same);
  if (found === -1) return list.push(item) - 1;
  list[found] = item;
  return found;
}

export function writeFamilies(bgp: BgpConfig, bgpPath: string): Written[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const source = bgp[keys[family]];
    const path = `${bgpPath}/${keys[family]}`;
    return source === undefined
      ? []
      : [
          {
            path,
            text: `address-family ${family} unicast`,
            lines: writeFamily(source, path),
            bang: 'before' as const,
            close: 'exit-address-family',
          },
        ];
  });
}

function writeFamily(source: AddressFamily, path: string): Written[] {
  const via = (routeMap: string | undefined) => (routeMap === undefined ? '' : ` route-map ${routeMap}`);
  return [
    ...(source.networks ?? []).map(({ prefix, routeMap }, i) => ({
      path: `${path}/networks/${i}`,
      text: `network ${prefix}${via(routeMap)}`,
    })),
    ...(source.redistribute ?? []).map(({ protocol, routeMap }, i) => ({
      path: `${path}/redistribute/${i}`,
      text: `redistribute ${protocol}${via(routeMap)}`,
    })),
    ...(source.neighbors ?? []).flatMap((peer, i) =>
      writeFields(fields, peer, `${path}/neighbors/${i}`, `neighbor ${peer.name} `),
    ),
    ...(source.maximumPaths === undefined
      ? []
      : [{ path: `${path}/maximumPaths`, text: `maximum-paths ${source.maximumPaths}` }]),
  ];
}
