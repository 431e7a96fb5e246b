/** The neighbours of one BGP instance with everything inherited from their peer-groups, and where their packets go. */
import type { AddressFamilyPeer, BgpConfig, RemoteAs } from 'frr-config';
import { effectivePeer } from 'frr-config';
import type { Port, Ports } from './ports.ts';
import { contains, type Family, type Prefix, parseAddress } from './prefixes.ts';

export interface Neighbor {
  readonly name: string;
  readonly byInterface: boolean;
  readonly v6only: boolean;
  readonly remoteAs: RemoteAs | undefined;
  readonly password: string | undefined;
  readonly shutdown: boolean;
  readonly passive: boolean;
  /** IPv4 routes may have IPv6 next hops (RFC 8950). */
  readonly extendedNexthop: boolean;
  readonly multihop: boolean;
  readonly updateSource: string | undefined;
  /** Undefined where the family is not activated. */
  readonly ipv4: AddressFamilyPeer | undefined;
  readonly ipv6: AddressFamilyPeer | undefined;
}

export function neighborsOf(bgp: BgpConfig): readonly Neighbor[] {
  return (bgp.neighbors ?? []).map((one) => {
    const peer = effectivePeer(bgp, one);
    const byInterface = peer.byInterface ?? false;
    return {
      name: peer.name,
      byInterface,
      v6only: peer.v6only ?? false,
      remoteAs: peer.remoteAs,
      password: peer.password,
      shutdown: peer.shutdown ?? false,
      passive: peer.passive ?? false,
      extendedNexthop: one.extendedNexthop ?? (byInterface || (peer.extendedNexthop ?? false)),
      multihop: (peer.ebgpMultihop ?? 1) > 1,
      updateSource: peer.updateSource,
      ipv4: peer.ipv4Unicast.activate ? peer.ipv4Unicast : undefined,
      ipv6: peer.ipv6Unicast.activate ? peer.ipv6Unicast : undefined,
    };
  });
}

/** How a neighbour is reached over one port: by link-local address, or from one address to another. */
export type Endpoint =
  | { readonly port: Port; readonly transport: 'link-local' }
  | { readonly port: Port; readonly transport: Family; readonly own: bigint; readonly remote: bigint };

/**
 * Where a neighbour's packets go, or undefined where its interface is missing or down, or no port that is up has its
 * address on a subnet. A neighbour by interface without `v6only` takes the other address of an IPv4 /30 or /31.
 */
export function endpointOf(neighbor: Neighbor, ports: Ports): Endpoint | undefined {
  if (neighbor.byInterface) {
    const port = ports.get(neighbor.name);
    if (!port?.up || !port.link) return undefined;
    const pair = neighbor.v6only ? undefined : port.addresses.find(({ subnet }) => isPointToPoint(subnet));
    if (!pair) return { port, transport: 'link-local' };
    const remote = pair.subnet.length === 31 ? pair.address ^ 1n : pair.address ^ 3n;
    return { port, transport: 'ipv4', own: pair.address, remote };
  }
  const remote = parseAddress(neighbor.name);
  if (!remote) return undefined;
  const { family, address } = remote;
  const host = { family, address, length: family === 'ipv4' ? 32 : 128 };
  for (const port of ports.values()) {
    if (!port.up || !port.link) continue;
    const own = port.addresses.find(({ subnet }) => contains(subnet, host));
    if (own) return { port, transport: family, own: own.address, remote: address };
  }
  return undefined;
}

function isPointToPoint(subnet: Prefix): boolean {
  return subnet.family === 'ipv4' && (subnet.length === 30 || subnet.length === 31);
}
