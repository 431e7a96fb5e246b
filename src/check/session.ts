/** One `neighbor` of a configuration, with what it inherits; nothing of who is at the other end. */
import type { AddressFamilyPeer, BgpConfig, BgpNeighbor, BgpPeer, FrrConfig } from 'frr-config';
import type { Family } from '../fabric/cidr.ts';

export interface SessionConfig {
  readonly bgp: BgpConfig;
  /** `bgp/0`. */
  readonly bgpPath: string;
  readonly neighbor: BgpNeighbor;
  /** `bgp/0/neighbors/2`. */
  readonly path: string;
  readonly group: { readonly peer: BgpPeer; readonly path: string } | undefined;
}

/** A setting and the path of the statement that makes it. */
export interface Placed<T> {
  readonly value: T;
  readonly path: string;
}

export const FAMILIES = ['ipv4', 'ipv6'] as const;
export const FAMILY_KEY = { ipv4: 'ipv4Unicast', ipv6: 'ipv6Unicast' } as const;

/** Every neighbour of every BGP instance. */
export function sessionsOf(config: FrrConfig): readonly SessionConfig[] {
  return (config.bgp ?? []).flatMap((bgp, i) => {
    const bgpPath = `bgp/${i}`;
    const groups = new Map(bgp.peerGroups?.map((peer, j) => [peer.name, { peer, path: `${bgpPath}/peerGroups/${j}` }]));
    return (bgp.neighbors ?? []).map((neighbor, j) => ({
      bgp,
      bgpPath,
      neighbor,
      path: `${bgpPath}/neighbors/${j}`,
      group: neighbor.peerGroup === undefined ? undefined : groups.get(neighbor.peerGroup),
    }));
  });
}

/** A setting of a session: the neighbour's own, else its group's. */
export function setting<K extends keyof BgpPeer>(
  session: SessionConfig,
  key: K,
): Placed<NonNullable<BgpPeer[K]>> | undefined {
  const { neighbor, group, path } = session;
  const own = neighbor[key];
  if (own !== undefined) return { value: own as NonNullable<BgpPeer[K]>, path: `${path}/${key}` };
  const inherited = group?.peer[key];
  if (inherited === undefined) return undefined;
  return { value: inherited as NonNullable<BgpPeer[K]>, path: `${group!.path}/${key}` };
}

/** As `setting`, for what an address family says of a session. */
export function familySetting<K extends keyof AddressFamilyPeer>(
  session: SessionConfig,
  family: Family,
  key: K,
): Placed<NonNullable<AddressFamilyPeer[K]>> | undefined {
  const { bgp, bgpPath, neighbor } = session;
  const peers = bgp[FAMILY_KEY[family]]?.neighbors ?? [];
  for (const name of [neighbor.name, neighbor.peerGroup]) {
    const index = name === undefined ? -1 : peers.findIndex((peer) => peer.name === name);
    const value = peers[index]?.[key];
    if (value === undefined) continue;
    return {
      value: value as NonNullable<AddressFamilyPeer[K]>,
      path: `${bgpPath}/${FAMILY_KEY[family]}/neighbors/${index}/${key}`,
    };
  }
  return undefined;
}

/** Whether a session carries a family. IPv4 is on unless `no bgp default ipv4-unicast`; IPv6 must be activated. */
export function isActive(session: SessionConfig, family: Family): boolean {
  const byDefault = family === 'ipv4' && session.bgp.defaultIpv4Unicast !== false;
  return familySetting(session, family, 'activate')?.value ?? byDefault;
}

/** Whether a session asks for BFD: naming a profile does so as well. */
export function hasBfd(session: SessionConfig): boolean {
  return setting(session, 'bfd')?.value ?? setting(session, 'bfdProfile') !== undefined;
}

/** Whether a session is between two ASNs; undefined where the configuration does not tell. */
export function isExternal(session: SessionConfig): boolean | undefined {
  const remoteAs = setting(session, 'remoteAs')?.value;
  if (remoteAs === undefined) return undefined;
  return remoteAs === 'external' || (remoteAs !== 'internal' && remoteAs !== session.bgp.asn);
}
