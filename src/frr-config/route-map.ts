/** `route-map NAME permit|deny SEQ`, and `ip protocol P route-map NAME`, by which zebra applies one. */
import type { Block, Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, fixed, integer, readFields, writeFields } from './field.ts';
import type { FrrConfig, RouteMapEntry } from './model.ts';
import { familyOf, familyOfKeyword, keyword } from './prefix.ts';

const f = fieldsOf<RouteMapEntry>();
const asPathPrepend: Field<RouteMapEntry> = {
  key: 'setAsPathPrepend',
  ...fixed('set as-path prepend'),
  read: (rest, no) => {
    const asns = rest.map((word) => integer(word, 1, 4_294_967_295));
    return no || asns.length === 0 || asns.includes(undefined) ? undefined : asns;
  },
  write: (asns: readonly number[]) => ({ text: asns.join(' ') }),
};
const fields: readonly Field<RouteMapEntry>[] = [
  f.text('description', 'description'),
  f.word('matchInterface', 'match interface'),
  f.word('matchIpv4PrefixList', 'match ip address prefix-list'),
  f.word('matchIpv6PrefixList', 'match ipv6 address prefix-list'),
  f.word('matchAsPath', 'match as-path'),
  asPathPrepend,
  f.integer('setLocalPreference', 'set local-preference', 0, 4_294_967_295),
  f.integer('setMetric', 'set metric', 0, 4_294_967_295),
  f.word('setSource', 'set src', (word) => familyOf(word) !== undefined),
];

/** Opens the block of a route-map's entry, or undefined where the statement is no such opener. */
export function routeMapBlock(config: Draft<FrrConfig>, { words, no, begin }: Statement): Block | undefined {
  const [first, name, action] = words;
  const seq = integer(words[3], 1, 65535);
  if (no || first !== 'route-map' || name === undefined || seq === undefined || words.length !== 4) return undefined;
  if (action !== 'permit' && action !== 'deny') return undefined;
  config.routeMaps ??= [];
  const maps = config.routeMaps;
  let index = maps.findIndex((map) => map.name === name);
  if (index === -1) index = maps.push({ name, entries: [] }) - 1;
  const { entries } = maps[index]!;
  let place = entries.findIndex((entry) => entry.seq === seq);
  if (place === -1) place = entries.push({ action, seq }) - 1;
  const entry = entries[place]!;
  entry.action = action;
  const path = `routeMaps/${index}/entries/${place}`;
  begin(`routeMaps/${index}`);
  return {
    opener: `route-map ${name} ${action} ${seq}`,
    path,
    read(statement) {
      const key = readFields(fields, entry, statement.words, statement.no);
      if (key !== undefined) statement.mark(`${path}/${key}`);
      return key !== undefined;
    },
  };
}

export function writeRouteMaps(config: FrrConfig): Written[] {
  return (config.routeMaps ?? []).flatMap((map, index) =>
    map.entries.map((entry, i) => {
      const path = `routeMaps/${index}/entries/${i}`;
      return {
        path,
        text: `route-map ${map.name} ${entry.action} ${entry.seq}`,
        lines: writeFields(fields, entry, path),
      };
    }),
  );
}

export function readProtocolRouteMap(config: Draft<FrrConfig>, { words, no, mark }: Statement): boolean {
  const family = familyOfKeyword(words[0]);
  const [, second, protocol, third, routeMap] = words;
  if (no || family === undefined || second !== 'protocol' || third !== 'route-map' || words.length !== 5) return false;
  config.protocolRouteMaps ??= [];
  const list = config.protocolRouteMaps;
  let index = list.findIndex((other) => other.family === family && other.protocol === protocol);
  if (index === -1) index = list.length;
  list[index] = { family, protocol: protocol!, routeMap: routeMap! };
  mark(`protocolRouteMaps/${index}`);
  return true;
}

export function writeProtocolRouteMaps(config: FrrConfig): Written[] {
  return (config.protocolRouteMaps ?? []).map((one, i) => ({
    path: `protocolRouteMaps/${i}`,
    text: `${keyword(one.family)} protocol ${one.protocol} route-map ${one.routeMap}`,
    group: 'protocol',
  }));
}
