/** Interfaces of a namespace, read over route netlink. */
import type { NetlinkSocket } from './netlink.ts';
import { AF, attribute, cString, eachAttribute, eachMessage, NLM_F, RTM, request, uint32 } from './netlink-message.ts';

const IFLA = Object.freeze({
  address: 1,
  ifname: 3,
  mtu: 4,
  link: 5,
  operState: 16,
  extMask: 29,
  carrier: 33,
  linkNetnsid: 37,
});
const RTEXT_FILTER_SKIP_STATS = 8;
const IFF_UP = 1;

/** RFC 2863 operational states, in the kernel's numbering. */
const OPER_STATES = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'] as const;

export type OperState = (typeof OPER_STATES)[number];

export interface Link {
  readonly ifindex: number;
  readonly name: string;
  /** `IFF_*` of netdevice(7). */
  readonly flags: number;
  readonly adminUp: boolean;
  readonly carrier: boolean;
  readonly operState: OperState;
  readonly mtu: number;
  /** Lower case with colons; empty where the interface has none. */
  readonly mac: string;
  /** Index of the interface at the other end (veth), in the namespace `linkNetnsid` or in this one. */
  readonly peerIfindex?: number;
  /** This namespace's id of the peer's namespace. */
  readonly linkNetnsid?: number;
}

const DUMP = request(RTM.getLink, NLM_F.dump, Buffer.alloc(16), [
  attribute(IFLA.extMask, uint32(RTEXT_FILTER_SKIP_STATS)),
]);

/** All interfaces of the socket's namespace, by index. */
export function dumpLinks(socket: NetlinkSocket): readonly Link[] {
  const links: Link[] = [];
  const { buffer, length } = socket.dump(DUMP);
  eachMessage(buffer, 0, length, (type, start, end) => {
    if (type === RTM.newLink && buffer[start] === AF.unspecified) links.push(readLink(buffer, start, end));
  });
  return links;
}

/** Names of all interfaces of the socket's namespace by index; cheaper than `dumpLinks`. */
export function dumpLinkNames(socket: NetlinkSocket): Map<number, string> {
  const names = new Map<number, string>();
  const { buffer, length } = socket.dump(DUMP);
  eachMessage(buffer, 0, length, (type, start, end) => {
    if (type !== RTM.newLink) return;
    const ifindex = buffer.readInt32LE(start + 4);
    eachAttribute(buffer, start + 16, end, (kind, from, to) => {
      if (kind === IFLA.ifname) names.set(ifindex, cString(buffer, from, to));
    });
  });
  return names;
}

/** Index, name and `IFF_*` flags of a link announcement (RTM_NEWLINK, RTM_DELLINK). */
export function readLinkEvent(
  buffer: Buffer,
  start: number,
  end: number,
): { readonly ifindex: number; readonly name: string; readonly flags: number } {
  let name = '';
  eachAttribute(buffer, start + 16, end, (kind, from, to) => {
    if (kind === IFLA.ifname) name = cString(buffer, from, to);
  });
  return { ifindex: buffer.readInt32LE(start + 4), name, flags: buffer.readUInt32LE(start + 8) };
}

function readLink(buffer: Buffer, start: number, end: number): Link {
  const flags = buffer.readUInt32LE(start + 8);
  let name = '';
  let mac = '';
  let mtu = 0;
  let carrier = false;
  let operState: OperState = 'unknown';
  let peerIfindex: number | undefined;
  let linkNetnsid: number | undefined;
  eachAttribute(buffer, start + 16, end, (kind, from, to) => {
    switch (kind) {
      case IFLA.ifname:
        name = cString(buffer, from, to);
        break;
      case IFLA.address:
        mac = buffer.toString('hex', from, to).replace(/(..)(?!$)/g, '$1:');
        break;
      case IFLA.mtu:
        mtu = buffer.readUInt32LE(from);
        break;
      case IFLA.carrier:
        carrier = buffer[from] === 1;
        break;
      case IFLA.operState:
        operState = OPER_STATES[buffer[from]!] ?? 'unknown';
        break;
      case IFLA.link:
        peerIfindex = buffer.readInt32LE(from);
        break;
      case IFLA.linkNetnsid:
        linkNetnsid = buffer.readInt32LE(from);
        break;
    }
  });
  return {
    ifindex: buffer.readInt32LE(start + 4),
    name,
    flags,
    adminUp: (flags & IFF_UP) !== 0,
    carrier,
    operState,
    mtu,
    mac,
    ...(peerIfindex === undefined ? {} : { peerIfindex }),
    ...(linkNetnsid === undefined ? {} : { linkNetnsid }),
  };
}
