/** Routes of a namespace's main table, read over route netlink. */
import { ipv4Text, ipv6Text } from './ip-text.ts';
import type { NetlinkSocket } from './netlink.ts';
import { AF, eachAttribute, eachMessage, NLM_F, RTM, request } from './netlink-message.ts';
import { dumpNextHops, type KernelNextHop, type NextHopObjects } from './netlink-nexthop.ts';

const RTA = Object.freeze({ dst: 1, oif: 4, gateway: 5, priority: 6, multipath: 9, table: 15, via: 18, nhId: 30 });
const RT_TABLE_MAIN = 254;
const RTNH_F_DEAD = 1;
const RTNH_F_LINKDOWN = 16;
const RTM_F_CLONED = 0x200;

/** Who put a route there (`/etc/iproute2/rt_protos`); FRR's daemons have numbers of their own. */
export const RTPROT = Object.freeze({
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  ra: 9,
  zebra: 11,
  bgp: 186,
  zstatic: 196,
});

export type RouteType = 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';

const ROUTE_TYPES: Readonly<Record<number, RouteType>> = Object.freeze({
  1: 'unicast',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
});

export interface KernelRoute {
  readonly family: 4 | 6;
  /** Canonical and masked, such as `10.0.0.0/8` or `fd00::1/128`. */
  readonly prefix: string;
  readonly type: RouteType;
  readonly protocol: number;
  readonly priority: number;
  /** Those that forward: dead ones and ones without carrier are left out. May be empty, and then the kernel does not use the route. */
  readonly nextHops: readonly KernelNextHop[];
}

const dumpOf = (family: number) => {
  const fixed = Buffer.alloc(12);
  fixed[0] = family;
  fixed[4] = RT_TABLE_MAIN;
  return request(RTM.getRoute, NLM_F.dump, fixed);
};
const DUMPS = Object.freeze({ 4: dumpOf(AF.inet), 6: dumpOf(AF.inet6) });

/** The kernel's answer as it came, equal byte by byte while nothing changes; valid until the next call on any socket. */
export function dumpRoutesRaw(socket: NetlinkSocket, family: 4 | 6): Buffer {
  const { buffer, length } = socket.dump(DUMPS[family]);
  return buffer.subarray(0, length);
}

/** Routes of the main table of the socket's namespace. */
export function dumpRoutes(socket: NetlinkSocket, family: 4 | 6): readonly KernelRoute[] {
  return parseRoutes(Buffer.from(dumpRoutesRaw(socket, family)), () => dumpNextHops(socket));
}

/**
 * Reads what `dumpRoutesRaw` returned.
 * @param nextHopObjects asked at most once, and only where a route names next-hop objects that the kernel did not spell out
 *   (`net.ipv4.nexthop_compat_mode=0`); it may use the socket, so `raw` must then be a copy
 */
export function parseRoutes(raw: Buffer, nextHopObjects: () => NextHopObjects): readonly KernelRoute[] {
  const routes: KernelRoute[] = [];
  let objects: NextHopObjects | undefined;
  eachMessage(raw, 0, raw.length, (type, start, end) => {
    if (type !== RTM.newRoute) return;
    const route = readRoute(raw, start, end, (id) => {
      objects ??= nextHopObjects();
      return objects.get(id) ?? [];
    });
    if (route) routes.push(route);
  });
  return routes;
}

/** Prefix and protocol of a route event (RTM_NEWROUTE, RTM_DELROUTE); undefined for one that is not about the main table. */
export function readRouteEvent(
  buffer: Buffer,
  start: number,
  end: number,
): { readonly family: 4 | 6; readonly prefix: string; readonly protocol: number } | undefined {
  const route = readRoute(buffer, start, end, () => []);
  return route && { family: route.family, prefix: route.prefix, protocol: route.protocol };
}

function readRoute(
  buffer: Buffer,
  start: number,
  end: number,
  resolve: (id: number) => readonly KernelNextHop[],
): KernelRoute | undefined {
  const family = buffer[start] === AF.inet ? 4 : buffer[start] === AF.inet6 ? 6 : undefined;
  const type = ROUTE_TYPES[buffer[start + 7]!];
  const flags = buffer.readUInt32LE(start + 8);
  if (family === undefined || type === undefined || flags & RTM_F_CLONED) return undefined;
  let table = buffer[start + 4]!;
  let destination = family === 4 ? '0.0.0.0' : '::';
  let priority = 0;
  let oif: number | undefined;
  let gateway: string | undefined;
  let nhId: number | undefined;
  let nextHops: KernelNextHop[] | undefined;
  eachAttribute(buffer, start + 12, end, (kind, from, to) => {
    switch (kind) {
      case RTA.table:
        table = buffer.readUInt32LE(from);
        break;
      case RTA.dst:
        destination = family === 4 ? ipv4Text(buffer, from) : ipv6Text(buffer, from);
        break;
      case RTA.priority:
        priority = buffer.readUInt32LE(from);
        break;
      case RTA.oif:
        oif = buffer.readUInt32LE(from);
        break;
      case RTA.gateway:
      case RTA.via:
        gateway = readGateway(buffer, kind, from, to);
        break;
      case RTA.nhId:
        nhId = buffer.readUInt32LE(from);
        break;
      case RTA.multipath:
        nextHops = readMultipath(buffer, from, to);
        break;
    }
  });
  if (table !== RT_TABLE_MAIN) return undefined;
  if (type !== 'unicast') nextHops = [];
  else if (nextHops === undefined && oif !== undefined) nextHops = unusable(flags) ? [] : [nextHop(oif, gateway)];
  else if (nextHops === undefined && nhId !== undefined) nextHops = [...resolve(nhId)];
  return {
    family,
    prefix: `${destination}/${buffer[start + 1]}`,
    type,
    protocol: buffer[start + 5]!,
    priority,
    nextHops: nextHops ?? [],
  };
}

/** `struct rtnexthop` after `struct rtnexthop`: u16 length, u8 flags, u8 weight - 1, i32 interface, attributes. */
function readMultipath(buffer: Buffer, from: number, to: number): KernelNextHop[] {
  const hops: KernelNextHop[] = [];
  let at = from;
  while (at + 8 <= to) {
    const length = buffer.readUInt16LE(at);
    if (length < 8 || at + length > to) break;
    if (!unusable(buffer[at + 2]!)) {
      let gateway: string | undefined;
      eachAttribute(buffer, at + 8, at + length, (kind, start, end) => {
        if (kind === RTA.gateway || kind === RTA.via) gateway = readGateway(buffer, kind, start, end);
      });
      hops.push(nextHop(buffer.readInt32LE(at + 4), gateway));
    }
    at += (length + 3) & ~3;
  }
  return hops;
}

function unusable(flags: number): boolean {
  return (flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) !== 0;
}

function nextHop(ifindex: number, gateway: string | undefined): KernelNextHop {
  return gateway === undefined ? { ifindex } : { ifindex, gateway };
}

/** RTA_VIA begins with the address family, RTA_GATEWAY is the bare address. */
function readGateway(buffer: Buffer, kind: number, from: number, to: number): string {
  const start = kind === RTA.via ? from + 2 : from;
  return to - start >= 16 ? ipv6Text(buffer, start) : ipv4Text(buffer, start);
}
