/** What a neighbour is after its peer-group has had its say. */
import type { AddressFamilyPeer, BgpConfig, BgpNeighbor } from './model.ts';

/** A neighbour with the settings it inherits, and its settings in each family that has any. */
export interface EffectivePeer extends BgpNeighbor {
  readonly ipv4Unicast: AddressFamilyPeer;
  readonly ipv6Unicast: AddressFamilyPeer;
}

/**
 * Merges a neighbour with its peer-group: what it does not set itself comes from the group, in both address families too.
 * `activate` is always set: by the neighbour, by its group, or by `bgp default ipv4-unicast` (on unless the configuration says no;
 * IPv6 is off by default). To FRR, `no neighbor X shutdown` (or `passive`, `bfd`, `next-hop-self`, ...) of a member means that the group decides.
 * Other defaults are left to `withDefaults`.
 * @param neighbor one of the configuration's, or its name
 * @throws Error where the instance has no neighbour of that name
 */
export function effectivePeer(bgp: BgpConfig, neighbor: BgpNeighbor | string): EffectivePeer {
  const own = typeof neighbor === 'string' ? bgp.neighbors?.find((other) => other.name === neighbor) : neighbor;
  if (own === undefined) throw new Error(`frr-config: router bgp ${bgp.asn} has no neighbor ${String(neighbor)}`);
  const group = bgp.peerGroups?.find((other) => other.name === own.peerGroup);
  return {
    ...group,
    ...memberSettings(own),
    ipv4Unicast: familyPeer(bgp, 'ipv4Unicast', own),
    ipv6Unicast: familyPeer(bgp, 'ipv6Unicast', own),
  };
}

function familyPeer(bgp: BgpConfig, family: 'ipv4Unicast' | 'ipv6Unicast', own: BgpNeighbor): AddressFamilyPeer {
  const peers = bgp[family]?.neighbors ?? [];
  const settings = (name: string | undefined) => peers.find((peer) => peer.name === name);
  const stated = settings(own.name);
  const member = own.peerGroup === undefined || stated === undefined ? stated : memberFamilySettings(stated);
  return { activate: activeByDefault(bgp, family), ...settings(own.peerGroup), ...member, name: own.name };
}

/** What a neighbour sets itself; a member of a peer-group cannot turn off what its group turns on, but for what its interface brings. */
export function memberSettings<T extends BgpNeighbor>(own: T): T {
  if (own.peerGroup === undefined) return own;
  const { shutdown, passive, bfd, extendedNexthop, ...rest } = own;
  return {
    ...rest,
    ...(shutdown && { shutdown }),
    ...(passive && { passive }),
    ...(bfd && { bfd }),
    ...(extendedNexthop !== undefined && (extendedNexthop || own.byInterface) && { extendedNexthop }),
  } as T;
}

/** The same for what a member sets in one address family. */
export function memberFamilySettings(own: AddressFamilyPeer): AddressFamilyPeer {
  const { nextHopSelf, softReconfigurationInbound, ...rest } = own;
  return {
    ...rest,
    ...(nextHopSelf && { nextHopSelf }),
    ...(softReconfigurationInbound && { softReconfigurationInbound }),
  };
}

/** Whether a neighbour is active in a family that says nothing about it. */
export function activeByDefault(bgp: BgpConfig, family: 'ipv4Unicast' | 'ipv6Unicast'): boolean {
  return family === 'ipv4Unicast' && bgp.defaultIpv4Unicast !== false;
}
