/** Which BGP sessions come up, and which address families they carry. */
import type { Findings } from './findings.ts';
import { getOrMake } from './get-or-make.ts';
import type { Endpoint, Neighbor } from './neighbors.ts';
import type { OracleLink } from './oracle.ts';
import type { Family } from './prefixes.ts';
import type { Router, Speaker, SpeakerNeighbor } from './speakers.ts';

export interface Session {
  readonly link: OracleLink;
  /** In the order of the link's ends. */
  readonly a: SessionEnd;
  readonly z: SessionEnd;
  readonly ebgp: boolean;
  /** Families that both ends activated and whose next hops resolve. */
  readonly families: readonly Family[];
}

export interface SessionEnd {
  readonly router: Router;
  readonly speaker: Speaker;
  readonly neighbor: Neighbor;
  readonly endpoint: Endpoint;
}

export function sessionsOf(
  routers: readonly Router[],
  links: readonly OracleLink[],
  findings: Findings,
): readonly Session[] {
  const byName = new Map(routers.map((router) => [router.name, router]));
  const byPort = new Map<Router, Map<string, SpeakerNeighbor[]>>();
  for (const router of routers) byPort.set(router, neighborsByPort(router, byName, findings));

  const sessions: Session[] = [];
  for (const link of links) {
    const [a, z] = [byName.get(link.a.node), byName.get(link.z.node)];
    if (!a?.speaker || !z?.speaker || a === z || a.frozen || z.frozen) continue;
    for (const near of byPort.get(a)!.get(link.a.interface) ?? []) {
      for (const far of byPort.get(z)!.get(link.z.interface) ?? []) {
        const ends = [
          { router: a, speaker: a.speaker, neighbor: near.config, endpoint: near.endpoint! },
          { router: z, speaker: z.speaker, neighbor: far.config, endpoint: far.endpoint! },
        ] as const;
        const session = establish(link, ...ends, findings);
        if (session) sessions.push(session);
      }
    }
  }
  return sessions;
}

/** The neighbours of a router by the port they are reached over; those that this model cannot follow are reported. */
function neighborsByPort(
  router: Router,
  byName: ReadonlyMap<string, Router>,
  findings: Findings,
): Map<string, SpeakerNeighbor[]> {
  const byPort = new Map<string, SpeakerNeighbor[]>();
  for (const each of router.speaker?.neighbors ?? []) {
    const { config, endpoint } = each;
    const statement = `neighbor ${config.name}`;
    if (config.shutdown) continue;
    if (!endpoint) {
      const needsRoutes = !config.byInterface && (config.multihop || isInternal(config, router.speaker!));
      if (needsRoutes)
        findings.add(router.name, 0, statement, 'a session over more than one hop depends on other routes');
      if (/^fe80:/i.test(config.name)) {
        findings.add(router.name, 0, statement, 'link-local addresses of the far end are not known beforehand');
      }
      continue;
    }
    if (config.updateSource !== undefined && !isOwnEnd(config.updateSource, endpoint, router)) {
      findings.add(router.name, 0, `${statement} update-source`, 'only the address of the link itself is modelled');
      continue;
    }
    const { peer } = endpoint.port;
    if (peer && !byName.has(peer.node) && !router.frozen) {
      // Off is known; a node without an FRR configuration may speak BGP by other means, or be a bridge to somebody who does.
      findings.add(router.name, 0, statement, `${peer.node} at the far end has no FRR configuration`);
      continue;
    }
    getOrMake(byPort, endpoint.port.name, () => []).push(each);
  }
  return byPort;
}

function isInternal(neighbor: Neighbor, speaker: Speaker): boolean {
  return neighbor.remoteAs === 'internal' || neighbor.remoteAs === speaker.asn;
}

function isOwnEnd(source: string, endpoint: Endpoint, router: Router): boolean {
  if (source === endpoint.port.name || endpoint.transport === 'link-local') return source === endpoint.port.name;
  const text = router.ports.get(endpoint.port.name)?.addresses.find(({ address }) => address === endpoint.own)?.text;
  return text === source;
}

function establish(link: OracleLink, a: SessionEnd, z: SessionEnd, findings: Findings): Session | undefined {
  if (!reachEachOther(a.endpoint, z.endpoint)) return undefined;
  if (a.neighbor.passive && z.neighbor.passive) return undefined;
  if (a.neighbor.password !== z.neighbor.password) return undefined;
  if (!acceptsAs(a, z) || !acceptsAs(z, a)) return undefined;
  const ebgp = a.speaker.asn !== z.speaker.asn;
  if (!a.speaker.routerId || !z.speaker.routerId) return undefined;
  // RFC 6286: a router ID need only be unique within its AS.
  if (!ebgp && a.speaker.routerId === z.speaker.routerId) return undefined;
  const negotiated = (['ipv4', 'ipv6'] as const).filter((family) => a.neighbor[family] && z.neighbor[family]);
  // FRR refuses a peer with whom it shares no address family (RFC 5492, Unsupported Capability).
  if (negotiated.length === 0) return undefined;
  const families = negotiated.filter((family) => family === 'ipv6' || hasIpv4NextHops(a, z, findings));
  return { link, a, z, ebgp, families };
}

function reachEachOther(a: Endpoint, z: Endpoint): boolean {
  if (a.transport === 'link-local' || z.transport === 'link-local') return a.transport === z.transport;
  return a.remote === z.own && z.remote === a.own && a.transport === z.transport;
}

function acceptsAs(own: SessionEnd, other: SessionEnd): boolean {
  const { remoteAs } = own.neighbor;
  if (remoteAs === 'external') return other.speaker.asn !== own.speaker.asn;
  if (remoteAs === 'internal') return other.speaker.asn === own.speaker.asn;
  return remoteAs === other.speaker.asn;
}

/** IPv4 routes need a session over IPv4, RFC 8950 on both ends, or IPv4 addresses of one subnet on the link. */
function hasIpv4NextHops(a: SessionEnd, z: SessionEnd, findings: Findings): boolean {
  if (a.endpoint.transport === 'ipv4') return true;
  if (a.neighbor.extendedNexthop && z.neighbor.extendedNexthop) return true;
  const subnets = (end: SessionEnd) => {
    return end.endpoint.port.addresses.filter(({ family }) => family === 'ipv4').map(({ subnet }) => subnet);
  };
  if (subnets(a).some((subnet) => subnets(z).includes(subnet))) return true;
  for (const end of [a, z]) {
    findings.add(
      end.router.name,
      0,
      `neighbor ${end.neighbor.name}`,
      'IPv4 routes over IPv6 without capability extended-nexthop: their next hop is no address of this link',
    );
  }
  return false;
}
