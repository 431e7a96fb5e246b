/** What FRR 8.4 takes for granted where a configuration says nothing, by its `frr defaults` and `frr version` statements. */
import type { BgpConfig, FrrConfig } from 'frr-config';

/** Administrative distances of zebra. */
export const DISTANCE = { connected: 0, static: 1, ebgp: 20, ibgp: 200, never: 255 } as const;

/** Next hops of one route that Debian's build accepts; also `maximum-paths` where it is not set. */
export const MULTIPATH = 256;

export const LOCAL_PREFERENCE = 100;

export interface BgpKnobs {
  /** RFC 8212. */
  readonly ebgpRequiresPolicy: boolean;
  readonly networkImportCheck: boolean;
  readonly defaultIpv4Unicast: boolean;
  readonly deterministicMed: boolean;
  readonly multipathRelax: boolean;
  readonly compareRouterId: boolean;
  readonly suppressFibPending: boolean;
}

/** The knobs of a BGP instance. Files written by FRR before 7.4 keep the defaults of their time. */
export function bgpKnobs(config: FrrConfig, bgp: BgpConfig): BgpKnobs {
  const datacenter = config.defaults === 'datacenter';
  const old = config.version !== undefined && isBefore(config.version, 7, 4);
  return {
    ebgpRequiresPolicy: bgp.ebgpRequiresPolicy ?? (!datacenter && !old),
    networkImportCheck: bgp.networkImportCheck ?? (datacenter || !old),
    defaultIpv4Unicast: bgp.defaultIpv4Unicast ?? true,
    deterministicMed: bgp.deterministicMed ?? datacenter,
    multipathRelax: bgp.bestpath?.asPathMultipathRelax ?? false,
    compareRouterId: bgp.bestpath?.compareRouterId ?? false,
    suppressFibPending: bgp.suppressFibPending ?? false,
  };
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [, ours, point] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (ours === undefined) return false;
  return Number(ours) < major || (Number(ours) === major && Number(point ?? 0) < minor);
}
