/** FRR configuration as plain data. Every field that is absent in the text is absent here: defaults are applied by `withDefaults`. */

/** A whole `frr.conf`. Order within each list is the order of the text. */
export interface FrrConfig {
  /** The text after `frr version`. */
  readonly version?: string;
  /** `frr defaults datacenter|traditional`. */
  readonly defaults?: 'traditional' | 'datacenter';
  readonly hostname?: string;
  /** Each `log ...` line without the word `log`. */
  readonly log?: readonly string[];
  /** `no ip forwarding` is false. */
  readonly ipForwarding?: boolean;
  readonly ipv6Forwarding?: boolean;
  readonly zebra?: ZebraConfig;
  readonly interfaces?: readonly InterfaceConfig[];
  readonly staticRoutes?: readonly StaticRoute[];
  readonly bgp?: readonly BgpConfig[];
  readonly prefixLists?: readonly PrefixList[];
  readonly asPathLists?: readonly AsPathList[];
  readonly routeMaps?: readonly RouteMap[];
  /** `ip protocol P route-map NAME` and its `ipv6` sister: what zebra applies to the routes of a protocol. */
  readonly protocolRouteMaps?: readonly ProtocolRouteMap[];
  readonly bfdProfiles?: readonly BfdProfile[];
  /** Statements that the model does not know, kept where they stood. */
  readonly unknown?: readonly UnknownStatement[];
}

/** `zebra nexthop-group keep N`, `no zebra nexthop kernel enable`. */
export interface ZebraConfig {
  /** Seconds, 1 to 3600. */
  readonly nexthopGroupKeep?: number;
  readonly nexthopKernel?: boolean;
}

export interface InterfaceConfig {
  readonly name: string;
  readonly description?: string;
  /** `a.b.c.d/len`, in the order of the text. */
  readonly ipv4?: readonly string[];
  readonly ipv6?: readonly string[];
  readonly shutdown?: boolean;
  /** `no ipv6 nd suppress-ra` is true. */
  readonly sendRouterAdvertisements?: boolean;
  /** Milliseconds; written `ipv6 nd ra-interval msec N`, or in seconds where it divides evenly. */
  readonly raIntervalMs?: number;
  readonly raLifetimeSeconds?: number;
}

/** `ip route` and `ipv6 route`. Exactly one of `via`, `interface` alone, or `blackhole` says where to. */
export interface StaticRoute {
  readonly prefix: string;
  readonly via?: string;
  readonly interface?: string;
  readonly blackhole?: 'blackhole' | 'reject' | 'Null0';
  readonly distance?: number;
}

export interface BgpConfig {
  readonly asn: number;
  /** Absent for the default VRF. */
  readonly vrf?: string;
  readonly routerId?: string;
  readonly logNeighborChanges?: boolean;
  readonly ebgpRequiresPolicy?: boolean;
  readonly defaultIpv4Unicast?: boolean;
  readonly networkImportCheck?: boolean;
  readonly fastExternalFailover?: boolean;
  readonly suppressDuplicates?: boolean;
  /** `bgp suppress-fib-pending`. */
  readonly suppressFibPending?: boolean;
  /** `bgp hard-administrative-reset` (RFC 8538). */
  readonly hardAdministrativeReset?: boolean;
  /** `bgp graceful-restart notification` (RFC 8538). */
  readonly gracefulRestartNotification?: boolean;
  /** `bgp deterministic-med`. */
  readonly deterministicMed?: boolean;
  readonly bestpath?: BestpathConfig;
  /** `timers bgp KEEPALIVE HOLD`, seconds. */
  readonly timers?: { readonly keepalive: number; readonly hold: number };
  /** `coalesce-time`, milliseconds. */
  readonly coalesceTime?: number;
  readonly peerGroups?: readonly BgpPeer[];
  readonly neighbors?: readonly BgpNeighbor[];
  readonly ipv4Unicast?: AddressFamily;
  readonly ipv6Unicast?: AddressFamily;
}

export interface BestpathConfig {
  readonly asPathMultipathRelax?: boolean;
  readonly compareRouterId?: boolean;
}

/** What a neighbour and a peer-group have in common. `name` is an address, an interface or the group's name. */
export interface BgpPeer {
  readonly name: string;
  readonly remoteAs?: RemoteAs;
  readonly description?: string;
  readonly password?: string;
  readonly shutdown?: boolean;
  /** Seconds. */
  readonly timers?: { readonly keepalive: number; readonly hold: number };
  /** `timers connect`, seconds. */
  readonly connectTimer?: number;
  readonly advertisementInterval?: number;
  readonly bfd?: boolean;
  readonly bfdProfile?: string;
  readonly updateSource?: string;
  readonly ebgpMultihop?: number;
  readonly passive?: boolean;
  /** `capability extended-nexthop`. */
  readonly extendedNexthop?: boolean;
}

export interface BgpNeighbor extends BgpPeer {
  /** `neighbor IF interface ...`: an unnumbered session (RFC 5549). */
  readonly byInterface?: boolean;
  /** `v6only` after `interface`. */
  readonly v6only?: boolean;
  readonly peerGroup?: string;
}

export type RemoteAs = number | 'external' | 'internal';

/** One `address-family ... unicast` block. */
export interface AddressFamily {
  readonly networks?: readonly { readonly prefix: string; readonly routeMap?: string }[];
  readonly redistribute?: readonly { readonly protocol: string; readonly routeMap?: string }[];
  /** `maximum-paths`, 1 to 256. */
  readonly maximumPaths?: number;
  readonly neighbors?: readonly AddressFamilyPeer[];
}

export interface AddressFamilyPeer {
  /** A neighbour or a peer-group. */
  readonly name: string;
  /** `neighbor X activate`, or false for `no neighbor X activate`. */
  readonly activate?: boolean;
  readonly routeMapIn?: string;
  readonly routeMapOut?: string;
  readonly prefixListIn?: string;
  readonly prefixListOut?: string;
  readonly nextHopSelf?: boolean;
  readonly allowasIn?: number;
  readonly softReconfigurationInbound?: boolean;
}

export interface PrefixList {
  readonly family: 'ipv4' | 'ipv6';
  readonly name: string;
  readonly entries: readonly PrefixListEntry[];
}

export interface PrefixListEntry {
  readonly seq: number;
  readonly action: 'permit' | 'deny';
  /** `any` or a prefix. */
  readonly prefix: string;
  readonly ge?: number;
  readonly le?: number;
}

/** `bgp as-path access-list`. */
export interface AsPathList {
  readonly name: string;
  readonly entries: readonly AsPathListEntry[];
}

export interface AsPathListEntry {
  readonly seq: number;
  readonly action: 'permit' | 'deny';
  /** A POSIX extended regular expression over the ASNs of the path, parted by blanks; `_` is any separator, either end included. */
  readonly regex: string;
}

export interface RouteMap {
  readonly name: string;
  readonly entries: readonly RouteMapEntry[];
}

export interface RouteMapEntry {
  readonly action: 'permit' | 'deny';
  readonly seq: number;
  readonly description?: string;
  /** `match ip|ipv6 address prefix-list NAME`. */
  readonly matchIpv4PrefixList?: string;
  readonly matchIpv6PrefixList?: string;
  /** `match as-path NAME`. */
  readonly matchAsPath?: string;
  /** `match interface NAME`. */
  readonly matchInterface?: string;
  readonly setLocalPreference?: number;
  readonly setMetric?: number;
  /** `set as-path prepend A B C`. */
  readonly setAsPathPrepend?: readonly number[];
  /** `set src ADDRESS` (zebra). */
  readonly setSource?: string;
}

export interface ProtocolRouteMap {
  readonly family: 'ipv4' | 'ipv6';
  /** `bgp`, `static`, `any`, ... */
  readonly protocol: string;
  readonly routeMap: string;
}

/** A profile below `bfd`; times in milliseconds. */
export interface BfdProfile {
  readonly name: string;
  readonly detectMultiplier?: number;
  readonly receiveInterval?: number;
  readonly transmitInterval?: number;
  readonly shutdown?: boolean;
}

/** A statement kept verbatim: the block it stands in (outermost first, empty at top level), and how many known or unknown statements of that block stand before it. */
export interface UnknownStatement {
  readonly context: readonly string[];
  readonly text: string;
  readonly index: number;
  /** Counted from 1; 0 where the model was not read from a text. */
  readonly line: number;
  /** Set where the statement opens a block of its own: the line that ends it (`exit`, `exit-vrf`). Its inner lines have it as their innermost context. */
  readonly closedBy?: string;
}
