/** Connections of a process that are ended from outside. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { platform } from 'node:os';
import test from 'ava';
import { severConnections } from '../../src/linux/sever.ts';

const linux = platform() === 'linux' ? test : test.skip;

async function listening(backlog = 511) {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1', backlog);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

linux('of all connections those that lead to one address and port end, and the others go on', async (t) => {
  const [one, other] = [await listening(), await listening()];
  t.teardown(() => [one, other].map(({ server }) => server.close()));
  const [severed, kept] = [connect(one.port, '127.0.0.1'), connect(other.port, '127.0.0.1')];
  await Promise.all([once(severed, 'connect'), once(kept, 'connect')]);
  const ended = once(severed.resume(), 'end');
  t.is(severConnections(process.pid, '127.0.0.2', one.port), 0);
  t.is(severConnections(process.pid, '127.0.0.1', one.port), 1);
  await ended;
  t.false(kept.readableEnded);
  t.true(kept.writable);
  kept.destroy();
});

linux('a process that is gone has none', (t) => {
  t.is(severConnections(2 ** 22 + 1, '127.0.0.1', 1), 0);
});

linux('a connection that nobody has answered ends as well, though its peer is not known yet', async (t) => {
  // Its queue has room for two, and nobody is accepted before this turn ends: the others go on asking.
  const { server, port } = await listening(1);
  const sockets = Array.from({ length: 6 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const asking = severConnections(process.pid, '192.0.2.1', port);
  t.true(asking > 0 && asking < sockets.length, `${asking}`);
  t.is(severConnections(process.pid, '192.0.2.1', port), 0);
});
