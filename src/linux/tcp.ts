/** TCP connections that live in another network namespace. */
import { Socket } from 'node:net';
import { libc, systemError } from './libc.ts';
import { inNamespace } from './namespace.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const socket: (domain: number, type: number, protocol: number) => number = libc.func(
  'int socket(int domain, int type, int protocol)',
);

/**
 * Connects from inside a network namespace without a process there: a socket belongs to the namespace in which it was opened
 * (socket(2)), wherever the thread goes afterwards. Node then connects it as its own, so `connect`, `error` and `connecting` are as always.
 * @param netns path of the namespace
 * @param address numeric IPv4 or IPv6 address
 * @throws Error where the namespace is gone or no socket is left
 */
export function connectInNamespace(netns: string, address: string, port: number): Socket {
  const family = address.includes(':') ? AF_INET6 : AF_INET;
  const fd = inNamespace(netns, () => {
    const opened = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (opened < 0) throw systemError('socket', netns);
    return opened;
  });
  const connection = new Socket({ fd, readable: true, writable: true });
  connection.setNoDelay(true);
  return connection.connect({ host: address, port });
}
