/** The values that a running FRR 8.4 has where the text says nothing. */
import { bgpDefaults } from './bgp-defaults.ts';
import type { AsPathList, BfdProfile, FrrConfig, InterfaceConfig, PrefixList, RouteMap, StaticRoute } from './model.ts';
import { name, ordered } from './ordered.ts';
import { masked } from './prefix.ts';

/**
 * Fills in what the profile (`frr defaults`, traditional where absent) and FRR itself decide, and puts lists whose order means
 * nothing into one order, so that a text and the `show running-config` of daemons that run it compare equal.
 * - A member of a peer-group keeps its own settings only: what is absent there is the group's (see `effectivePeer`).
 * - Forwarding is taken as on, as its absence from a running configuration says; FRR itself leaves the kernel's setting alone.
 * - `maximum-paths` is 256, the limit Debian's packages are built with.
 * - `frr version` is left out: it only says which version's defaults hold, and they are filled in. FRR always shows its own.
 * - Host bits of prefixes are cleared, and keepalives are cut to a third of the hold time, as FRR does.
 * - Unknown statements are left as they are, and so is an absent host name, which is the machine's.
 */
export function withDefaults(config: FrrConfig): FrrConfig {
  const { version, interfaces, ...stated } = config;
  const { log, staticRoutes, bgp, prefixLists, asPathLists, routeMaps, protocolRouteMaps, bfdProfiles } = stated;
  const defaults = config.defaults ?? 'traditional';
  // An interface without a statement is not shown by FRR either.
  const used = interfaces?.filter((one) => Object.keys(one).length > 1);
  return {
    ...stated,
    defaults,
    ...ordered('log', log, (line) => line),
    ipForwarding: config.ipForwarding ?? true,
    ipv6Forwarding: config.ipv6Forwarding ?? true,
    zebra: { nexthopGroupKeep: 180, nexthopKernel: true, ...config.zebra },
    ...ordered('interfaces', used?.map(interfaceDefaults), name),
    ...ordered('staticRoutes', staticRoutes?.map(routeDefaults), (route) => JSON.stringify(route)),
    ...ordered(
      'bgp',
      bgp?.map((one) => bgpDefaults(one, defaults, version)),
      (one) => `${one.vrf ?? ''} ${one.asn}`,
    ),
    ...ordered('prefixLists', prefixLists?.map(prefixList), (one) => `${one.family} ${one.name}`),
    ...ordered('asPathLists', asPathLists?.map(asPathList), name),
    ...ordered('routeMaps', routeMaps?.map(routeMap), name),
    ...ordered('protocolRouteMaps', protocolRouteMaps, (one) => `${one.family} ${one.protocol}`),
    ...ordered('bfdProfiles', bfdProfiles?.map(profileDefaults), name),
  };
}

function interfaceDefaults(one: InterfaceConfig): InterfaceConfig {
  return { shutdown: false, sendRouterAdvertisements: false, raIntervalMs: 600_000, ...one };
}

function routeDefaults({ prefix, via, interface: port, blackhole, distance = 1 }: StaticRoute): StaticRoute {
  return {
    prefix: masked(prefix),
    ...(via === undefined ? {} : { via }),
    ...(port === undefined ? {} : { interface: port }),
    ...(blackhole === undefined ? {} : { blackhole }),
    distance,
  };
}

function profileDefaults(one: BfdProfile): BfdProfile {
  return { detectMultiplier: 3, receiveInterval: 300, transmitInterval: 300, shutdown: false, ...one };
}

function prefixList(one: PrefixList): PrefixList {
  const entries = one.entries.map((entry) => ({ ...entry, prefix: masked(entry.prefix) }));
  return { ...one, entries: bySequence(entries) };
}

function asPathList(one: AsPathList): AsPathList {
  return { ...one, entries: bySequence(one.entries) };
}

function routeMap(one: RouteMap): RouteMap {
  return { ...one, entries: bySequence(one.entries) };
}

function bySequence<T extends { readonly seq: number }>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((a, b) => a.seq - b.seq);
}
