/** Interfaces of a namespace as the kernel tells them, and bringing them up or down, over route netlink: no process is started. */
import type { NetlinkSocket } from './netlink.ts';
import { attribute, cString, eachAttribute, eachMessage, NLM_F, RTM, request, uint32 } from './netlink-message.ts';

const IFLA = Object.freeze({ address: 1, name: 3, mtu: 4, link: 5, netnsId: 37 });
const IFF = Object.freeze({ up: 0x1, loopback: 0x8, lowerUp: 0x10000 });
const INFO_BYTES = 16;

export interface LinkInfo {
  readonly index: number;
  readonly name: string;
  readonly loopback: boolean;
  readonly adminUp: boolean;
  /** The other end is there and up (IFF_LOWER_UP). */
  readonly carrier: boolean;
  /** Bytes. */
  readonly mtu: number;
  /** Lower-case, colon separated. */
  readonly mac: string;
  /** Interface index of the other end of a veth, in the other end's namespace; 0 where there is none. */
  readonly peerIndex: number;
  /** Id by which this namespace knows the one with the other end (`namespaceId`); -1 where it is the same one. */
  readonly peerNamespace: number;
}

/** All interfaces of the socket's namespace, in the kernel's order. */
export function readLinks(socket: NetlinkSocket): LinkInfo[] {
  const { buffer, length } = socket.dump(request(RTM.getLink, NLM_F.dump, Buffer.alloc(INFO_BYTES)));
  const links: LinkInfo[] = [];
  eachMessage(buffer, 0, length, (type, start, end) => {
    if (type !== RTM.newLink) return;
    const flags = buffer.readUInt32LE(start + 8);
    let name = '';
    let mac = '';
    let mtu = 0;
    let peerIndex = 0;
    let peerNamespace = -1;
    eachAttribute(buffer, start + INFO_BYTES, end, (kind, from, to) => {
      if (kind === IFLA.name) name = cString(buffer, from, to);
      else if (kind === IFLA.address) mac = buffer.toString('hex', from, to).replace(/..(?!$)/g, '$&:');
      else if (kind === IFLA.mtu) mtu = buffer.readUInt32LE(from);
      else if (kind === IFLA.link) peerIndex = buffer.readUInt32LE(from);
      else if (kind === IFLA.netnsId) peerNamespace = buffer.readInt32LE(from);
    });
    links.push({
      index: buffer.readInt32LE(start + 4),
      name,
      loopback: (flags & IFF.loopback) !== 0,
      adminUp: (flags & IFF.up) !== 0,
      carrier: (flags & IFF.lowerUp) !== 0,
      mtu,
      mac,
      peerIndex,
      peerNamespace,
    });
  });
  return links;
}

/**
 * Sets an interface administratively up or down; returns when the kernel has done it (a veth's peer has lost its carrier by then).
 * @returns 0, or the positive errno with which the kernel refused
 */
export function setLinkUp(socket: NetlinkSocket, name: string, up: boolean): number {
  const fixed = Buffer.alloc(INFO_BYTES);
  fixed.writeUInt32LE(up ? IFF.up : 0, 8);
  fixed.writeUInt32LE(IFF.up, 12);
  return acknowledged(socket, request(RTM.newLink, NLM_F.ack, fixed, [attribute(IFLA.name, nameBytes(name))]));
}

/** Removes an interface. @returns 0, or the positive errno with which the kernel refused */
export function deleteLink(socket: NetlinkSocket, index: number): number {
  const fixed = Buffer.alloc(INFO_BYTES);
  fixed.writeInt32LE(index, 4);
  return acknowledged(socket, request(RTM.delLink, NLM_F.ack, fixed));
}

/**
 * The id by which the socket's namespace knows another one (RTM_GETNSID), as `IFLA_LINK_NETNSID` of its veth ends refers to it.
 * @returns -1 where it has none
 */
export function namespaceId(socket: NetlinkSocket, fd: number): number {
  const NETNSA = { id: 1, fd: 3 };
  const GETNSID = 90;
  const answer = socket.ask(request(GETNSID, 0, Buffer.alloc(4), [attribute(NETNSA.fd, uint32(fd))]));
  if (typeof answer === 'number') return -1;
  let id = -1;
  eachAttribute(answer.buffer, 20, answer.length, (kind, start) => {
    if (kind === NETNSA.id) id = answer.buffer.readInt32LE(start);
  });
  return id;
}

function acknowledged(socket: NetlinkSocket, message: Buffer): number {
  const answer = socket.ask(message);
  return typeof answer === 'number' ? answer : 0;
}

function nameBytes(name: string): Buffer {
  return Buffer.from(`${name}\0`);
}
