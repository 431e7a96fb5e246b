/** Which way the kernel would send one packet: `ip route get` without the fork. */
import { addressBytes, ipv4Text, ipv6Text } from './ip-text.ts';
import type { NetlinkSocket } from './netlink.ts';
import { AF, attribute, eachAttribute, NLMSG, RTM, request, uint16BigEndian, uint32 } from './netlink-message.ts';

const RTA = Object.freeze({ dst: 1, src: 2, iif: 3, oif: 4, gateway: 5, via: 18, ipProto: 27, sport: 28, dport: 29 });
const TYPE = Object.freeze({ unicast: 1, local: 2 });

/** IP protocol numbers that `routeGet` knows ports of. */
export const IPPROTO = Object.freeze({ tcp: 6, udp: 17 });

export interface RouteQuery {
  readonly family: 4 | 6;
  readonly dst: string;
  readonly src?: string;
  /** Index of the interface on which the packet comes in; absent: the namespace sends it itself. A forwarded packet needs `src` as well. */
  readonly iif?: number;
  /** IP protocol number (`IPPROTO`). */
  readonly ipProto: number;
  readonly sport: number;
  readonly dport: number;
}

export interface RouteAnswer {
  /** Index of the output interface in the socket's namespace. */
  readonly oif: number;
  readonly gateway?: string;
  /** The packet is for this namespace itself. */
  readonly local: boolean;
}

/**
 * Asks the namespace of a socket where it would send a packet with this 5-tuple (RTM_GETROUTE with ports: `ip route get DST from SRC
 * iif IF ipproto udp sport S dport D`). Where next hops share the load, the answer is the one that the kernel's hash picks for this
 * very tuple, provided that `fib_multipath_hash_policy` is 1 or 3 with ports among its fields in that namespace; under policy 0 ports have no influence.
 *
 * Synchronous, some 20 us a question; the socket may be kept for any number of them:
 * ```ts
 * const socket = new NetlinkSocket('/run/netns/clab-lab-leaf1');
 * routeGet(socket, { family: 4, dst: '10.0.0.2', src: '10.0.0.1', ipProto: IPPROTO.udp, sport: 20001, dport: 20000 })?.oif;
 * ```
 * @returns undefined where there is no route, or one that drops
 * @throws Error where an address is malformed or the kernel refuses the question itself
 */
export function routeGet(socket: NetlinkSocket, query: RouteQuery): RouteAnswer | undefined {
  const host = query.family === 4 ? 32 : 128;
  const fixed = Buffer.alloc(12);
  fixed[0] = query.family === 4 ? AF.inet : AF.inet6;
  fixed[1] = host;
  fixed[2] = query.src === undefined ? 0 : host;
  const attributes = [attribute(RTA.dst, address(query.dst, query.family))];
  if (query.src !== undefined) attributes.push(attribute(RTA.src, address(query.src, query.family)));
  if (query.iif !== undefined) attributes.push(attribute(RTA.iif, uint32(query.iif)));
  attributes.push(attribute(RTA.ipProto, Uint8Array.of(query.ipProto)));
  attributes.push(attribute(RTA.sport, uint16BigEndian(query.sport)));
  attributes.push(attribute(RTA.dport, uint16BigEndian(query.dport)));
  const answer = socket.ask(request(RTM.getRoute, 0, fixed, attributes));
  if (typeof answer === 'number') {
    if (NO_ROUTE.has(answer)) return undefined;
    throw new Error(`route get ${query.dst} from ${query.src ?? 'any'}: errno ${answer}`);
  }
  return readAnswer(answer.buffer, answer.length);
}

/** ENETUNREACH and EHOSTUNREACH; EACCES of a prohibit route; EINVAL of a blackhole, and of a martian source. */
const NO_ROUTE: ReadonlySet<number> = new Set([101, 113, 13, 22]);

function address(text: string, family: 4 | 6): Uint8Array {
  const bytes = addressBytes(text);
  if (bytes.length !== (family === 4 ? 4 : 16)) throw new Error(`${text} is not an IPv${family} address`);
  return bytes;
}

function readAnswer(buffer: Buffer, length: number): RouteAnswer | undefined {
  const type = buffer[NLMSG.header + 7];
  if (type !== TYPE.unicast && type !== TYPE.local) return undefined;
  let oif = 0;
  let gateway: string | undefined;
  const text = (from: number, to: number) => (to - from >= 16 ? ipv6Text(buffer, from) : ipv4Text(buffer, from));
  eachAttribute(buffer, NLMSG.header + 12, length, (kind, start, end) => {
    if (kind === RTA.oif) oif = buffer.readUInt32LE(start);
    else if (kind === RTA.gateway) gateway = text(start, end);
    else if (kind === RTA.via) gateway = text(start + 2, end);
  });
  return { oif, local: type === TYPE.local, ...(gateway === undefined ? {} : { gateway }) };
}
