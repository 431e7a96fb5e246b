/** What route-maps and prefix-lists let through. */
import type { FrrConfig, PrefixListEntry, RouteMapEntry } from 'frr-config';
import { contains, type Family, type Prefix, parsePrefix } from '../fabric/cidr.ts';
import { asPathPermits } from '../oracle/index.ts';
import { familySetting, type SessionConfig } from './session.ts';

export type Direction = 'in' | 'out';

/** The names that a session's policy in one direction has; undefined where there is none. */
export interface PolicyNames {
  readonly routeMap: string | undefined;
  readonly prefixList: string | undefined;
}

export function policyOf(session: SessionConfig, family: Family, direction: Direction): PolicyNames {
  const [map, list] =
    direction === 'in' ? (['routeMapIn', 'prefixListIn'] as const) : (['routeMapOut', 'prefixListOut'] as const);
  return {
    routeMap: familySetting(session, family, map)?.value,
    prefixList: familySetting(session, family, list)?.value,
  };
}

/**
 * Whether a policy lets a prefix through. As in FRR: a name that nothing defines denies everything, and so does the end of every list.
 * Conditions other than prefixes are taken as met; AS paths too, unless the route's is given.
 */
export function permits(
  config: FrrConfig,
  family: Family,
  { routeMap, prefixList }: PolicyNames,
  prefix: Prefix,
  asPath?: readonly number[],
): boolean {
  if (prefixList !== undefined && !listPermits(config, family, prefixList, prefix)) return false;
  return routeMap === undefined || mapPermits(config, routeMap, prefix, asPath);
}

/** The text of everything that a policy depends on: equal texts let the same through. */
export function fingerprint(config: FrrConfig, family: Family, names: PolicyNames): string {
  const map = config.routeMaps?.find(({ name }) => name === names.routeMap);
  const asPathLists = new Set((map?.entries ?? []).map(({ matchAsPath }) => matchAsPath));
  const lists = new Set([names.prefixList, ...(map?.entries ?? []).map((entry) => listOf(entry, family))]);
  return JSON.stringify([
    names.routeMap === undefined ? 'none' : (map?.entries ?? 'undefined'),
    names.prefixList === undefined ? 'none' : names.prefixList,
    ...[...lists].map((name) => find(config, family, name)?.entries ?? 'undefined'),
    ...[...asPathLists].map((name) => config.asPathLists?.find((list) => list.name === name)?.entries ?? 'undefined'),
  ]);
}

function listOf(entry: RouteMapEntry, family: Family): string | undefined {
  return family === 'ipv4' ? entry.matchIpv4PrefixList : entry.matchIpv6PrefixList;
}

function find(config: FrrConfig, family: Family, name: string | undefined) {
  return config.prefixLists?.find((list) => list.family === family && list.name === name);
}

function mapPermits(config: FrrConfig, name: string, prefix: Prefix, asPath: readonly number[] | undefined): boolean {
  const entries = config.routeMaps?.find((map) => map.name === name)?.entries ?? [];
  const first = bySeq(entries).find((entry) => matches(config, entry, prefix, asPath));
  return first?.action === 'permit';
}

function matches(
  config: FrrConfig,
  entry: RouteMapEntry,
  prefix: Prefix,
  asPath: readonly number[] | undefined,
): boolean {
  if (asPath && entry.matchAsPath !== undefined && !pathPermits(config, entry.matchAsPath, asPath)) return false;
  const conditions = [
    ['ipv4', entry.matchIpv4PrefixList],
    ['ipv6', entry.matchIpv6PrefixList],
  ] as const;
  return conditions.every(([family, list]) => {
    if (list === undefined) return true;
    return family === prefix.family && listPermits(config, family, list, prefix);
  });
}

function pathPermits(config: FrrConfig, name: string, asPath: readonly number[]): boolean {
  return asPathPermits(config.asPathLists?.find((list) => list.name === name)?.entries ?? [], asPath);
}

function listPermits(config: FrrConfig, family: Family, name: string, prefix: Prefix): boolean {
  const entries = find(config, family, name)?.entries ?? [];
  return bySeq(entries).find((entry) => covers(entry, prefix))?.action === 'permit';
}

function bySeq<T extends { readonly seq: number }>(entries: readonly T[]): readonly T[] {
  const inOrder = entries.every((entry, i) => i === 0 || entries[i - 1]!.seq <= entry.seq);
  return inOrder ? entries : entries.toSorted((left, right) => left.seq - right.seq);
}

/** Parsed once: the same entries are asked about every prefix of a fabric. */
const parsed = new WeakMap<PrefixListEntry, Prefix | undefined>();

function covers(entry: PrefixListEntry, prefix: Prefix): boolean {
  if (entry.prefix === 'any') return true;
  if (!parsed.has(entry)) parsed.set(entry, parsePrefix(entry.prefix));
  const own = parsed.get(entry);
  if (!own || !contains(own, prefix)) return false;
  if (entry.ge === undefined && entry.le === undefined) return prefix.length === own.length;
  return prefix.length >= (entry.ge ?? own.length) && prefix.length <= (entry.le ?? 128);
}
