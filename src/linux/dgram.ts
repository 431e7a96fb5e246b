/** Node's own UDP sockets, opened in another network namespace: for clients of packages, which want a `dgram.Socket`. */
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { inNamespace } from './namespace.ts';

/**
 * A socket bound inside a namespace, to a port of the kernel's choice unless another is given; it stays there (socket(2)). It sends to numeric addresses only:
 * nothing of that namespace could look a name up.
 * @param netns path of the namespace
 * @throws Error where the namespace is gone, or has no such address or port left
 */
export function dgramInNamespace(
  netns: string,
  type: 'udp4' | 'udp6',
  at: { readonly address?: string; readonly port?: number } = {},
): Socket {
  const { address = type === 'udp4' ? '0.0.0.0' : '::', port = 0 } = at;
  return inNamespace(netns, () => {
    const socket = createSocket({ type, lookup: numericOnly });
    // With a lookup that answers at once, `bind` makes the kernel's socket before it returns.
    socket.bind({ port, address, exclusive: true });
    try {
      socket.address();
    } catch (cause) {
      socket.close();
      throw new Error(`no ${type} socket could be opened in ${netns} at ${address}, port ${port}`, { cause });
    }
    return socket;
  });
}

function numericOnly(
  host: string,
  _options: object,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  const family = isIP(host.replace(/%.*$/, ''));
  const error = Object.assign(new Error(`${host} is no numeric address`), { code: 'ENOTFOUND' });
  callback(family === 0 ? error : null, host, family);
}
