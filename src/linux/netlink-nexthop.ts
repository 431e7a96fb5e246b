/** Next-hop objects (`ip nexthop`), which routes may name instead of spelling out their next hops. */
import { ipv4Text, ipv6Text } from './ip-text.ts';
import type { NetlinkSocket } from './netlink.ts';
import { AF, eachAttribute, eachMessage, NLM_F, RTM, request } from './netlink-message.ts';

const NHA = Object.freeze({ id: 1, group: 2, blackhole: 4, oif: 5, gateway: 6 });
const RTNH_F_DEAD = 1;
const RTNH_F_LINKDOWN = 16;
/** `struct nexthop_grp`: u32 id, u8 weight, u8 and u16 reserved. */
const GROUP_ENTRY_BYTES = 8;

/** Where a route sends packets. */
export interface KernelNextHop {
  readonly ifindex: number;
  /** IPv6 even for an IPv4 route where the session is unnumbered (RFC 8950); absent where the destination is on the link. */
  readonly gateway?: string;
}

/** Usable next hops by the id of the object or group. */
export type NextHopObjects = ReadonlyMap<number, readonly KernelNextHop[]>;

/** All next-hop objects of the socket's namespace, groups resolved to their members. */
export function dumpNextHops(socket: NetlinkSocket): NextHopObjects {
  const objects = new Map<number, readonly KernelNextHop[]>();
  const groups = new Map<number, readonly number[]>();
  const { buffer, length } = socket.dump(
    request(RTM.getNextHop, NLM_F.dump, Buffer.from([AF.unspecified, 0, 0, 0, 0, 0, 0, 0])),
  );
  eachMessage(buffer, 0, length, (type, start, end) => {
    if (type !== RTM.newNextHop) return;
    const flags = buffer.readUInt32LE(start + 4);
    let id = 0;
    let ifindex: number | undefined;
    let gateway: string | undefined;
    let members: number[] | undefined;
    eachAttribute(buffer, start + 8, end, (kind, from, to) => {
      if (kind === NHA.id) id = buffer.readUInt32LE(from);
      else if (kind === NHA.oif) ifindex = buffer.readUInt32LE(from);
      else if (kind === NHA.gateway) gateway = to - from >= 16 ? ipv6Text(buffer, from) : ipv4Text(buffer, from);
      else if (kind === NHA.group) {
        members = [];
        for (let at = from; at + GROUP_ENTRY_BYTES <= to; at += GROUP_ENTRY_BYTES)
          members.push(buffer.readUInt32LE(at));
      }
    });
    if (members) groups.set(id, members);
    else if (ifindex !== undefined && !(flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN))) {
      objects.set(id, [gateway === undefined ? { ifindex } : { ifindex, gateway }]);
    }
  });
  for (const [id, members] of groups) {
    objects.set(
      id,
      members.flatMap((member) => objects.get(member) ?? []),
    );
  }
  return objects;
}
