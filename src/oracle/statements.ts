/** Statements that the configuration model keeps verbatim: which of them could change the answer. */
import type { FrrConfig, UnknownStatement } from 'frr-config';
import { compileRegex } from './as-path-list.ts';
import type { Findings } from './findings.ts';
import type { Family } from './prefixes.ts';

/** Reports what could change this router's routes and is not modelled. */
export function reportStatements(node: string, config: FrrConfig, findings: Findings): void {
  for (const bgp of config.bgp ?? []) {
    if (bgp.vrf !== undefined && bgp.vrf !== 'default') {
      findings.add(node, 0, `router bgp ${bgp.asn} vrf ${bgp.vrf}`, 'only the default VRF is modelled');
    }
  }
  for (const { family, protocol, routeMap } of config.protocolRouteMaps ?? []) {
    if (protocol === 'bgp' || (protocol === 'any' && (config.staticRoutes ?? []).length === 0)) continue;
    const text = `${family === 'ipv4' ? 'ip' : 'ipv6'} protocol ${protocol} route-map ${routeMap}`;
    findings.add(node, 0, text, 'only routes of BGP are filtered');
  }
  const usedMaps = usedRouteMaps(config);
  const usedLists = new Set(
    (config.routeMaps ?? [])
      .filter(({ name }) => usedMaps.has(name))
      .flatMap(({ entries }) => entries.map(({ matchAsPath }) => matchAsPath)),
  );
  for (const { name, entries } of config.asPathLists ?? []) {
    for (const { regex } of usedLists.has(name) ? entries : []) {
      if (compileRegex(regex)) continue;
      findings.add(
        node,
        0,
        `bgp as-path access-list ${name} ... ${regex}`,
        'a regular expression that is not modelled',
      );
    }
  }
  const reportedBlocks = new Set<string>();
  for (const statement of config.unknown ?? []) {
    const [block] = statement.context;
    if (block !== undefined && reportedBlocks.has(block)) continue;
    const why = objection(statement, usedMaps);
    if (why === undefined) continue;
    findings.add(node, statement.line, statement.text, why);
    if (block === undefined) reportedBlocks.add(statement.text);
  }
}

/** The name of the route-map through which zebra installs BGP's routes: `ip protocol bgp`, else `ip protocol any`. */
export function zebraRouteMap(config: FrrConfig, family: Family): string | undefined {
  const of = (protocol: string) =>
    config.protocolRouteMaps?.find((one) => one.family === family && one.protocol === protocol)?.routeMap;
  return of('bgp') ?? of('any');
}

interface Rule {
  /** The block, or `top`. */
  readonly within: RegExp;
  readonly harmless: RegExp;
}

/** Beginnings of statements, as regular expressions. */
function beginningWith(...words: readonly string[]): RegExp {
  return new RegExp(`^(no )?(${words.join('|')})\\b`);
}

/** Nothing here changes what the tables hold once all is quiet. */
const HARMLESS: readonly Rule[] = [
  {
    within: /^top$/,
    harmless: beginningWith(
      ...['end', 'exit', 'quit', 'line vty', 'banner', 'log', 'debug', 'service', 'hostname', 'domainname'],
      ...['username', 'password', 'enable', 'agentx', 'fpm', 'key chain', 'bfd$', 'nexthop-group'],
      'zebra route-map delay-timer',
      'allow-external-route-update',
      // Lists do nothing by themselves: what refers to them is reported where it does.
      ...['(ipv6 |mac )?access-list', 'ip(v6)? prefix-list \\S+ description'],
      'bgp (community-list|large-community-list|extcommunity-list)',
      'bgp (route-map delay-timer|update-delay|send-extra-data|session-dscp)',
    ),
  },
  { within: /^(line vty|bfd|key chain .*|nexthop-group .*|username .*)$/, harmless: /./ },
  {
    within: /^interface /,
    // Protocols of an interface do nothing without their `router` block, which is reported.
    harmless: beginningWith(
      ...[
        'exit',
        'description',
        'ipv6 nd',
        'bandwidth',
        '(?<!no )link-detect',
        'multicast',
        'mpls',
        'link-params',
        'evpn',
      ],
      ...['ip (ospf|rip|pim|igmp|router|nhrp)', 'ipv6 (ospf6|pim|mld|router|nhrp)', 'isis'],
    ),
  },
  {
    within: /^(route-map|ip prefix-list|ipv6 prefix-list) /,
    // Well-known communities (RFC 1997) act by themselves, numbers only on those who match them.
    harmless: beginningWith(
      'exit',
      'description',
      'set (large-|ext)?community( (none|rt|soo|additive|(\\d+:)+\\d+))+$',
    ),
  },
  {
    within: /^router bgp /,
    harmless: beginningWith(
      ...['exit', 'exit-address-family', 'end', 'address-family ipv[46] unicast'],
      'bgp graceful-restart-disable',
      'bgp (log-neighbor-changes|default (show-hostname|show-nexthop-hostname|subgroup-pkt-queue-max)|cluster-id)',
      'bgp (session-dscp|update-delay|route-map|snmp|tcp-keepalive|input-queue-limit|output-queue-limit)',
      ...['bgp minimum-holdtime', 'update-delay', 'write-quanta', 'read-quanta'],
      'neighbor \\S+ (description|bfd|timers|advertisement-interval|send-community|soft-reconfiguration)',
      'neighbor \\S+ (capability (dynamic|fqdn|software-version)|graceful-restart-(disable|helper)|enforce-first-as)',
    ),
  },
];

function objection(statement: UnknownStatement, usedMaps: ReadonlySet<string>): string | undefined {
  const { context, text } = statement;
  if (/^[!#]/.test(text)) return undefined;
  const [block = 'top'] = context;
  const map = /^route-map (\S+) /.exec(block)?.[1];
  if (map !== undefined && !usedMaps.has(map)) return undefined;
  if (HARMLESS.some(({ within, harmless }) => within.test(block) && harmless.test(text))) return undefined;
  if (/^router (?!bgp)/.test(text)) return `routes of ${text.replace('router ', '')} are not modelled`;
  if (map !== undefined) return `route-map ${map} is in use, and this part of it is not modelled`;
  return block === 'top' ? 'not modelled' : `not modelled within ${context.join(' / ')}`;
}

function usedRouteMaps(config: FrrConfig): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (name: string | undefined) => name !== undefined && used.add(name);
  for (const { ipv4Unicast, ipv6Unicast } of config.bgp ?? []) {
    for (const family of [ipv4Unicast, ipv6Unicast]) {
      for (const { routeMap } of [...(family?.networks ?? []), ...(family?.redistribute ?? [])]) add(routeMap);
      for (const { routeMapIn, routeMapOut } of family?.neighbors ?? []) {
        add(routeMapIn);
        add(routeMapOut);
      }
    }
  }
  add(zebraRouteMap(config, 'ipv4'));
  add(zebraRouteMap(config, 'ipv6'));
  return used;
}
