/** Addresses and neighbours of a namespace, read over route netlink. */
import { addressBytes, ipv4Text, ipv6Text } from './ip-text.ts';
import type { NetlinkSocket } from './netlink.ts';
import { AF, attribute, eachAttribute, eachMessage, NLM_F, RTM, request, uint32 } from './netlink-message.ts';

const IFA = Object.freeze({ address: 1, local: 2, flags: 8 });
const NDA = Object.freeze({ dst: 1, lladdr: 2 });
/** There is no such address. */
const EADDRNOTAVAIL = 99;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_DADFAILED = 0x08;

export interface InterfaceAddress {
  readonly ifindex: number;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  /** `host` and `link` addresses do not leave the node or the link. */
  readonly scope: 'global' | 'link' | 'host' | 'other';
  /** Duplicate address detection has not passed it (yet): it does not answer. */
  readonly tentative: boolean;
}

/** Addresses of every interface of the socket's namespace, both families. */
export function dumpAddresses(socket: NetlinkSocket): readonly InterfaceAddress[] {
  const addresses: InterfaceAddress[] = [];
  for (const family of [AF.inet, AF.inet6]) {
    const { buffer, length } = socket.dump(
      request(RTM.getAddress, NLM_F.dump, Buffer.from([family, 0, 0, 0, 0, 0, 0, 0])),
    );
    eachMessage(buffer, 0, length, (type, start, end) => {
      if (type === RTM.newAddress && buffer[start] === family) addresses.push(readAddress(buffer, start, end));
    });
  }
  return addresses;
}

/**
 * Gives an interface a host address (`/32`, `/128`), or takes it away; what is so already stays so.
 * @throws Error where the address is none or the kernel refuses
 */
export function setHostAddress(socket: NetlinkSocket, ifindex: number, address: string, present: boolean): void {
  const bytes = addressBytes(address);
  const [family, length] = bytes.length === 4 ? [AF.inet, 32] : [AF.inet6, 128];
  const fixed = Buffer.concat([Buffer.from([family, length, 0, 0]), uint32(ifindex)]);
  const attributes = [attribute(IFA.local, bytes), attribute(IFA.address, bytes)];
  const [type, flags] = present ? [RTM.newAddress, NLM_F.create | NLM_F.replace] : [RTM.delAddress, 0];
  const errno = socket.ask(request(type, flags | NLM_F.ack, fixed, attributes));
  if (errno === 0 || (!present && errno === EADDRNOTAVAIL)) return;
  throw new Error(`${address} cannot be ${present ? 'added' : 'removed'}: the kernel answers with errno ${errno}`);
}

function readAddress(buffer: Buffer, start: number, end: number): InterfaceAddress {
  const text = buffer[start] === AF.inet ? ipv4Text : ipv6Text;
  let flags = buffer[start + 2]!;
  let address = '';
  let local: string | undefined;
  eachAttribute(buffer, start + 8, end, (kind, from) => {
    if (kind === IFA.address) address = text(buffer, from);
    else if (kind === IFA.local) local = text(buffer, from);
    else if (kind === IFA.flags) flags = buffer.readUInt32LE(from);
  });
  const scopes: Record<number, InterfaceAddress['scope']> = { 0: 'global', 253: 'link', 254: 'host' };
  return {
    ifindex: buffer.readUInt32LE(start + 4),
    family: buffer[start] === AF.inet ? 4 : 6,
    // Of a point-to-point interface IFA_ADDRESS is the peer's.
    address: local ?? address,
    prefixLength: buffer[start + 1]!,
    scope: scopes[buffer[start + 3]!] ?? 'other',
    tentative: (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) !== 0,
  };
}

const NEIGHBOUR_STATES: Readonly<Record<number, NeighbourState>> = Object.freeze({
  0: 'none',
  1: 'incomplete',
  2: 'reachable',
  4: 'stale',
  8: 'delay',
  16: 'probe',
  32: 'failed',
  64: 'noarp',
  128: 'permanent',
});

export type NeighbourState =
  | 'none'
  | 'incomplete'
  | 'reachable'
  | 'stale'
  | 'delay'
  | 'probe'
  | 'failed'
  | 'noarp'
  | 'permanent';

export interface Neighbour {
  readonly ifindex: number;
  readonly address: string;
  readonly state: NeighbourState;
  /** Lower case with colons; absent while it is not resolved. */
  readonly mac?: string;
}

/** ARP and neighbour discovery entries of the socket's namespace. */
export function dumpNeighbours(socket: NetlinkSocket): readonly Neighbour[] {
  const neighbours: Neighbour[] = [];
  for (const family of [AF.inet, AF.inet6]) {
    const fixed = Buffer.alloc(12);
    fixed[0] = family;
    const text = family === AF.inet ? ipv4Text : ipv6Text;
    const { buffer, length } = socket.dump(request(RTM.getNeighbour, NLM_F.dump, fixed));
    eachMessage(buffer, 0, length, (type, start, end) => {
      if (type !== RTM.newNeighbour || buffer[start] !== family) return;
      let address = '';
      let mac: string | undefined;
      eachAttribute(buffer, start + 12, end, (kind, from, to) => {
        if (kind === NDA.dst) address = text(buffer, from);
        else if (kind === NDA.lladdr) mac = buffer.toString('hex', from, to).replace(/(..)(?!$)/g, '$1:');
      });
      const state = NEIGHBOUR_STATES[buffer.readUInt16LE(start + 8)] ?? 'none';
      neighbours.push({
        ifindex: buffer.readInt32LE(start + 4),
        address,
        state,
        ...(mac === undefined ? {} : { mac }),
      });
    });
  }
  return neighbours;
}
