/** Ending another process's TCP connections at once, where the peer is gone and the program would wait for its time-out. */
import { closeSync, readdirSync, readlinkSync } from 'node:fs';
import { libc } from './libc.ts';

const syscall: (number: number, a: number, b: number, c: number) => number = libc.func(
  'long syscall(long number, long a, long b, long c)',
);
const shutdown: (fd: number, how: number) => number = libc.func('int shutdown(int fd, int how)');
const getpeername: (fd: number, address: Buffer, length: Uint32Array) => number = libc.func(
  'int getpeername(int fd, void *address, void *length)',
);
const getsockopt: (fd: number, level: number, name: number, value: Buffer, length: Uint32Array) => number = libc.func(
  'int getsockopt(int fd, int level, int name, void *value, void *length)',
);

/** The same numbers on every architecture. */
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;
const SHUT_RDWR = 2;
const AF_INET = 2;
/** Of `sockaddr_storage`. */
const ADDRESS_BYTES = 128;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const TCP_SYN_SENT = 2;

/**
 * Shuts down every connection of a process to an IPv4 address and port, and those that nobody has answered yet, whose peer the kernel tells nobody:
 * its reads return the end at once, and so do its calls of connect (pidfd_getfd(2), shutdown(2)).
 * The kernel's own SOCK_DESTROY (`ss -K`) is not built into every kernel, and reading `/proc/net/tcp` walks the hash table of all
 * namespaces: 5 ms each time, in which a real-time process lets nobody else run. Each socket is asked for its peer instead.
 * @returns how many there were; 0 where the process is gone or the kernel refuses
 */
export function severConnections(pid: number, address: string, port: number): number {
  const pidfd = Number(syscall(SYS_PIDFD_OPEN, pid, 0, 0));
  if (pidfd < 0) return 0;
  let severed = 0;
  try {
    for (const fd of socketsOf(pid)) {
      const ours = Number(syscall(SYS_PIDFD_GETFD, pidfd, fd, 0));
      if (ours < 0) continue;
      if ((leadsTo(ours, address, port) || isUnanswered(ours)) && shutdown(ours, SHUT_RDWR) === 0) severed++;
      closeSync(ours);
    }
  } finally {
    closeSync(pidfd);
  }
  return severed;
}

function leadsTo(fd: number, address: string, port: number): boolean {
  const peer = Buffer.alloc(ADDRESS_BYTES);
  if (getpeername(fd, peer, Uint32Array.of(ADDRESS_BYTES)) !== 0) return false;
  const family = peer.readUInt16LE(0);
  return family === AF_INET && peer.readUInt16BE(2) === port && peer.subarray(4, 8).join('.') === address;
}

function isUnanswered(fd: number): boolean {
  const info = Buffer.alloc(1);
  return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, Uint32Array.of(info.length)) === 0 && info[0] === TCP_SYN_SENT;
}

function socketsOf(pid: number): readonly number[] {
  const dir = `/proc/${pid}/fd`;
  try {
    return readdirSync(dir)
      .filter((fd) => isSocket(`${dir}/${fd}`))
      .map(Number);
  } catch {
    return [];
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false;
  }
}
