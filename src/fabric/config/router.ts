/** What the configurations of all roles have in common. */
import type {
  AddressFamily,
  AsPathList,
  BgpNeighbor,
  BgpPeer,
  FrrConfig,
  PrefixList,
  PrefixListEntry,
  RouteMap,
} from 'frr-config';
import type { Family, Prefix } from '../cidr.ts';
import { formatAddress, formatPrefix } from '../cidr.ts';
import type { LeafSpineDesign, Port } from '../fabric.ts';

/** A node with all that its configuration is made of. */
export interface RouterFacts {
  readonly name: string;
  readonly asn: number;
  readonly loopback4: Prefix;
  readonly loopback6: Prefix;
  readonly ports: readonly Port[];
}

/** One peer-group, its members and its policy: route-maps, the same for both families. */
export interface Session {
  readonly group: string;
  /** Set where all members have the same ASN. */
  readonly groupAsn?: number;
  readonly members: readonly { readonly port: Port; readonly asn: number }[];
  readonly routeMapIn: string;
  readonly routeMapOut: string;
}

export interface RouterPolicy {
  readonly sessions: readonly Session[];
  /** What the router itself announces. */
  readonly networks: readonly Prefix[];
  readonly prefixLists: readonly PrefixList[];
  readonly asPathLists?: readonly AsPathList[];
  readonly routeMaps: readonly RouteMap[];
}

/** Name of the BFD profile of all sessions. */
export const BFD_PROFILE = 'fabric';

/** FRR 8.4 takes at most this many where Debian built it; more than any design has uplinks. */
const MAXIMUM_PATHS = 64;

/** The whole `frr.conf` of a router: unnumbered eBGP (RFC 5549, RFC 7938) on every port. */
export function routerConfig(design: LeafSpineDesign, node: RouterFacts, policy: RouterPolicy): FrrConfig {
  const { keepalive, hold, coalesceMs, raIntervalMs } = design.timers;
  return {
    version: '8.4.4',
    defaults: 'datacenter',
    hostname: node.name,
    // Sessions of a run are read from the log: to the second would tell little.
    log: ['file /var/log/frr/frr.log informational', 'timestamp precision 3'],
    ipForwarding: true,
    ipv6Forwarding: true,
    // FRR 8.4.4 keeps a next-hop group, 180 s or at least 1 s, and reuses it after a flap although the kernel has pruned it: ECMP stays
    // lost. Links that came back within the second lost it as well, so next hops stand in the routes themselves.
    zebra: { nexthopKernel: false },
    interfaces: [
      ...node.ports.map((port) => ({
        name: port.interface,
        description: `${port.peer.node}:${port.peer.interface}`,
        sendRouterAdvertisements: true,
        raIntervalMs,
      })),
      { name: 'lo', ipv4: [formatPrefix(node.loopback4)], ipv6: [formatPrefix(node.loopback6)] },
    ],
    bgp: [
      {
        asn: node.asn,
        routerId: formatAddress('ipv4', node.loopback4.address),
        logNeighborChanges: true,
        ebgpRequiresPolicy: true,
        defaultIpv4Unicast: false,
        networkImportCheck: false,
        // compare-routerid: without it the older of two equal paths wins, and what is advertised depends on who came first.
        bestpath: { asPathMultipathRelax: true, compareRouterId: true },
        timers: { keepalive, hold },
        coalesceTime: coalesceMs,
        peerGroups: policy.sessions.map((session) => peerGroup(design, session)),
        neighbors: policy.sessions.flatMap(neighbors),
        ipv4Unicast: addressFamily('ipv4', policy),
        ipv6Unicast: addressFamily('ipv6', policy),
      },
    ],
    prefixLists: policy.prefixLists,
    ...(policy.asPathLists && policy.asPathLists.length > 0 && { asPathLists: policy.asPathLists }),
    routeMaps: policy.routeMaps,
    ...(design.bfd && { bfdProfiles: [bfdProfile(design.bfd)] }),
  };
}

function peerGroup(design: LeafSpineDesign, session: Session): BgpPeer {
  return {
    name: session.group,
    ...(session.groupAsn !== undefined && { remoteAs: session.groupAsn }),
    connectTimer: design.timers.connect,
    ...(design.bfd && { bfd: true, bfdProfile: BFD_PROFILE }),
  };
}

/** Numbers, not `external`: a neighbour with a wrong ASN must be refused, not accepted. */
function neighbors(session: Session): readonly BgpNeighbor[] {
  return session.members.map(({ port, asn }) => ({
    name: port.interface,
    byInterface: true,
    peerGroup: session.group,
    ...(session.groupAsn === undefined && { remoteAs: asn }),
    description: port.peer.node,
  }));
}

function addressFamily(family: Family, policy: RouterPolicy): AddressFamily {
  return {
    networks: policy.networks.filter((each) => each.family === family).map((each) => ({ prefix: formatPrefix(each) })),
    maximumPaths: MAXIMUM_PATHS,
    neighbors: policy.sessions.map(({ group, routeMapIn, routeMapOut }) => ({
      name: group,
      activate: true,
      routeMapIn,
      routeMapOut,
    })),
  };
}

function bfdProfile(bfd: NonNullable<LeafSpineDesign['bfd']>) {
  return {
    name: BFD_PROFILE,
    detectMultiplier: bfd.multiplier,
    receiveInterval: bfd.intervalMs,
    transmitInterval: bfd.intervalMs,
  };
}

/** A rule of a prefix-list before it has a number. */
export type Rule = Omit<PrefixListEntry, 'seq'>;

/** A prefix-list numbered in tens. */
export function prefixList(family: Family, name: string, rules: readonly Rule[]): PrefixList {
  return { family, name, entries: rules.map((rule, i) => ({ seq: 10 * (i + 1), ...rule })) };
}

/** A prefix and all that is more specific. */
export function within(prefix: Prefix, action: Rule['action'] = 'permit'): Rule {
  return { action, prefix: formatPrefix(prefix), le: prefix.family === 'ipv4' ? 32 : 128 };
}

/** Host routes of a prefix only. */
export function hostsOf(prefix: Prefix): Rule {
  return { action: 'permit', prefix: formatPrefix(prefix), ge: prefix.family === 'ipv4' ? 32 : 128 };
}

/** Exactly this prefix. */
export function exactly(prefix: Prefix): Rule {
  return { action: 'permit', prefix: formatPrefix(prefix) };
}

/**
 * A route-map that permits what `<list>-4` or `<list>-6` permits, and nothing else; with `floating`, also floating service addresses
 * whose AS path the list of that name permits.
 */
export function permitOnly(name: string, list: string, floating?: string): RouteMap {
  return {
    name,
    entries: [
      { action: 'permit', seq: 10, matchIpv4PrefixList: `${list}-4` },
      { action: 'permit', seq: 20, matchIpv6PrefixList: `${list}-6` },
      ...(floating === undefined
        ? []
        : [
            { action: 'permit' as const, seq: 30, matchIpv4PrefixList: `${FLOATING}-4`, matchAsPath: floating },
            { action: 'permit' as const, seq: 40, matchIpv6PrefixList: `${FLOATING}-6`, matchAsPath: floating },
          ]),
    ],
  };
}

/** Prefix-lists of floating service addresses. */
export const FLOATING = 'FLOATING';

/** An AS path list that permits routes with exactly these paths. */
export function asPaths(name: string, paths: readonly (readonly number[])[]): AsPathList {
  return {
    name,
    entries: paths.map((path, i) => ({ seq: 10 * (i + 1), action: 'permit', regex: `^${path.join(' ')}$` })),
  };
}

/** The pair of prefix-lists that `permitOnly` matches. */
export function prefixLists(name: string, rules4: readonly Rule[], rules6: readonly Rule[]): readonly PrefixList[] {
  return [prefixList('ipv4', `${name}-4`, rules4), prefixList('ipv6', `${name}-6`, rules6)];
}
