/**
 * UDP sockets by system calls, without an event loop between: what sends and receives tens of thousands of packets a second for a tenth
 * of a processor, and what can be opened inside another network namespace. All sockets are non-blocking.
 */
import { closeSync } from 'node:fs';
import koffi from 'koffi';
import { addressBytes } from './ip-text.ts';
import { libc, systemError } from './libc.ts';

const socket: (domain: number, type: number, protocol: number) => number = libc.func(
  'int socket(int domain, int type, int protocol)',
);
const setsockopt: (fd: number, level: number, option: number, value: Buffer, length: number) => number = libc.func(
  'int setsockopt(int fd, int level, int option, void *value, uint32_t length)',
);
const bind: (fd: number, address: Buffer, length: number) => number = libc.func(
  'int bind(int fd, void *address, uint32_t length)',
);
const sendto: (fd: number, data: Buffer, size: number, flags: number, to: Buffer, length: number) => number = libc.func(
  'long sendto(int fd, void *data, size_t size, int flags, void *to, uint32_t length)',
);
const recvmmsg: (fd: number, messages: Buffer, count: number, flags: number, timeout: null) => number = libc.func(
  'int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)',
);
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0o4000 | 0o2000000;
const IPPROTO_IP = 0;
const IPPROTO_IPV6 = 41;
const IP_FREEBIND = 15;
const IPV6_V6ONLY = 26;
const IPV6_AUTOFLOWLABEL = 70;
const IPV6_FREEBIND = 78;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;

export interface UdpOptions {
  readonly family: 4 | 6;
  /** Need not exist (yet): the socket outlives its address and sends again when it returns. Absent: every address of the namespace. */
  readonly address?: string;
  readonly port: number;
  /** Bytes that may wait to be read; the kernel counts about 800 for a small packet. */
  readonly receiveBuffer?: number;
}

/**
 * Opens and binds a socket in the network namespace that the thread is in. Synchronous, so it can run within `inNamespace`.
 * @returns the file descriptor
 * @throws Error with the failing system call (EADDRINUSE: something else has the port)
 */
export function openUdp(options: UdpOptions): number {
  const { family, port } = options;
  const address = options.address ?? (family === 4 ? '0.0.0.0' : '::');
  const subject = `[${address}]:${port}/udp`;
  const fd = socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError('socket', subject);
  try {
    if (family === 4) {
      setOption(fd, IPPROTO_IP, IP_FREEBIND, 1, subject);
    } else {
      setOption(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1, subject);
      setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1, subject);
      // A flow label drawn at random would take part in the hash of kernels that do not hash ports.
      setOption(fd, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, 0, subject);
    }
    if (options.receiveBuffer !== undefined) {
      const size = integer(options.receiveBuffer);
      if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) !== 0) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4);
    }
    const name = socketAddress(family, address, port);
    if (bind(fd, name, name.length) !== 0) throw systemError('bind', subject);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

/** `struct sockaddr_in` or `sockaddr_in6`. @throws Error where the text is no address of the family */
export function socketAddress(family: 4 | 6, address: string, port: number): Buffer {
  const result = Buffer.alloc(family === 4 ? 16 : 28);
  new Uint16Array(result.buffer, result.byteOffset, 1)[0] = family === 4 ? AF_INET : AF_INET6;
  result.writeUInt16BE(port, 2);
  const bytes = addressBytes(address);
  if (bytes.length !== (family === 4 ? 4 : 16)) throw new Error(`${address} is not an IPv${family} address`);
  result.set(bytes, family === 4 ? 4 : 8);
  return result;
}

/** Sends one datagram. Returns 0, or the errno with which the kernel refused it; never throws. */
export function sendDatagram(fd: number, data: Buffer, to: Buffer): number {
  return sendto(fd, data, data.length, MSG_DONTWAIT, to, to.length) === data.length ? 0 : koffi.errno();
}

/** Reads all that waits on a socket; `visit` sees one datagram at a time, in a buffer that is used again. Returns how many there were. */
export type DatagramReader = (fd: number, visit: (datagram: Buffer) => void) => number;

/** A reader that takes up to `batch` datagrams of up to `size` bytes from the kernel at a time (recvmmsg(2)). */
export function datagramReader(size: number, batch = 64): DatagramReader {
  // struct mmsghdr is struct msghdr (56 bytes: iov at 16, its length at 24) and the length that was received, at 56.
  const HEADER = 64;
  const data = Buffer.allocUnsafeSlow(batch * size);
  const vectors = new BigUint64Array(batch * 2);
  const headers = Buffer.alloc(batch * HEADER);
  const pointers = new BigUint64Array(headers.buffer, headers.byteOffset, batch * (HEADER / 8));
  const lengths = new Uint32Array(headers.buffer, headers.byteOffset, batch * (HEADER / 4));
  const dataAt: bigint = koffi.address(data);
  const vectorsAt: bigint = koffi.address(vectors);
  for (let i = 0; i < batch; i++) {
    vectors[2 * i] = dataAt + BigInt(i * size);
    vectors[2 * i + 1] = BigInt(size);
    pointers[i * 8 + 2] = vectorsAt + BigInt(i * 16);
    pointers[i * 8 + 3] = 1n;
  }
  const datagrams = Array.from({ length: batch }, (_, i) => data.subarray(i * size, (i + 1) * size));
  // The kernel follows the pointers, the garbage collector does not: the closure must hold what they point to.
  const pinned = { data, vectors };
  return (fd, visit) => {
    let total = 0;
    for (;;) {
      const count = recvmmsg(fd, headers, batch, MSG_DONTWAIT, null);
      for (let i = 0; i < count; i++) {
        const length = lengths[i * 16 + 14]!;
        visit(length === size ? datagrams[i]! : pinned.data.subarray(i * size, i * size + length));
      }
      if (count > 0) total += count;
      if (count < batch) return total;
    }
  };
}

function setOption(fd: number, level: number, option: number, value: number, subject: string): void {
  if (setsockopt(fd, level, option, integer(value), 4) !== 0) throw systemError('setsockopt', subject);
}

function integer(value: number): Buffer {
  return Buffer.from(new Int32Array([value]).buffer);
}
