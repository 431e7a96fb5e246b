/** Ending another process's TCP connections at once, where the peer is gone and the program would wait for its time-out. */
import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { libc } from './libc.ts';

const syscall: (number: number, a: number, b: number, c: number) => number = libc.func(
  'long syscall(long number, long a, long b, long c)',
);
const shutdown: (fd: number, how: number) => number = libc.func('int shutdown(int fd, int how)');

/** The same numbers on every architecture. */
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;
const SHUT_RDWR = 2;

/**
 * Shuts down every connection of a process to an IPv4 address and port: its reads return the end at once (pidfd_getfd(2), shutdown(2)).
 * The kernel's own SOCK_DESTROY (`ss -K`) is not built into every kernel.
 * @returns how many there were; 0 where the process is gone or the kernel refuses
 */
export function severConnections(pid: number, address: string, port: number): number {
  const inodes = connectionsTo(pid, address, port);
  if (inodes.size === 0) return 0;
  const pidfd = Number(syscall(SYS_PIDFD_OPEN, pid, 0, 0));
  if (pidfd < 0) return 0;
  let severed = 0;
  try {
    for (const fd of descriptors(pid, inodes)) {
      const ours = Number(syscall(SYS_PIDFD_GETFD, pidfd, fd, 0));
      if (ours < 0) continue;
      if (shutdown(ours, SHUT_RDWR) === 0) severed++;
      closeSync(ours);
    }
  } finally {
    closeSync(pidfd);
  }
  return severed;
}

/** Inodes of the sockets in the process's namespace that are connected to an address. */
function connectionsTo(pid: number, address: string, port: number): Set<string> {
  // As the kernel prints it: the address in the byte order of the machine.
  const bytes = address.split('.').map(Number);
  const hex = [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const remote = `${hex}:${port.toString(16).padStart(4, '0').toUpperCase()}`;
  try {
    const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
    return new Set(
      rows
        .map((row) => row.trim().split(/\s+/))
        .filter((row) => row[2] === remote)
        .map((row) => row[9]!),
    );
  } catch {
    return new Set();
  }
}

function descriptors(pid: number, inodes: ReadonlySet<string>): readonly number[] {
  const dir = `/proc/${pid}/fd`;
  try {
    return readdirSync(dir)
      .filter((fd) => {
        try {
          return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`${dir}/${fd}`))?.[1] ?? '');
        } catch {
          return false;
        }
      })
      .map(Number);
  } catch {
    return [];
  }
}
