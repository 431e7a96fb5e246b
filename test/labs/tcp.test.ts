/** Needs root: connections from inside a namespace of its own. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { inNamespace } from '../../src/linux/namespace.ts';
import { connectInNamespace } from '../../src/linux/tcp.ts';

const NAME = `etctcp${process.pid}`;
const NETNS = `/run/netns/${NAME}`;

const skipped = process.getuid?.() !== 0;
if (skipped) console.warn('TCP in a namespace: skipped, not root');
const lab = skipped ? test.serial.skip : test.serial;

test.before(() => {
  if (skipped) return;
  execFileSync('ip', ['netns', 'add', NAME]);
  execFileSync('ip', ['-n', NAME, 'link', 'set', 'lo', 'up']);
  // A device behind which nobody answers.
  execFileSync('ip', ['-n', NAME, 'link', 'add', 'void', 'type', 'bridge']);
  execFileSync('ip', ['-n', NAME, 'address', 'add', '192.0.2.1/24', 'dev', 'void']);
  execFileSync('ip', ['-n', NAME, 'link', 'set', 'void', 'up']);
});
test.after.always(() => {
  if (!skipped) execFileSync('ip', ['netns', 'delete', NAME]);
});

lab('connects to a server of the namespace, which has another loopback than ours', async (t) => {
  const server = createServer((socket) => socket.pipe(socket));
  // Without a host to look up, Node opens the listening socket before `listen` returns.
  inNamespace(NETNS, () => server.listen({ port: 0, exclusive: true }));
  if (!server.listening) await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const connection = connectInNamespace(NETNS, '127.0.0.1', port);
  t.true(connection.connecting);
  connection.write('hello');
  const [data] = await once(connection, 'data');
  t.is(String(data), 'hello');
  t.false(connection.connecting);
  connection.destroy();
});

lab('a refused connection is an error with its code', async (t) => {
  const connection = connectInNamespace(NETNS, '127.0.0.1', 1);
  await t.throwsAsync(once(connection, 'connect'), { code: 'ECONNREFUSED' });
});

lab('a connection that nobody answers stays pending until it is destroyed', async (t) => {
  const connection = connectInNamespace(NETNS, '192.0.2.9', 80);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.true(connection.connecting);
  connection.destroy();
  await once(connection, 'close');
});

lab('a network that the namespace does not know is unreachable', async (t) => {
  const connection = connectInNamespace(NETNS, '198.51.100.1', 80);
  await t.throwsAsync(once(connection, 'connect'), { code: 'ENETUNREACH' });
});

lab('a namespace that is not there', (t) => {
  t.throws(() => connectInNamespace('/run/netns/etc-none', '127.0.0.1', 80), { code: 'ENOENT' });
});
