/** What FRR 8.4 takes for granted below `router bgp`. */
import { activeByDefault, memberFamilySettings, memberSettings } from './effective.ts';
import type { Timers } from './field.ts';
import type { AddressFamily, AddressFamilyPeer, BgpConfig, BgpNeighbor, BgpPeer } from './model.ts';
import { name, ordered } from './ordered.ts';
import { masked } from './prefix.ts';

/** An instance with what its profile and the version that wrote the text decide. */
export function bgpDefaults(
  bgp: BgpConfig,
  profileName: 'traditional' | 'datacenter',
  version: string | undefined,
): BgpConfig {
  const datacenter = profileName === 'datacenter';
  const filled: BgpConfig = {
    logNeighborChanges: datacenter,
    ebgpRequiresPolicy: !datacenter && since(version, 7, 4),
    defaultIpv4Unicast: true,
    networkImportCheck: datacenter || since(version, 7, 4),
    fastExternalFailover: true,
    suppressDuplicates: since(version, 7, 6),
    suppressFibPending: false,
    hardAdministrativeReset: since(version, 8, 3),
    gracefulRestartNotification: since(version, 8, 3),
    deterministicMed: datacenter,
    timers: datacenter ? { keepalive: 3, hold: 9 } : { keepalive: 60, hold: 180 },
    coalesceTime: 1000,
    ...bgp,
    ...(bgp.timers === undefined ? {} : { timers: capped(bgp.timers) }),
    bestpath: { asPathMultipathRelax: false, compareRouterId: false, ...bgp.bestpath },
  };
  const connectTimer = datacenter ? 10 : 120;
  const peer = <T extends BgpPeer>(one: T): T => ({
    shutdown: false,
    passive: false,
    bfd: one.bfdProfile !== undefined,
    timers: filled.timers,
    connectTimer,
    advertisementInterval: 0,
    ...one,
    ...(one.timers === undefined ? {} : { timers: capped(one.timers) }),
  });
  const groups = bgp.peerGroups?.map((group) => ({ extendedNexthop: false, ...peer(group) }));
  const neighbors = bgp.neighbors?.map((one) => neighbor(one, groups ?? [], peer));
  return {
    ...filled,
    ...ordered('peerGroups', groups, name),
    ...ordered('neighbors', neighbors, name),
    ipv4Unicast: family(filled, 'ipv4Unicast'),
    ipv6Unicast: family(filled, 'ipv6Unicast'),
  };
}

/** FRR applies the defaults of the version that wrote the text (`frr version`). */
function since(version: string | undefined, major: number, minor: number): boolean {
  const [, writtenMajor, writtenMinor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (writtenMajor === undefined) return true;
  return Number(writtenMajor) > major || (Number(writtenMajor) === major && Number(writtenMinor) >= minor);
}

/** FRR keeps a session alive at least three times in its hold time, and says so. */
function capped({ keepalive, hold }: Timers): Timers {
  return { keepalive: Math.min(keepalive, Math.floor(hold / 3)), hold };
}

/** A member keeps what differs from its group; an interface has `extended-nexthop` on by itself. */
function neighbor(one: BgpNeighbor, groups: readonly BgpPeer[], fill: <T extends BgpPeer>(peer: T) => T): BgpNeighbor {
  const byInterface = one.byInterface ?? false;
  const own = { byInterface, v6only: false, ...one };
  const group = groups.find((other) => other.name === one.peerGroup);
  if (one.peerGroup === undefined) return { extendedNexthop: byInterface, ...fill(own) };
  const bfd = one.bfdProfile === undefined ? {} : { bfd: true };
  const timers = one.timers === undefined ? {} : { timers: capped(one.timers) };
  const inherited = byInterface ? { ...group, extendedNexthop: true } : group;
  return { ...differing({ ...bfd, ...memberSettings(own), ...timers }, inherited), name: one.name };
}

function family(bgp: BgpConfig, key: 'ipv4Unicast' | 'ipv6Unicast'): AddressFamily {
  const source = bgp[key] ?? {};
  const networks = source.networks?.map((network) => ({ ...network, prefix: masked(network.prefix) }));
  const stated = (peer: string) => source.neighbors?.find((other) => other.name === peer);
  const alone = (peer: string): AddressFamilyPeer => ({
    nextHopSelf: false,
    softReconfigurationInbound: false,
    activate: activeByDefault(bgp, key),
    ...stated(peer),
    name: peer,
  });
  const groups = (bgp.peerGroups ?? []).map((group) => alone(group.name));
  const neighbors = (bgp.neighbors ?? []).map((one): AddressFamilyPeer => {
    if (one.peerGroup === undefined) return alone(one.name);
    const group = groups.find((other) => other.name === one.peerGroup);
    const own = memberFamilySettings(stated(one.name) ?? { name: one.name });
    const activate = own.activate ?? group?.activate ?? activeByDefault(bgp, key);
    return { ...differing(own, group), activate, name: one.name };
  });
  return {
    ...ordered('networks', networks, (network) => network.prefix),
    ...ordered('redistribute', source.redistribute, (one) => one.protocol),
    ...ordered('neighbors', [...groups, ...neighbors], name),
    maximumPaths: source.maximumPaths ?? 256,
  };
}

/** The fields of `own` that `base` does not have with the same value. */
function differing<T extends object>(own: T, base: Partial<T> | undefined): T {
  const same = (key: string, value: unknown) =>
    JSON.stringify((base as Record<string, unknown>)[key]) === JSON.stringify(value);
  return base === undefined
    ? own
    : (Object.fromEntries(Object.entries(own).filter(([key, value]) => !same(key, value))) as T);
}
