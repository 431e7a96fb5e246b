/** fast-check generators over the model: every configuration that they make is one that FRR 8.4 takes as a whole. */
import fc from 'fast-check';
import type {
  AddressFamily,
  AddressFamilyPeer,
  AsPathList,
  AsPathListEntry,
  BfdProfile,
  BgpConfig,
  BgpNeighbor,
  BgpPeer,
  FrrConfig,
  InterfaceConfig,
  PrefixList,
  RouteMap,
  RouteMapEntry,
  StaticRoute,
} from 'frr-config';

/** Names that the test's namespace has interfaces for, and some that it does not have. */
const interfaceName = fc.constantFrom('lo', 'eth1', 'eth2', 'eth3', 'eth4', 'swp11');
const word = fc.stringMatching(/^[A-Z][A-Z0-9_-]{0,8}[A-Z0-9]$/);
const words = fc.array(fc.stringMatching(/^[a-z0-9.,:#()-]{1,9}$/), { minLength: 1, maxLength: 4 }).map(joined);
const octet = fc.integer({ min: 0, max: 255 });
const asn = fc.integer({ min: 1, max: 4_294_967_294 });
const address4 = fc.tuple(fc.integer({ min: 1, max: 9 }), octet, octet).map(([a, b, c]) => `10.${a}.${b}.${c}`);
const prefix4 = fc.tuple(octet, octet).map(([a, b]) => `172.${a}.${b}.0/24`);
const prefix6 = fc.integer({ min: 1, max: 0xffff }).map((n) => `fd00:${n.toString(16)}::/48`);
const timers = fc
  .record({ keepalive: fc.integer({ min: 1, max: 1000 }), spare: fc.integer({ min: 0, max: 1000 }) })
  .map(({ keepalive, spare }) => ({ keepalive, hold: keepalive * 3 + spare }));
const bool = fc.boolean();

/** Optional fields of a record, absent rather than undefined. */
function some<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

function joined(parts: readonly string[]): string {
  return parts.join(' ');
}

const interfaces: fc.Arbitrary<InterfaceConfig> = fc
  .tuple(
    interfaceName,
    some<Omit<InterfaceConfig, 'name'>>({
      description: words,
      ipv4: fc.uniqueArray(
        address4.map((address) => `${address}/31`),
        { minLength: 1, maxLength: 2 },
      ),
      ipv6: fc.uniqueArray(
        prefix6.map((prefix) => prefix.replace('::/48', '::1/64')),
        { minLength: 1, maxLength: 2 },
      ),
      shutdown: bool,
      sendRouterAdvertisements: bool,
      raIntervalMs: fc.integer({ min: 70, max: 1_800_000 }),
      // FRR refuses a lifetime below the interval.
      raLifetimeSeconds: fc.integer({ min: 1800, max: 9000 }),
    }),
  )
  .map(([name, { sendRouterAdvertisements, ...rest }]) => ({
    name,
    ...rest,
    // FRR refuses router advertisements on a loopback.
    ...(name === 'lo' || sendRouterAdvertisements === undefined ? {} : { sendRouterAdvertisements }),
  }));

const staticRoutes: fc.Arbitrary<StaticRoute> = fc.oneof(
  fc.record({ prefix: prefix4, via: address4, distance: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ prefix: prefix4, blackhole: fc.constantFrom('blackhole', 'reject', 'Null0') }),
  fc.record({ prefix: prefix6, interface: fc.constantFrom('eth1', 'swp11') }),
  fc.record({ prefix: prefix6, via: fc.constant('fe80::1'), interface: fc.constantFrom('eth1', 'swp11') }),
);

const peerSettings = some<Omit<BgpPeer, 'name' | 'remoteAs' | 'bfd'>>({
  description: words,
  password: word,
  shutdown: bool,
  timers,
  connectTimer: fc.integer({ min: 1, max: 65535 }),
  advertisementInterval: fc.integer({ min: 0, max: 600 }),
  bfdProfile: word,
  updateSource: fc.constantFrom('lo', '10.1.1.1'),
  passive: bool,
  extendedNexthop: fc.constant(true),
});

const remoteAs = fc.oneof(asn, fc.constant('external' as const));

interface Peers {
  readonly peerGroups: readonly BgpPeer[];
  readonly neighbors: readonly BgpNeighbor[];
}

/** A member gets its ASN from its group or has one itself, never both. */
const peers: fc.Arbitrary<Peers> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(word, fc.option(remoteAs), peerSettings), { maxLength: 2, selector: ([name]) => name }),
    fc.uniqueArray(
      fc.tuple(
        fc.oneof(interfaceName, address4),
        remoteAs,
        fc.option(fc.nat(1)),
        fc.constantFrom({}, { v6only: true }),
        peerSettings,
      ),
      { maxLength: 4, selector: ([name]) => name },
    ),
  )
  .map(([groups, neighbors]) => ({
    peerGroups: groups.map(([name, as, rest]) => ({ name, ...(as === null ? {} : { remoteAs: as }), ...rest })),
    neighbors: neighbors.map(([name, as, member, v6only, rest]) => {
      const group = member === null ? undefined : groups[member];
      const { updateSource: _, ...settings } = rest;
      return {
        name,
        ...(name.startsWith('10.') ? {} : { byInterface: true, ...v6only }),
        ...(group === undefined ? {} : { peerGroup: group[0] }),
        ...(group?.[1] == null ? { remoteAs: as } : {}),
        ...(name.startsWith('10.') ? rest : settings),
      };
    }),
  }));

function family({ peerGroups, neighbors }: Peers, prefix: fc.Arbitrary<string>): fc.Arbitrary<AddressFamily> {
  const names = [...peerGroups, ...neighbors].map((peer) => peer.name);
  const settings = some<Omit<AddressFamilyPeer, 'name' | 'activate'>>({
    routeMapIn: word,
    routeMapOut: word,
    prefixListIn: word,
    prefixListOut: word,
    nextHopSelf: fc.constant(true),
    allowasIn: fc.integer({ min: 1, max: 10 }),
    softReconfigurationInbound: fc.constant(true),
  });
  const peer = (name: string) => fc.tuple(bool, settings).map(([activate, rest]) => ({ name, activate, ...rest }));
  const routeMap = some<{ readonly routeMap: string }>({ routeMap: word });
  return some<AddressFamily>({
    networks: fc.uniqueArray(
      fc.tuple(prefix, routeMap).map(([network, via]) => ({ prefix: network, ...via })),
      {
        minLength: 1,
        maxLength: 3,
        selector: (network) => network.prefix,
      },
    ),
    redistribute: fc.uniqueArray(
      fc
        .tuple(fc.constantFrom('connected', 'static', 'kernel'), routeMap)
        .map(([protocol, via]) => ({ protocol, ...via })),
      { minLength: 1, maxLength: 3, selector: (source) => source.protocol },
    ),
    maximumPaths: fc.integer({ min: 1, max: 256 }),
    ...(names.length === 0 ? {} : { neighbors: fc.tuple(...names.map(peer)) }),
  } as Parameters<typeof some<AddressFamily>>[0]);
}

const bgp: fc.Arbitrary<BgpConfig> = peers.chain((made) =>
  fc
    .tuple(
      asn,
      some<Omit<BgpConfig, 'asn' | 'vrf' | 'peerGroups' | 'neighbors'>>({
        routerId: address4,
        logNeighborChanges: bool,
        ebgpRequiresPolicy: bool,
        defaultIpv4Unicast: bool,
        networkImportCheck: bool,
        fastExternalFailover: bool,
        suppressDuplicates: bool,
        suppressFibPending: bool,
        bestpath: fc.record({ asPathMultipathRelax: bool, compareRouterId: bool }),
        timers,
        coalesceTime: fc.integer({ min: 0, max: 100_000 }),
        ipv4Unicast: family(made, prefix4),
        ipv6Unicast: family(made, prefix6),
      }),
    )
    .map(([own, rest]) => ({
      asn: own,
      ...rest,
      ...(made.peerGroups.length === 0 ? {} : { peerGroups: made.peerGroups }),
      ...(made.neighbors.length === 0 ? {} : { neighbors: made.neighbors }),
    })),
);

function bounds(length: number, longest: number) {
  return fc
    .tuple(fc.integer({ min: length + 1, max: longest }), fc.integer({ min: length + 1, max: longest }))
    .map(([a, b]) => ({ ge: Math.min(a, b), le: Math.max(a, b) }));
}

const action = fc.constantFrom('permit' as const, 'deny' as const);
const seq = fc.integer({ min: 1, max: 65535 });

function prefixList(of: 'ipv4' | 'ipv6', prefix: fc.Arbitrary<string>, length: number): fc.Arbitrary<PrefixList> {
  const matched = fc.oneof(
    fc.constant({ prefix: 'any' }),
    fc
      .tuple(prefix, bounds(length, of === 'ipv4' ? 32 : 128))
      .map(([match, between]) => ({ prefix: match, ...between })),
  );
  const entry = fc.tuple(seq, action, matched).map(([number, act, match]) => ({ seq: number, action: act, ...match }));
  // FRR refuses an entry that matches what another one matches.
  const same = (a: object, b: object) => JSON.stringify({ ...a, seq: 0 }) === JSON.stringify({ ...b, seq: 0 });
  const entries = fc
    .uniqueArray(entry, { minLength: 1, maxLength: 4, selector: (one) => one.seq })
    .map((list) => list.filter((one, i) => !list.slice(0, i).some((other) => same(one, other))));
  return fc.record({ family: fc.constant(of), name: word, entries });
}

const asPathEntry: fc.Arbitrary<AsPathListEntry> = fc.record({
  seq,
  action,
  regex: fc.constantFrom('^$', '.*', '_65001_', '^(1|2) (3|4)*$', '^[0-9]+$'),
});
// As in prefix-lists, FRR does not take the same match twice.
const asPathList: fc.Arbitrary<AsPathList> = fc.record({
  name: word,
  entries: fc
    .uniqueArray(asPathEntry, { minLength: 1, maxLength: 4, selector: (one) => one.seq })
    .map((list) => list.filter((one, i) => !list.slice(0, i).some((other) => other.regex === one.regex))),
});

const routeMapEntry: fc.Arbitrary<RouteMapEntry> = fc
  .tuple(
    action,
    seq,
    some<Omit<RouteMapEntry, 'action' | 'seq'>>({
      description: words,
      matchIpv4PrefixList: word,
      matchIpv6PrefixList: word,
      matchInterface: interfaceName,
      matchAsPath: word,
      setLocalPreference: fc.nat(4_294_967_295),
      setMetric: fc.nat(4_294_967_295),
      setAsPathPrepend: fc.array(asn, { minLength: 1, maxLength: 3 }),
    }),
  )
  .map(([act, number, rest]) => ({ action: act, seq: number, ...rest }));

const routeMap: fc.Arbitrary<RouteMap> = fc.record({
  name: word,
  entries: fc.uniqueArray(routeMapEntry, { minLength: 1, maxLength: 3, selector: (entry) => entry.seq }),
});

const profile: fc.Arbitrary<BfdProfile> = fc
  .tuple(
    word,
    some<Omit<BfdProfile, 'name'>>({
      detectMultiplier: fc.integer({ min: 2, max: 255 }),
      receiveInterval: fc.integer({ min: 10, max: 60000 }),
      transmitInterval: fc.integer({ min: 10, max: 60000 }),
      shutdown: bool,
    }),
  )
  .map(([name, rest]) => ({ name, ...rest }));

function listOf<T>(of: fc.Arbitrary<T>, key: (item: T) => string): fc.Arbitrary<T[]> {
  return fc.uniqueArray(of, { minLength: 1, maxLength: 3, selector: key });
}

/** Whole configurations. The host name is always there: where it is absent, a running FRR shows the machine's. */
export const frrConfig: fc.Arbitrary<FrrConfig> = fc
  .tuple(
    word,
    some<Omit<FrrConfig, 'hostname' | 'unknown'>>({
      version: fc.constantFrom('8.4.4', '8.1_git'),
      defaults: fc.constantFrom('traditional', 'datacenter'),
      log: fc.subarray(['file /var/tmp/frr.log informational', 'timestamp precision 6'], { minLength: 1 }),
      ipForwarding: bool,
      ipv6Forwarding: bool,
      zebra: fc.record({ nexthopGroupKeep: fc.integer({ min: 1, max: 3600 }), nexthopKernel: bool }),
      interfaces: listOf(interfaces, (one) => one.name),
      staticRoutes: listOf(staticRoutes, (route) => route.prefix),
      bgp: bgp.map((one) => [one]),
      prefixLists: listOf(
        fc.oneof(prefixList('ipv4', prefix4, 24), prefixList('ipv6', prefix6, 48)),
        (list) => list.name,
      ),
      asPathLists: listOf(asPathList, (list) => list.name),
      routeMaps: listOf(routeMap, (map) => map.name),
      protocolRouteMaps: fc
        .record({ family: fc.constant('ipv4' as const), protocol: fc.constant('bgp'), routeMap: word })
        .map((one) => [one]),
      bfdProfiles: listOf(profile, (one) => one.name),
    }),
  )
  .map(([hostname, rest]) => ({ hostname, ...rest }));
