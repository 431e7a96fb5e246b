/** One address family's sessions as directed edges, each with the policies of both of its ends. */
import type { AddressFamilyPeer } from 'frr-config';
import type { Attributes } from './attributes.ts';
import { MULTIPATH } from './defaults.ts';
import type { Policies, PrefixFilter, RouteMapFilter } from './policy.ts';
import { contains, type Family, type KnownPrefix } from './prefixes.ts';
import type { Session, SessionEnd } from './sessions.ts';
import type { Router, Speaker } from './speakers.ts';

export interface Graph {
  readonly family: Family;
  /** Indexed as the routers are; undefined for routers without BGP. */
  readonly nodes: readonly (GraphNode | undefined)[];
  readonly edges: readonly Edge[];
}

export interface GraphNode {
  readonly router: Router;
  readonly speaker: Speaker;
  /** Best of ties first: lowest router ID, then lowest address (RFC 4271 section 9.1.2.2 f and g). */
  readonly incoming: readonly Edge[];
  readonly outgoing: readonly Edge[];
  /** For routes of eBGP; those of iBGP have no limit here. */
  readonly maximumPaths: number;
  /** Whether any of its route-maps matches on the interface. */
  readonly matchesInterface: boolean;
}

/** What flows from one speaker to a neighbour. Where a policy that RFC 8212 requires is missing there is no edge. */
export interface Edge {
  readonly index: number;
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly ebgp: boolean;
  /** The receiver's name for the sender. */
  readonly neighbor: string;
  readonly senderNeighbor: string;
  /** The receiver's interface: where its packets go. */
  readonly interface: string;
  readonly senderInterface: string;
  readonly exportFilter: PrefixFilter | undefined;
  readonly exportMap: RouteMapFilter | undefined;
  readonly importFilter: PrefixFilter | undefined;
  readonly importMap: RouteMapFilter | undefined;
  /** How often the receiver's own ASN may be in the path. */
  readonly allowasIn: number;
  readonly nextHopSelf: boolean;
  /** The sender's address; undefined for link-local ones, which nobody knows beforehand. */
  readonly address: bigint | undefined;
  /** The receiver's address and its subnet, where the next hop may be a third party's. */
  readonly shared: { readonly own: bigint; readonly subnet: KnownPrefix } | undefined;
  /** What `match interface` sees inbound; undefined where it never matches. */
  readonly matchedInterface: string | undefined;
}

export function graphOf(
  family: Family,
  routers: readonly Router[],
  sessions: readonly Session[],
  policies: readonly Policies[],
): Graph {
  type Building = Omit<GraphNode, 'incoming' | 'outgoing' | 'matchesInterface'> & {
    incoming: Edge[];
    outgoing: Edge[];
    matchesInterface: boolean;
  };
  const nodes = routers.map((router): Building | undefined => {
    const { speaker } = router;
    if (!speaker || router.frozen) return undefined;
    const settings = family === 'ipv4' ? speaker.bgp.ipv4Unicast : speaker.bgp.ipv6Unicast;
    const maximumPaths = settings?.maximumPaths ?? MULTIPATH;
    return { router, speaker, incoming: [], outgoing: [], maximumPaths, matchesInterface: false };
  });
  const edges: Edge[] = [];
  const connect = (sender: SessionEnd, receiver: SessionEnd, ebgp: boolean) => {
    const [from, to] = [nodes[sender.router.index]!, nodes[receiver.router.index]!];
    const outbound = sender.neighbor[family]!;
    const inbound = receiver.neighbor[family]!;
    if (ebgp && sender.speaker.knobs.ebgpRequiresPolicy && !(outbound.routeMapOut ?? outbound.prefixListOut)) return;
    if (ebgp && receiver.speaker.knobs.ebgpRequiresPolicy && !(inbound.routeMapIn ?? inbound.prefixListIn)) return;
    const edge: Edge = {
      index: edges.length,
      from,
      to,
      ebgp,
      neighbor: receiver.neighbor.name,
      senderNeighbor: sender.neighbor.name,
      interface: receiver.endpoint.port.name,
      senderInterface: sender.endpoint.port.name,
      ...exportPolicy(family, outbound, policies[from.router.index]!),
      ...importPolicy(family, inbound, policies[to.router.index]!),
      allowasIn: inbound.allowasIn ?? 0,
      nextHopSelf: outbound.nextHopSelf ?? false,
      address: receiver.endpoint.transport === 'link-local' ? undefined : receiver.endpoint.remote,
      shared: sharedSubnet(family, receiver),
      matchedInterface: matchedInterface(family, sender, receiver),
    };
    edges.push(edge);
    from.outgoing.push(edge);
    to.incoming.push(edge);
    if (edge.exportMap?.matchesInterface) from.matchesInterface = true;
    if (edge.importMap?.matchesInterface) to.matchesInterface = true;
  };
  for (const session of sessions) {
    if (!session.families.includes(family)) continue;
    connect(session.a, session.z, session.ebgp);
    connect(session.z, session.a, session.ebgp);
  }
  for (const node of nodes) node?.incoming.sort(byPreference);
  return { family, nodes, edges };
}

/** Order of preference between paths that are equal until then; addresses that are unknown go by the neighbour's name. */
export function byPreference(left: Edge, right: Edge): number {
  return (
    left.from.speaker.routerId - right.from.speaker.routerId ||
    compareAddresses(left.address, right.address) ||
    (left.neighbor < right.neighbor ? -1 : 1)
  );
}

/** The order in which FRR fills a multipath set: by next hop. */
export function byNextHop(left: Edge, right: Edge): number {
  return compareAddresses(left.address, right.address) || byPreference(left, right);
}

function compareAddresses(left: bigint | undefined, right: bigint | undefined): number {
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}

function exportPolicy(family: Family, peer: AddressFamilyPeer, policies: Policies) {
  return {
    exportFilter: peer.prefixListOut === undefined ? undefined : policies.prefixList(family, peer.prefixListOut),
    exportMap: peer.routeMapOut === undefined ? undefined : policies.routeMap(peer.routeMapOut),
  };
}

function importPolicy(family: Family, peer: AddressFamilyPeer, policies: Policies) {
  return {
    importFilter: peer.prefixListIn === undefined ? undefined : policies.prefixList(family, peer.prefixListIn),
    importMap: peer.routeMapIn === undefined ? undefined : policies.routeMap(peer.routeMapIn),
  };
}

function sharedSubnet(family: Family, { endpoint }: SessionEnd): Edge['shared'] {
  if (endpoint.transport !== family) return undefined;
  const host = { family, address: endpoint.own, length: family === 'ipv4' ? 32 : 128 };
  const own = endpoint.port.addresses.find(({ subnet }) => contains(subnet, host));
  return own && { own: endpoint.own, subnet: own.subnet };
}

/** bgpd keeps the interface of a next hop where that is a link-local address alone: the sender has no other on the link. */
function matchedInterface(family: Family, sender: SessionEnd, { endpoint }: SessionEnd): string | undefined {
  if (family === 'ipv4' && endpoint.transport !== 'link-local') return undefined;
  const hasGlobal = sender.endpoint.port.addresses.some((own) => own.family === 'ipv6');
  return hasGlobal ? undefined : endpoint.port.name;
}

/** Whether a local route's next hop is a third party to this neighbour, is the neighbour itself, or is neither. */
export function thirdPartyOf(edge: Edge, attributes: Attributes): 'none' | 'on-subnet' | 'receiver' {
  const { thirdParty: address } = attributes;
  if (address === undefined || !edge.shared) return 'none';
  const { own, subnet } = edge.shared;
  if (address === own) return 'receiver';
  const host = { family: subnet.family, address, length: subnet.family === 'ipv4' ? 32 : 128 };
  return contains(subnet, host) ? 'on-subnet' : 'none';
}
