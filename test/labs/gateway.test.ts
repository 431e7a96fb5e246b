/** Needs root: HTTP from inside a namespace of its own, against a server there that behaves badly. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import test from 'ava';
import { inNamespace } from '../../src/linux/namespace.ts';
import { CLIENT_PORT } from '../../src/store/etcd/argv.ts';
import { createGateway } from '../../src/store/etcd/gateway.ts';

const NAME = `etcgw${process.pid}`;
const NETNS = `/run/netns/${NAME}`;
const skipped = process.getuid?.() !== 0;
if (skipped) console.warn('gateway in a namespace: skipped, not root');
const lab = skipped ? test.serial.skip : test.serial;

let server: Server;
let sockets = 0;

test.before(async () => {
  if (skipped) return;
  execFileSync('ip', ['netns', 'add', NAME]);
  execFileSync('ip', ['-n', NAME, 'link', 'set', 'lo', 'up']);
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/broken') return void request.socket.destroy();
    if (request.url === '/half')
      return void response.writeHead(200, { 'content-length': 100 }).write('{"a', () => request.socket.destroy());
    if (request.url === '/text') return void response.end('not JSON');
    request.pipe(response.writeHead(request.url === '/error' ? 503 : 200));
  });
  server.on('connection', () => sockets++);
  inNamespace(NETNS, () => server.listen({ port: CLIENT_PORT, exclusive: true }));
  if (!server.listening) await once(server, 'listening');
});
test.after.always(() => {
  if (skipped) return;
  server.closeAllConnections();
  server.close();
  execFileSync('ip', ['netns', 'delete', NAME]);
});

lab('an answer, over one connection that is kept', async (t) => {
  const gateway = createGateway(NETNS);
  const before = sockets;
  for (let i = 0; i < 5; i++) {
    t.deepEqual(await gateway.call('127.0.0.1', '/', { i }, 1000), { kind: 'answer', status: 200, body: { i } });
  }
  t.is(sockets - before, 1);
  t.deepEqual(await gateway.call('127.0.0.1', '/error', { error: 'x' }, 1000), {
    kind: 'answer',
    status: 503,
    body: { error: 'x' },
  });
  gateway.close();
});

lab(
  'sent, and nobody knows: no answer in time, a connection that breaks before or within the answer, an answer that is none',
  async (t) => {
    const gateway = createGateway(NETNS);
    for (const path of ['/silent', '/broken', '/half', '/text']) {
      const answer = await gateway.call('127.0.0.1', path, {}, 150);
      t.is(answer.kind, 'no answer', path);
    }
    gateway.close();
  },
);

lab('never sent: refused, unreachable, and a namespace that is not there', async (t) => {
  const gateway = createGateway(NETNS);
  t.deepEqual(await gateway.call('127.0.0.2', '/', {}, 1000), { kind: 'answer', status: 200, body: {} });
  t.deepEqual(await gateway.call('198.51.100.1', '/', {}, 1000), { kind: 'not sent', error: 'ENETUNREACH' });
  const gone = createGateway('/run/netns/etc-none');
  t.deepEqual(await gone.call('127.0.0.1', '/', {}, 1000), { kind: 'not sent', error: 'ENOENT' });
  server.close();
  server.closeAllConnections();
  const late = createGateway(NETNS);
  t.deepEqual(await late.call('127.0.0.1', '/', {}, 1000), { kind: 'not sent', error: 'ECONNREFUSED' });
});
