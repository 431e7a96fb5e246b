/** Which prefixes of the fabric an edited policy lets through that the intent stops, and the other way round. */

import type { FrrConfig } from 'frr-config';
import { type Family, formatPrefix, host, type Prefix, parsePrefix } from '../fabric/cidr.ts';
import { intendedAnnouncers } from './announcements.ts';
import { groupBy } from './group-by.ts';
import type { Network, Router, SessionEnd } from './network.ts';
import { type Direction, fingerprint, type PolicyNames, permits, policyOf } from './policy.ts';
import { FAMILIES, FAMILY_KEY, familySetting, isActive } from './session.ts';

export interface PolicyChange {
  readonly router: Router;
  /** Sessions that share the policy. */
  readonly ends: readonly SessionEnd[];
  readonly family: Family;
  readonly direction: Direction;
  readonly names: PolicyNames;
  /** Prefixes that pass although the intent stops them. */
  readonly opened: readonly string[];
  /** Prefixes that are stopped although the intent lets them pass. */
  readonly closed: readonly string[];
  /** Path of the statement that makes the difference. */
  readonly path: string;
}

/** Several rules ask about the same network. */
const known = new WeakMap<Network, readonly PolicyChange[]>();

/** Every policy that does not do what the intent has it do, once for all sessions that share it. */
export function policyChanges(network: Network): readonly PolicyChange[] {
  const found = known.get(network) ?? [...findChanges(network)];
  known.set(network, found);
  return found;
}

function* findChanges(network: Network): Generator<PolicyChange> {
  const prefixes = new Map<Family, readonly Route[]>();
  for (const router of network.routers) {
    if (!router.intent) continue;
    for (const family of FAMILIES) {
      for (const direction of ['in', 'out'] as const) {
        for (const [, ends] of changedSessions(router, network, family, direction)) {
          if (!prefixes.has(family)) prefixes.set(family, fabricPrefixes(network, family));
          const change = compare(router, ends, network, family, direction, prefixes.get(family)!);
          if (change.opened.length > 0 || change.closed.length > 0) yield change;
        }
      }
    }
  }
}

/** Sessions with another policy than the intent's, by what the policies are made of now and were meant to be. */
function changedSessions(
  { sessions, config, intent }: Router,
  network: Network,
  family: Family,
  direction: Direction,
): ReadonlyMap<string, readonly SessionEnd[]> {
  const meant = intent!.config;
  const sameDefinitions = definitions(config) === definitions(meant);
  const changed = sessions.flatMap((end) => {
    const intended = network.intended(end);
    if (!intended || !isActive(end, family) || !isActive(intended, family)) return [];
    const [names, meantNames] = [policyOf(end, family, direction), policyOf(intended, family, direction)];
    const sameNames = names.routeMap === meantNames.routeMap && names.prefixList === meantNames.prefixList;
    if (sameNames && sameDefinitions) return [];
    const texts = [fingerprint(config, family, names), fingerprint(meant, family, meantNames)] as const;
    return texts[0] === texts[1] ? [] : [{ end, texts: texts.join('\n') }];
  });
  return new Map(
    [...groupBy(changed, ({ texts }) => texts)].map(([texts, ends]) => [texts, ends.map(({ end }) => end)]),
  );
}

/** Texts of all route-maps and lists: where nobody edited any, the names of policies tell all. */
const definitionTexts = new WeakMap<FrrConfig, string>();

function definitions(config: FrrConfig): string {
  const text =
    definitionTexts.get(config) ??
    JSON.stringify([config.routeMaps ?? [], config.prefixLists ?? [], config.asPathLists ?? []]);
  definitionTexts.set(config, text);
  return text;
}

/** Something that a policy is asked about. */
interface Route {
  /** As messages name it. */
  readonly text: string;
  readonly prefix: Prefix;
  /** Where it matters, the ASNs of its path, nearest first. */
  readonly asPath?: readonly number[];
}

function fabricPrefixes({ fabric }: Network, family: Family): readonly Route[] {
  return [...intendedAnnouncers(fabric).keys()]
    .map((text) => ({ text, prefix: parsePrefix(text)! }))
    .filter(({ prefix }) => prefix.family === family);
}

/** Floating service addresses as a router may know them: a server from itself, all others from servers of the rack and from the rest of the fabric. */
function floatingRoutes({ fabric }: Network, { intent }: Router, family: Family): readonly Route[] {
  const pool = parsePrefix(fabric?.design.pools?.[family === 'ipv4' ? 'service4' : 'service6'] ?? '');
  if (!fabric || !intent || !pool) return [];
  const prefix = host({ family, address: pool.address, length: pool.length }, 1);
  const asn = new Map(fabric.nodes.map((node) => [node.name, node.asn]));
  const servers = fabric.nodes.filter(({ role }) => role === 'server');
  const own = servers.find(({ rack }) => rack !== undefined && rack === intent.rack);
  const leaf = fabric.nodes.find(({ role, rack }) => role === 'leaf' && rack !== intent.rack);
  const [foreign] = servers.filter(({ rack }) => rack === leaf?.rack);
  const spine = fabric.nodes.find(({ role }) => role === 'spine');
  const far = [spine, leaf, foreign].flatMap((node) => (node === undefined ? [] : [asn.get(node.name)!]));
  const whole = formatPrefix(pool);
  return [
    ...(intent.role === 'server' ? [{ text: `service addresses of ${whole} of its own`, prefix, asPath: [] }] : []),
    ...(own ? [{ text: `service addresses of ${whole} from its own servers`, prefix, asPath: [own.asn] }] : []),
    ...(foreign ? [{ text: `service addresses of ${whole} from other racks`, prefix, asPath: far }] : []),
  ];
}

/** Prefixes of documentation (RFC 5737, RFC 3849): no fabric has them. */
const OUTSIDE = { ipv4: parsePrefix('203.0.113.1/32')!, ipv6: parsePrefix('2001:db8:ffff::1/128')! };

function compare(
  router: Router,
  ends: readonly SessionEnd[],
  network: Network,
  family: Family,
  direction: Direction,
  prefixes: readonly Route[],
): PolicyChange {
  const [end] = ends as readonly [SessionEnd];
  const names = policyOf(end, family, direction);
  const meantNames = policyOf(network.intended(end)!, family, direction);
  const meant = router.intent!.config;
  const opened: string[] = [];
  const closed: string[] = [];
  for (const { text, prefix, asPath } of [...prefixes, ...floatingRoutes(network, router, family)]) {
    const now = permits(router.config, family, names, prefix, asPath);
    if (now === permits(meant, family, meantNames, prefix, asPath)) continue;
    (now ? opened : closed).push(text);
  }
  if (permits(router.config, family, names, OUTSIDE[family]) && !permits(meant, family, meantNames, OUTSIDE[family])) {
    opened.push('what is not of the fabric');
  }
  const path = placeOf(router, end, family, direction, names, meantNames);
  return { router, ends, family, direction, names, opened, closed, path };
}

/** The first thing that differs on the way: the session's statement, the route-map, a prefix-list. */
function placeOf(
  router: Router,
  end: SessionEnd,
  family: Family,
  direction: Direction,
  names: PolicyNames,
  meant: PolicyNames,
): string {
  const { config, intent } = router;
  const block = `${end.bgpPath}/${FAMILY_KEY[family]}`;
  const statement = familySetting(end, family, direction === 'in' ? 'routeMapIn' : 'routeMapOut')?.path;
  const listStatement = familySetting(end, family, direction === 'in' ? 'prefixListIn' : 'prefixListOut')?.path;
  if (names.routeMap !== meant.routeMap || names.prefixList !== meant.prefixList) {
    return statement ?? listStatement ?? familySetting(end, family, 'activate')?.path ?? block;
  }
  const index = config.routeMaps?.findIndex(({ name }) => name === names.routeMap) ?? -1;
  const meantMap = intent!.config.routeMaps?.find(({ name }) => name === names.routeMap);
  const entries = config.routeMaps?.[index]?.entries ?? [];
  const entry = firstOther(entries, meantMap?.entries ?? []);
  if (entry !== -1) return `routeMaps/${index}/entries/${entry}`;
  if (entries.length !== (meantMap?.entries.length ?? 0))
    return index === -1 ? (statement ?? block) : `routeMaps/${index}`;
  for (const [i, list] of (config.prefixLists ?? []).entries()) {
    if (list.family !== family || !uses(list.name)) continue;
    const meantList = intent!.config.prefixLists?.find((one) => one.family === family && one.name === list.name);
    const other = firstOther(list.entries, meantList?.entries ?? []);
    if (other !== -1) return `prefixLists/${i}/entries/${other}`;
    if (list.entries.length !== meantList?.entries.length) return `prefixLists/${i}`;
  }
  for (const [i, list] of (config.asPathLists ?? []).entries()) {
    if (!entries.some(({ matchAsPath }) => matchAsPath === list.name)) continue;
    const meantList = intent!.config.asPathLists?.find((one) => one.name === list.name);
    const other = firstOther(list.entries, meantList?.entries ?? []);
    if (other !== -1) return `asPathLists/${i}/entries/${other}`;
    if (list.entries.length !== meantList?.entries.length) return `asPathLists/${i}`;
  }
  return statement ?? listStatement ?? block;

  function uses(list: string): boolean {
    if (list === names.prefixList) return true;
    return entries.some((one) => (family === 'ipv4' ? one.matchIpv4PrefixList : one.matchIpv6PrefixList) === list);
  }
}

/** Index of the first entry that the intent does not have; -1 where there is none. */
function firstOther(entries: readonly object[], meant: readonly object[]): number {
  const known = new Set(meant.map((entry) => JSON.stringify(entry)));
  return entries.findIndex((entry) => !known.has(JSON.stringify(entry)));
}
