/** bgpd's sessions and routes (RFC 4271), typed. */
import type { Frr } from './frr.ts';
import { flag, list, number, object, optional, text } from './json.ts';

export interface BgpSession {
  /** Address, or the interface of an unnumbered session. */
  readonly neighbour: string;
  readonly family: 4 | 6;
  /** What the peer calls itself; undefined until the first OPEN. */
  readonly hostname?: string;
  /** 0 while `remote-as external` has not met its peer. */
  readonly remoteAs: number;
  /** RFC 4271 section 8.2.2: `Established` is the one that counts. */
  readonly state: string;
  readonly established: boolean;
  /** Since the last change of state, where FRR tells it. */
  readonly uptimeMs?: number;
  readonly prefixesReceived: number;
  readonly prefixesSent?: number;
  /** How often the session was lost since bgpd started. */
  readonly dropped: number;
}

/**
 * All BGP sessions of a node, each once a family it carries.
 * @throws VtyError
 */
export async function bgpSessions(frr: Frr): Promise<readonly BgpSession[]> {
  const summary = object(await frr.vty('bgpd').json('show bgp summary json'));
  return [...sessionsOf(summary['ipv4Unicast'], 4), ...sessionsOf(summary['ipv6Unicast'], 6)];
}

function sessionsOf(summary: unknown, family: 4 | 6): readonly BgpSession[] {
  return Object.entries(object(object(summary)['peers'])).map(([neighbour, value]) => {
    const peer = object(value);
    const state = text(peer['state']) ?? 'unknown';
    return {
      neighbour,
      family,
      ...optional('hostname', text(peer['hostname'])),
      remoteAs: number(peer['remoteAs']) ?? 0,
      state,
      established: state === 'Established',
      ...optional('uptimeMs', number(peer['peerUptimeMsec'])),
      prefixesReceived: number(peer['pfxRcd']) ?? 0,
      ...optional('prefixesSent', number(peer['pfxSnt'])),
      dropped: number(peer['connectionsDropped']) ?? 0,
    };
  });
}

/**
 * The router ID that bgpd runs with; undefined where it runs no instance.
 * @throws VtyError
 */
export async function bgpRouterId(frr: Frr): Promise<string | undefined> {
  const summary = object(await frr.vty('bgpd').json('show bgp summary json'));
  return text(object(summary['ipv4Unicast'])['routerId']) ?? text(object(summary['ipv6Unicast'])['routerId']);
}

/**
 * Whether a router announces a prefix as its own.
 * @throws VtyError
 */
export async function originates(frr: Frr, prefix: string): Promise<boolean> {
  const family = prefix.includes(':') ? 6 : 4;
  const answer = object(await frr.vty('bgpd').json(`show bgp ipv${family} unicast ${prefix} json`));
  // For a prefix that is not in the table, bgpd answers with nothing; for an address it would answer with the route that covers it.
  return answer['prefix'] === prefix && list(answer['paths']).some((path) => flag(object(path)['sourced']));
}

export interface BgpPath {
  readonly valid: boolean;
  readonly best: boolean;
  /** Shares the load with the best path; false for the best path itself, which versions of FRR mark differently. */
  readonly multipath: boolean;
  /** Why it won, in bgpd's words, such as `Older Path`. */
  readonly reason?: string;
  /** Left to right as the AS_PATH holds it; empty for a route of the node's own. Sets stay as bgpd writes them (`{65001,65002}`). */
  readonly asPath: readonly string[];
  /** Interface or address of the session it came over; undefined for a route of the node's own. */
  readonly from?: string;
  readonly nextHops: readonly BgpNextHop[];
}

export interface BgpNextHop {
  readonly address: string;
  readonly hostname?: string;
  /** Of the two next hops of an IPv6 path, global and link-local, the one that forwards. */
  readonly used: boolean;
}

/**
 * bgpd's table, by prefix.
 * @throws VtyError
 */
export async function bgpRoutes(frr: Frr, family: 4 | 6): Promise<ReadonlyMap<string, readonly BgpPath[]>> {
  const answer = object(await frr.vty('bgpd').json(`show bgp ipv${family} unicast json`));
  return new Map(
    Object.entries(object(answer['routes'])).map(([prefix, paths]) => [prefix, list(paths).map(pathOf)] as const),
  );
}

function pathOf(value: unknown): BgpPath {
  const path = object(value);
  const from = text(path['peerId']);
  return {
    valid: flag(path['valid']),
    best: flag(path['bestpath']),
    multipath: flag(path['multipath']) && !flag(path['bestpath']),
    ...optional('reason', text(path['selectionReason'])),
    asPath: (text(path['path']) ?? '').split(' ').filter((as) => as !== ''),
    ...optional('from', from === '(unspec)' ? undefined : from),
    nextHops: list(path['nexthops']).map((value) => {
      const hop = object(value);
      return {
        address: text(hop['ip']) ?? '',
        ...optional('hostname', text(hop['hostname'])),
        used: flag(hop['used']),
      };
    }),
  };
}
