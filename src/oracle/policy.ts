/** Prefix-lists and route-maps as functions, with FRR's answers for names that are not defined. */
import type { FrrConfig, PrefixListEntry, RouteMapEntry } from 'frr-config';
import { prependAll } from './as-path.ts';
import { type AsPathFilter, compileAsPathList } from './as-path-list.ts';
import type { Attributes } from './attributes.ts';
import { contains, type Family, type KnownPrefix, type Prefix, parsePrefix } from './prefixes.ts';

export interface PrefixFilter {
  permits(prefix: KnownPrefix): boolean;
}

export interface RouteMapFilter {
  /** Whether an entry matches on the interface: on received routes FRR's answer depends on the kind of session. */
  readonly matchesInterface: boolean;
  /** Whether an entry matches on the AS path, which may depend on which of equal paths came first. */
  readonly matchesAsPath: boolean;
  /** The route as it comes out, or undefined where it is denied. */
  apply(prefix: KnownPrefix, attributes: Attributes): Attributes | undefined;
}

export interface Policies {
  prefixList(family: Family, name: string): PrefixFilter;
  routeMap(name: string): RouteMapFilter;
}

/** In FRR 8.4 an undefined prefix-list or route-map on a neighbour denies everything, and so does one without entries that match. */
const DENY: PrefixFilter & RouteMapFilter = {
  matchesInterface: false,
  matchesAsPath: false,
  permits: () => false,
  apply: () => undefined,
};

export function policiesOf(config: FrrConfig): Policies {
  const lists = new Map<string, PrefixFilter>();
  const maps = new Map<string, RouteMapFilter>();
  const prefixList = (family: Family, name: string): PrefixFilter => {
    const key = `${family} ${name}`;
    let filter = lists.get(key);
    if (!filter) {
      const blocks = config.prefixLists?.filter((each) => each.family === family && each.name === name) ?? [];
      filter = blocks.length === 0 ? DENY : compilePrefixList(blocks.flatMap(({ entries }) => entries));
      lists.set(key, filter);
    }
    return filter;
  };
  const asPathList = (name: string): AsPathFilter => {
    // One that is not defined matches nothing, as one that ends without a match.
    const entries = config.asPathLists?.filter((each) => each.name === name).flatMap((each) => each.entries) ?? [];
    return compileAsPathList(entries);
  };
  const routeMap = (name: string): RouteMapFilter => {
    let filter = maps.get(name);
    if (!filter) {
      const entries = config.routeMaps?.filter((each) => each.name === name).flatMap((each) => each.entries) ?? [];
      filter = entries.length === 0 ? DENY : compileRouteMap(entries, prefixList, asPathList);
      maps.set(name, filter);
    }
    return filter;
  };
  return { prefixList, routeMap };
}

interface Rule {
  readonly permit: boolean;
  /** Undefined for `any`. */
  readonly outer: Prefix | undefined;
  readonly from: number;
  readonly to: number;
}

function compilePrefixList(entries: readonly PrefixListEntry[]): PrefixFilter {
  const rules = [...entries].sort((a, b) => a.seq - b.seq).map(compileRule);
  // Prefixes are worked through one after the other: the last answer is asked for again by every neighbour.
  let last: KnownPrefix | undefined;
  let answer = false;
  return {
    permits(prefix) {
      if (prefix === last) return answer;
      last = prefix;
      answer = rules.find((rule) => rule !== undefined && matches(rule, prefix))?.permit ?? rules.length === 0;
      return answer;
    },
  };
}

/** Undefined where the prefix is not readable: FRR would not have taken the line. */
function compileRule(entry: PrefixListEntry): Rule | undefined {
  const permit = entry.action === 'permit';
  if (entry.prefix === 'any') return { permit, outer: undefined, from: entry.ge ?? 0, to: entry.le ?? 128 };
  const outer = parsePrefix(entry.prefix);
  if (!outer) return undefined;
  const { ge, le } = entry;
  const widest = outer.family === 'ipv4' ? 32 : 128;
  return { permit, outer, from: ge ?? outer.length, to: le ?? (ge === undefined ? outer.length : widest) };
}

function matches(rule: Rule, prefix: KnownPrefix): boolean {
  if (prefix.length < rule.from || prefix.length > rule.to) return false;
  return rule.outer === undefined || contains(rule.outer, prefix);
}

interface Clause {
  readonly permit: boolean;
  readonly ipv4: PrefixFilter | undefined;
  readonly ipv6: PrefixFilter | undefined;
  readonly asPath: AsPathFilter | undefined;
  readonly interface: string | undefined;
  readonly change: ((attributes: Attributes) => Attributes) | undefined;
}

function compileRouteMap(
  entries: readonly RouteMapEntry[],
  prefixList: (family: Family, name: string) => PrefixFilter,
  asPathList: (name: string) => AsPathFilter,
): RouteMapFilter {
  const clauses = [...entries]
    .sort((a, b) => a.seq - b.seq)
    .map((entry) => ({
      permit: entry.action === 'permit',
      ipv4: entry.matchIpv4PrefixList === undefined ? undefined : prefixList('ipv4', entry.matchIpv4PrefixList),
      ipv6: entry.matchIpv6PrefixList === undefined ? undefined : prefixList('ipv6', entry.matchIpv6PrefixList),
      asPath: entry.matchAsPath === undefined ? undefined : asPathList(entry.matchAsPath),
      interface: entry.matchInterface,
      change: compileChange(entry),
    }));
  return {
    matchesInterface: clauses.some((clause) => clause.interface !== undefined),
    matchesAsPath: clauses.some((clause) => clause.asPath !== undefined),
    apply(prefix, attributes) {
      for (const clause of clauses) {
        if (!matchesClause(clause, prefix, attributes)) continue;
        if (!clause.permit) return undefined;
        return clause.change ? clause.change(attributes) : attributes;
      }
      return undefined;
    },
  };
}

/** All matches of an entry must hold; a list of the other family never does, `any` included. */
function matchesClause(clause: Clause, prefix: KnownPrefix, attributes: Attributes): boolean {
  if (clause.ipv4 && !(prefix.family === 'ipv4' && clause.ipv4.permits(prefix))) return false;
  if (clause.ipv6 && !(prefix.family === 'ipv6' && clause.ipv6.permits(prefix))) return false;
  if (clause.asPath && !clause.asPath.permits(attributes.as)) return false;
  return clause.interface === undefined || clause.interface === attributes.interface;
}

function compileChange(entry: RouteMapEntry): ((attributes: Attributes) => Attributes) | undefined {
  const { setLocalPreference, setMetric, setAsPathPrepend } = entry;
  if (setLocalPreference === undefined && setMetric === undefined && !setAsPathPrepend) return undefined;
  return (attributes) => ({
    ...attributes,
    localPreference: setLocalPreference ?? attributes.localPreference,
    med: setMetric ?? attributes.med,
    as: setAsPathPrepend ? prependAll(attributes.as, setAsPathPrepend) : attributes.as,
  });
}
