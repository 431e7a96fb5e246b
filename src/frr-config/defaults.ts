/** The values that a running FRR 8.4 has where the text says nothing. */
import { activeByDefault } from './effective.ts';
import type {
  AddressFamily,
  AddressFamilyPeer,
  BfdProfile,
  BgpConfig,
  BgpNeighbor,
  BgpPeer,
  FrrConfig,
  InterfaceConfig,
  StaticRoute,
} from './model.ts';

/**
 * Fills in what the profile (`frr defaults`, traditional where absent) and FRR itself decide, and puts lists whose order means
 * nothing into one order, so that a text and the `show running-config` of daemons that run it compare equal.
 * - A member of a peer-group keeps its own settings only: what is absent there is the group's (see `effectivePeer`).
 * - Forwarding is taken as on, as its absence from a running configuration says; FRR itself leaves the kernel's setting alone.
 * - `maximum-paths` is 256, the limit Debian's packages are built with.
 * - Unknown statements are left as they are.
 */
export function withDefaults(config: FrrConfig): FrrConfig {
  const defaults = config.defaults ?? 'traditional';
  return {
    ...config,
    defaults,
    ...list(
      'log',
      sorted(config.log, (line) => line),
    ),
    ipForwarding: config.ipForwarding ?? true,
    ipv6Forwarding: config.ipv6Forwarding ?? true,
    zebra: { nexthopGroupKeep: 180, nexthopKernel: true, ...config.zebra },
    ...list('interfaces', interfaces(config)),
    ...list(
      'staticRoutes',
      sorted(config.staticRoutes?.map(staticRoute), (route) => JSON.stringify(route)),
    ),
    ...list(
      'bgp',
      config.bgp?.map((bgp) => instance(bgp, defaults, config.version)),
    ),
    ...list('prefixLists', lists(config)),
    ...list('routeMaps', maps(config)),
    ...list(
      'bfdProfiles',
      sorted(config.bfdProfiles?.map(profile), (one) => one.name),
    ),
  };
}

function list<K extends string, T>(key: K, items: readonly T[] | undefined): { [P in K]?: readonly T[] } {
  return items === undefined || items.length === 0 ? {} : ({ [key]: items } as { [P in K]: readonly T[] });
}

function sorted<T>(items: readonly T[] | undefined, key: (item: T) => string): readonly T[] | undefined {
  return items?.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** An interface without a statement is not shown by FRR either. */
function interfaces(config: FrrConfig): readonly InterfaceConfig[] | undefined {
  const stated = config.interfaces?.filter((one) => Object.keys(one).length > 1);
  const filled = stated?.map((one) => ({
    shutdown: false,
    sendRouterAdvertisements: false,
    raIntervalMs: 600_000,
    ...one,
  }));
  return sorted(filled, (one) => one.name);
}

function staticRoute(route: StaticRoute): StaticRoute {
  return { ...route, distance: route.distance ?? 1 };
}

function profile(one: BfdProfile): BfdProfile {
  return { detectMultiplier: 3, receiveInterval: 300, transmitInterval: 300, shutdown: false, ...one };
}

function lists(config: FrrConfig) {
  const ordered = config.prefixLists?.map((one) => ({
    ...one,
    entries: one.entries.toSorted((a, b) => a.seq - b.seq),
  }));
  return sorted(ordered, (one) => `${one.family} ${one.name}`);
}

function maps(config: FrrConfig) {
  const ordered = config.routeMaps?.map((one) => ({ ...one, entries: one.entries.toSorted((a, b) => a.seq - b.seq) }));
  return sorted(ordered, (one) => one.name);
}

function instance(bgp: BgpConfig, profileName: 'traditional' | 'datacenter', version: string | undefined): BgpConfig {
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
  });
  return {
    ...filled,
    ...list(
      'peerGroups',
      sorted(
        bgp.peerGroups?.map((group) => ({ extendedNexthop: false, ...peer(group) })),
        name,
      ),
    ),
    ...list(
      'neighbors',
      sorted(
        bgp.neighbors?.map((one) => neighbor(one, peer)),
        name,
      ),
    ),
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

function neighbor(one: BgpNeighbor, fill: (peer: BgpNeighbor) => BgpNeighbor): BgpNeighbor {
  const byInterface = one.byInterface ?? false;
  const own = { byInterface, v6only: false, ...one };
  return one.peerGroup === undefined ? { extendedNexthop: byInterface, ...fill(own) } : own;
}

function family(bgp: BgpConfig, key: 'ipv4Unicast' | 'ipv6Unicast'): AddressFamily {
  const source = bgp[key] ?? {};
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
    ...list(
      'networks',
      sorted(source.networks, (network) => network.prefix),
    ),
    ...list(
      'redistribute',
      sorted(source.redistribute, (one) => one.protocol),
    ),
    maximumPaths: source.maximumPaths ?? 256,
    neighbors: sorted([...groups, ...neighbors], name)!,
  };
}

const quiet = { nextHopSelf: false, softReconfigurationInbound: false };

function name(one: { readonly name: string }): string {
  return one.name;
}
