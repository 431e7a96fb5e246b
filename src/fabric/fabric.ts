/** A design worked out: the intent that reality is compared with. Plain, frozen, serialisable as `fabric.json`. */
import type { FrrConfig } from 'frr-config';

export interface Fabric {
  /** The lab's name. */
  readonly name: string;
  /** The design's parameters as given, defaults filled in: enough to make the fabric again. */
  readonly design: LeafSpineDesign;
  readonly nodes: readonly FabricNode[];
  readonly links: readonly FabricLink[];
  readonly racks: readonly Rack[];
  readonly powerDomains: readonly PowerDomain[];
  /** From the utility's feeds down to each device; absent in fabrics of older versions. */
  readonly power?: PowerTree;
}

/** One POD of leaves and spines after RFC 7938: parameters of `leafSpine`. */
export interface LeafSpineDesign {
  readonly kind: 'leaf-spine';
  readonly name: string;
  /** 1 to 64. */
  readonly spines: number;
  /** One leaf each; 1 to 512. */
  readonly racks: number;
  /** Servers in each rack; 0 to 64. */
  readonly servers: number;
  /**
   * One ASN for all spines, one a leaf, one a server (RFC 7938 section 5.2.1, RFC 6996): spines have `spine` itself, the leaf of
   * rack R has `leaf + R`, servers count from `server + 1` on.
   */
  readonly asn: { readonly spine: number; readonly leaf: number; readonly server: number };
  /** Pools that addresses are taken from, in CIDR. A rack gets one `/24` and one `/64` of the rack pools. */
  readonly pools: {
    readonly loopback4: string;
    readonly loopback6: string;
    readonly rack4: string;
    readonly rack6: string;
    /** Floating service addresses, `/32` and `/128`, which any server may announce at any time. Both or none. */
    readonly service4?: string;
    readonly service6?: string;
  };
  /** Absent: sessions without BFD. Milliseconds. */
  readonly bfd?: { readonly intervalMs: number; readonly multiplier: number };
  readonly timers: DesignTimers;
  /** Bytes. */
  readonly mtu: number;
  /** Disk of each server in bytes, 0 for none; mounted at `/var/lib/store`. */
  readonly serverDiskBytes: number;
  /**
   * What a power cut takes from it. `safe` (where absent): nothing that reached the disk; `cached`: what was not flushed out of its write
   * cache; `lying`: that too, and what it was told to flush.
   */
  readonly serverDiskKind?: 'safe' | 'cached' | 'lying';
  /** Absent in designs of older versions: two feeds, everything with two supplies. */
  readonly power?: PowerDesign;
}

export interface PowerDesign {
  /** Utility feeds, each with its UPS: 1 or 2. */
  readonly feeds: number;
  /** Availability zones that racks and spines are dealt to, one after the other; 1 to 16. */
  readonly zones: number;
  /** Racks in a row; a row lies in one zone. 1 to 64. */
  readonly rowsOf: number;
  /** Power supplies of each device, 1 or 2: the second one hangs on the other PDU. */
  readonly supplies: { readonly spine: number; readonly leaf: number; readonly server: number };
}

export interface DesignTimers {
  /** Seconds. */
  readonly keepalive: number;
  readonly hold: number;
  readonly connect: number;
  /** Milliseconds. */
  readonly coalesceMs: number;
  readonly raIntervalMs: number;
}

export type Role = 'spine' | 'leaf' | 'server';

export interface FabricNode {
  /** `spine-1`, `leaf-3`, `server-3-1`. */
  readonly name: string;
  readonly role: Role;
  /** Counted from 1 within the role (a server: within its rack). */
  readonly index: number;
  /** Name of its rack; spines have none. */
  readonly rack?: string;
  /** Availability zone, as `zone-2`. */
  readonly zone?: string;
  readonly asn: number;
  readonly routerId: string;
  /** Loopback addresses with prefix length (`/32`, `/128`): a server's are its service addresses. */
  readonly loopback4: string;
  readonly loopback6: string;
  readonly ports: readonly Port[];
  readonly config: FrrConfig;
}

export interface Port {
  readonly interface: string;
  /** Index into `Fabric.links`. */
  readonly link: number;
  readonly peer: { readonly node: string; readonly interface: string };
}

export interface FabricLink {
  /** `spine-1:eth1--leaf-1:eth1`: the name faults and findings use. */
  readonly name: string;
  readonly a: { readonly node: string; readonly interface: string };
  readonly z: { readonly node: string; readonly interface: string };
  readonly mtu: number;
}

export interface Rack {
  readonly name: string;
  readonly leaf: string;
  readonly servers: readonly string[];
  /** Row and availability zone that it stands in. */
  readonly row?: string;
  readonly zone?: string;
  readonly prefix4: string;
  readonly prefix6: string;
}

/**
 * Who draws power from whom, and where it stands. An element is live while it is not cut, its place is not, and one of those that it draws
 * from is live; a device is live while one of its supplies is.
 */
export interface PowerTree {
  readonly elements: readonly PowerElement[];
  readonly devices: readonly PoweredDevice[];
  readonly places: readonly PowerPlace[];
}

export type PowerElementKind = 'feed' | 'ups' | 'pdu' | 'outlet';

export interface PowerElement {
  /** `feed-a`, `ups-a`, `rack-7-pdu-b`, `rack-7-pdu-b-2`: no two elements or places share one. */
  readonly name: string;
  readonly kind: PowerElementKind;
  /** Elements that it draws from, any of which is enough; a feed has none. */
  readonly from: readonly string[];
  /** Place that it stands in. */
  readonly within?: string;
}

export interface PoweredDevice {
  readonly node: string;
  /** Elements, mostly outlets, that its power supplies are plugged into. */
  readonly supplies: readonly string[];
  readonly within?: string;
}

export type PowerPlaceKind = 'rack' | 'row' | 'zone' | 'pod' | 'centre';

/** Where elements and devices stand, and go dark together. */
export interface PowerPlace {
  readonly name: string;
  readonly kind: PowerPlaceKind;
  readonly within?: string;
}

/** What loses power together where a rack has a single feed. */
export interface PowerDomain {
  readonly name: string;
  readonly nodes: readonly string[];
}
