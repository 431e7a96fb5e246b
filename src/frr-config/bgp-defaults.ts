/** What FRR 8.4 takes for granted below `router bgp`. */
import { activeByDefault } from './effective.ts';
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
    networkImportCheck: since(version, 7, 4),
    fastExternalFailover: true,
    suppressDuplicates: since(version, 7, 6),
    suppressFibPending: false,
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
  const neighbors = bgp.neighbors?.map((one) => neighbor(one, peer));
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

function neighbor(one: BgpNeighbor, fill: (peer: BgpNeighbor) => BgpNeighbor): BgpNeighbor {
  const byInterface = one.byInterface ?? false;
  const own = { byInterface, v6only: false, ...one };
  return one.peerGroup === undefined ? { extendedNexthop: byInterface, ...fill(own) } : own;
}

function family(bgp: BgpConfig, key: 'ipv4Unicast' | 'ipv6Unicast'): AddressFamily {
  const source = bgp[key] ?? {};
  const networks = source.networks?.map((network) => ({ ...network, prefix: masked(network.prefix) }));
  const stated = (peer: string) => source.neighbors?.find((other) => other.name === peer);
  const groups = (bgp.peerGroups ?? []).map((group) => ({
    ...quiet,
    activate: activeByDefault(bgp, key),
    ...stated(group.name),
    name: group.name,
  }));
  const neighbors = (bgp.neighbors ?? []).map((one): AddressFamilyPeer => {
    const group = groups.find((other) => other.name === one.peerGroup);
    const activate = group?.activate ?? activeByDefault(bgp, key);
    return { ...(group === undefined ? quiet : {}), activate, ...stated(one.name), name: one.name };
  });
  return {
    ...ordered('networks', networks, (network) => network.prefix),
    ...ordered('redistribute', source.redistribute, (one) => one.protocol),
    ...ordered('neighbors', [...groups, ...neighbors], name),
    maximumPaths: source.maximumPaths ?? 256,
  };
}

const quiet = { nextHopSelf: false, softReconfigurationInbound: false };
