/** Netlink's wire form (RFC 3549, `linux/netlink.h`): headers and attributes, read by hand from one buffer. All integers are in host order, which is little-endian on every machine that leafstorm supports. */

export const NLMSG = Object.freeze({ error: 2, done: 3, header: 16 });
export const NLM_F = Object.freeze({
  request: 0x1,
  ack: 0x4,
  dumpInterrupted: 0x10,
  dump: 0x300,
  replace: 0x100,
  create: 0x400,
});

export const AF = Object.freeze({ unspecified: 0, inet: 2, inet6: 10 });

export const RTM = Object.freeze({
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newRoute: 24,
  delRoute: 25,
  getRoute: 26,
  newNeighbour: 28,
  getNeighbour: 30,
  newNextHop: 104,
  delNextHop: 105,
  getNextHop: 106,
});

/** Called with each attribute: its kind (flags masked off), and where its payload begins and ends. */
export type AttributeVisitor = (kind: number, start: number, end: number) => void;

const NLA_TYPE_MASK = 0x3fff;

/** Walks attributes (`nlattr`, aligned to 4 bytes) between two offsets. */
export function eachAttribute(buffer: Buffer, from: number, to: number, visit: AttributeVisitor): void {
  let at = from;
  while (at + 4 <= to) {
    const length = buffer[at]! | (buffer[at + 1]! << 8);
    if (length < 4 || at + length > to) return;
    visit((buffer[at + 2]! | (buffer[at + 3]! << 8)) & NLA_TYPE_MASK, at + 4, at + length);
    at += (length + 3) & ~3;
  }
}

/** Called with each message of a buffer: its type, and where its payload begins and ends. */
export type MessageVisitor = (type: number, start: number, end: number, flags: number) => void;

/** Walks the messages of a received buffer. */
export function eachMessage(buffer: Buffer, from: number, to: number, visit: MessageVisitor): void {
  let at = from;
  while (at + NLMSG.header <= to) {
    const length = buffer.readUInt32LE(at);
    if (length < NLMSG.header || at + length > to) return;
    visit(buffer.readUInt16LE(at + 4), at + NLMSG.header, at + length, buffer.readUInt16LE(at + 6));
    at += (length + 3) & ~3;
  }
}

/** One attribute with its padding. */
export function attribute(kind: number, payload: Uint8Array): Buffer {
  const length = 4 + payload.length;
  const buffer = Buffer.alloc((length + 3) & ~3);
  buffer.writeUInt16LE(length, 0);
  buffer.writeUInt16LE(kind, 2);
  buffer.set(payload, 4);
  return buffer;
}

export function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

export function uint16BigEndian(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

/** A whole request: header, fixed part, attributes. The socket fills in the sequence number. */
export function request(type: number, flags: number, fixed: Uint8Array, attributes: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(NLMSG.header);
  const message = Buffer.concat([header, fixed, ...attributes]);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(flags | NLM_F.request, 6);
  return message;
}

/** A NUL-terminated name. */
export function cString(buffer: Buffer, start: number, end: number): string {
  const nul = buffer.indexOf(0, start);
  return buffer.toString('utf8', start, nul < 0 || nul > end ? end : nul);
}
