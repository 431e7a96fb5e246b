/** NETLINK_ROUTE sockets (netlink(7), rtnetlink(7)), opened inside any network namespace and bound to it for life. */
import { closeSync } from 'node:fs';
import koffi from 'koffi';
import { libc, systemError } from './libc.ts';
import { inNamespace } from './namespace.ts';
import { eachMessage, NLM_F, NLMSG } from './netlink-message.ts';

const socket: (family: number, type: number, protocol: number) => number = libc.func(
  'int socket(int family, int type, int protocol)',
);
const bind: (fd: number, address: Buffer, length: number) => number = libc.func(
  'int bind(int fd, void *address, uint32_t length)',
);
const send: (fd: number, data: Buffer, length: number, flags: number) => number = libc.func(
  'intptr_t send(int fd, void *data, size_t length, int flags)',
);
const recv: (fd: number, data: Buffer, length: number, flags: number) => number = libc.func(
  'intptr_t recv(int fd, void *data, size_t length, int flags)',
);
const setsockopt: (fd: number, level: number, name: number, value: Buffer, length: number) => number = libc.func(
  'int setsockopt(int fd, int level, int name, void *value, uint32_t length)',
);

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVTIMEO = 20;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_GET_STRICT_CHK = 12;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

const RECEIVE_BUFFER_BYTES = 16 << 20;
/** What one recv(2) must have room for: the kernel fills at most 32 KiB of a dump at a time. */
const CHUNK_BYTES = 64 << 10;
const ANSWER_SECONDS = 10;
const MAX_INTERRUPTED_DUMPS = 20;

/** Groups of rtnetlink(7) that announce changes. */
export const RTNLGRP = Object.freeze({ link: 1, ipv4Route: 7, ipv6Route: 11, nextHop: 32 });

/** Shared by all sockets of this thread, because every receive is synchronous and its result is read before the next one. */
let shared = Buffer.allocUnsafeSlow(1 << 20);

/**
 * A buffer that holds an answer until the next call on any `NetlinkSocket`: read or copy it before.
 * Valid from 0 to `length`.
 */
export interface Received {
  readonly buffer: Buffer;
  readonly length: number;
}

/** One socket. Its file descriptor stays in the namespace in which it was opened, whatever the thread does later. */
export class NetlinkSocket {
  readonly fd: number;
  readonly #where: string;
  #sequence = 0;
  #closed = false;

  /**
   * @param netns path of a namespace, such as `/run/netns/NAME`; absent: the thread's own
   * @param groups multicast groups to listen to (`RTNLGRP`); a socket that listens should do nothing else
   * @throws Error naming the system call and the namespace
   */
  constructor(netns?: string, groups: readonly number[] = []) {
    this.#where = netns ?? 'own namespace';
    const open = () => socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    this.fd = netns === undefined ? open() : inNamespace(netns, open);
    if (this.fd < 0) throw systemError('socket', this.#where);
    try {
      const address = Buffer.alloc(12);
      address.writeUInt16LE(AF_NETLINK, 0);
      if (bind(this.fd, address, address.length) !== 0) throw systemError('bind', this.#where);
      this.#setUp(groups);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #option(level: number, name: number, value: number): boolean {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return setsockopt(this.fd, level, name, bytes, 4) === 0;
  }

  /** Bytes of announcements that may wait. Sockets that listen begin with 16 MiB where the kernel allows it. */
  limitReceiveBuffer(bytes: number): void {
    // Without CAP_NET_ADMIN only up to net.core.rmem_max.
    if (!this.#option(SOL_SOCKET, SO_RCVBUFFORCE, bytes)) this.#option(SOL_SOCKET, SO_RCVBUF, bytes);
  }

  #setUp(groups: readonly number[]): void {
    if (groups.length > 0) this.limitReceiveBuffer(RECEIVE_BUFFER_BYTES);
    for (const group of groups) {
      if (!this.#option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)) {
        throw systemError(`setsockopt NETLINK_ADD_MEMBERSHIP ${group}`, this.#where);
      }
    }
    // Without strict checking (Linux before 4.20) dumps hold every table; readers filter again.
    this.#option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    const seconds = Buffer.alloc(16);
    seconds.writeBigInt64LE(BigInt(ANSWER_SECONDS), 0);
    setsockopt(this.fd, SOL_SOCKET, SO_RCVTIMEO, seconds, seconds.length);
  }

  /**
   * Sends a dump request (`NLM_F_DUMP`) and collects the whole answer, repeating it where the kernel says that the table
   * changed underneath (`NLM_F_DUMP_INTR`). Sequence numbers in the answer are zeroed, so that two dumps of an unchanged table are
   * equal byte by byte.
   * @throws Error where the kernel refuses or does not answer
   */
  dump(message: Buffer): Received {
    for (let attempt = 0; attempt < MAX_INTERRUPTED_DUMPS; attempt++) {
      const answer = this.#dumpOnce(message);
      if (answer !== undefined) return answer;
    }
    throw new Error(
      `netlink dump in ${this.#where}: interrupted ${MAX_INTERRUPTED_DUMPS} times by changes of the table; try again when it is calmer`,
    );
  }

  #dumpOnce(message: Buffer): Received | undefined {
    const sequence = this.#send(message);
    let start = 0;
    let length = 0;
    let done = false;
    let interrupted = false;
    while (!done) {
      if (shared.length - length < CHUNK_BYTES) grow();
      length += this.#receive(length, 0);
      let skip = false;
      eachMessage(shared, start, length, (type, from, _end, flags) => {
        // Left over from a dump that was given up half-way.
        if (shared.readUInt32LE(from - 8) !== sequence) {
          skip = true;
          return;
        }
        shared.fill(0, from - 8, from - 4);
        if (flags & NLM_F.dumpInterrupted) interrupted = true;
        if (type !== NLMSG.done && type !== NLMSG.error) return;
        const errno = -shared.readInt32LE(from);
        if (errno !== 0) throw this.#refused(errno);
        done = true;
      });
      if (skip) length = start;
      start = length;
    }
    return interrupted ? undefined : { buffer: shared, length };
  }

  /**
   * Sends one request and returns the answer, one message.
   * @returns the answer, or the positive errno with which the kernel refused
   */
  ask(message: Buffer): Received | number {
    const sequence = this.#send(message);
    for (;;) {
      const length = this.#receive(0, 0);
      if (shared.readUInt32LE(8) !== sequence) continue;
      return shared.readUInt16LE(4) === NLMSG.error ? -shared.readInt32LE(NLMSG.header) : { buffer: shared, length };
    }
  }

  /**
   * The next announcement that waits, without blocking: undefined where there is none, `lost` where the kernel had to drop some
   * (ENOBUFS), after which only a dump tells the truth.
   */
  next(): Received | 'lost' | undefined {
    const got = recv(this.fd, shared, shared.length, MSG_DONTWAIT | MSG_TRUNC);
    if (got >= 0) {
      if (got > shared.length) return 'lost';
      return { buffer: shared, length: got };
    }
    const code = koffi.errno();
    if (code === koffi.os.errno['EAGAIN'] || code === koffi.os.errno['EINTR']) return undefined;
    if (code === koffi.os.errno['ENOBUFS']) return 'lost';
    throw systemError('recv', this.#where);
  }

  close(): void {
    if (this.#closed || this.fd < 0) return;
    this.#closed = true;
    closeSync(this.fd);
  }

  #send(message: Buffer): number {
    if (this.#closed) throw new Error(`netlink socket of ${this.#where} is closed`);
    this.#sequence = (this.#sequence + 1) >>> 0 || 1;
    message.writeUInt32LE(this.#sequence, 8);
    if (send(this.fd, message, message.length, 0) !== message.length) throw systemError('send', this.#where);
    return this.#sequence;
  }

  #receive(offset: number, flags: number): number {
    const room = shared.length - offset;
    for (;;) {
      const got = recv(this.fd, offset === 0 ? shared : shared.subarray(offset), room, flags | MSG_TRUNC);
      if (got > room) throw new Error(`netlink in ${this.#where}: message of ${got} bytes does not fit`);
      if (got >= 0) return got;
      if (koffi.errno() !== koffi.os.errno['EINTR']) throw systemError('recv', this.#where);
    }
  }

  #refused(errno: number): Error {
    const name = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
    return new Error(`netlink dump in ${this.#where}: ${name}`);
  }
}

function grow(): void {
  const larger = Buffer.allocUnsafeSlow(shared.length * 2);
  shared.copy(larger);
  shared = larger;
}
