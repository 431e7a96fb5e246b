import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bfdPeers } from '../../src/router/bfd.ts';
import { bgpSessions } from '../../src/router/bgp.ts';
import { openFrr } from '../../src/router/frr.ts';
import { runningConfig } from '../../src/router/running-config.ts';
import { answers, Vty, VtyError } from '../../src/router/vty.ts';

type Answerer = (command: string, socket: Socket) => void;

/** A daemon that speaks the vty protocol over a unix socket. */
class Daemon {
  readonly commands: string[] = [];
  connections = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async listen(path: string, answer: Answerer): Promise<void> {
    const server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      let pending = '';
      socket.on('data', (chunk) => {
        const parts = (pending + chunk.toString()).split('\0');
        pending = parts.pop()!;
        for (const command of parts) {
          this.commands.push(command);
          answer(command, socket);
        }
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(path, resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

function say(socket: Socket, text: string, status = 0): void {
  socket.write(Buffer.concat([Buffer.from(text), Buffer.from([0, 0, 0, status])]));
}

function folder(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'rtr-vty-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function daemon(t: ExecutionContext, dir: string, answer: Answerer, name = 'bgpd'): Promise<Daemon> {
  const made = new Daemon();
  await made.listen(join(dir, `${name}.vty`), answer);
  t.teardown(() => made.close());
  return made;
}

function client(t: ExecutionContext, dir: string, timeoutMs = 5000): Vty {
  const vty = new Vty(dir, 'bgpd', { node: 'leaf1', timeoutMs });
  t.teardown(() => vty.close());
  return vty;
}

test('commands of many callers go one at a time over one connection', async (t) => {
  const dir = folder(t);
  let busy = false;
  const made = await daemon(t, dir, (command, socket) => {
    t.false(busy, 'a command came before the last one was answered');
    busy = true;
    setImmediate(() => {
      busy = false;
      say(socket, `<${command}>`);
    });
  });
  const vty = client(t, dir);
  t.deepEqual(await Promise.all(['one', 'two', 'three'].map((line) => vty.command(line))), [
    '<one>',
    '<two>',
    '<three>',
  ]);
  t.deepEqual(made.commands, ['enable', 'one', 'two', 'three']);
  t.is(made.connections, 1);
});

test('an answer in pieces, the trailer as well', async (t) => {
  const dir = folder(t);
  const long = 'x'.repeat(100_000);
  await daemon(t, dir, async (command, socket) => {
    if (command === 'enable') return say(socket, '');
    for (const piece of [long, 'end\0', '\0', '\0', '\0']) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  t.is(await client(t, dir).command('show'), `${long}end`);
});

test('a refused command names node, daemon, command and reason; the connection lives on', async (t) => {
  const dir = folder(t);
  const made = await daemon(t, dir, (command, socket) => {
    if (command === 'bogus') say(socket, '% Unknown command: bogus\n', 2);
    else say(socket, 'fine', command === 'warned' ? 1 : 0);
  });
  const vty = client(t, dir);
  const error = await t.throwsAsync(vty.command('bogus'), { instanceOf: VtyError });
  t.is(error!.message, 'leaf1: bgpd: "bogus": unknown command: % Unknown command: bogus');
  t.is(await vty.command('warned'), 'fine');
  t.is(made.connections, 1);
});

test('a daemon that dies under a command fails it, and the next command meets its successor', async (t) => {
  const dir = folder(t);
  const first = await daemon(t, dir, (command, socket) => {
    if (command === 'enable') say(socket, '');
    else socket.destroy();
  });
  const vty = client(t, dir);
  await t.throwsAsync(vty.command('show'), { instanceOf: VtyError, message: /^leaf1: bgpd: closed the connection/ });
  await first.close();
  await t.throwsAsync(vty.command('show'), {
    message: /^leaf1: bgpd: cannot connect to .*bgpd\.vty: is the daemon running/,
  });
  await daemon(t, dir, (command, socket) => say(socket, command));
  t.is(await vty.command('show'), 'show');
});

test('a silent daemon is an error after the time-out, and a late answer is not taken for the next', async (t) => {
  const dir = folder(t);
  let asked: Socket | undefined;
  const made = await daemon(t, dir, (command, socket) => {
    if (command === 'quick') say(asked!, 'late');
    if (command === 'slow') asked = socket;
    else say(socket, command);
  });
  const vty = client(t, dir, 1000);
  await t.throwsAsync(vty.command('slow'), { instanceOf: VtyError, message: /no answer to "slow" within 1000 ms/ });
  t.is(await vty.command('quick'), 'quick');
  t.is(made.connections, 2);
});

test('whether a daemon answers at all', async (t) => {
  const dir = folder(t);
  t.false(await answers(dir, 'bgpd', 100));
  t.false(await answers(join(dir, 'none'), 'bgpd', 100));
  await daemon(t, dir, (_, socket) => say(socket, ''), 'zebra');
  t.true(await answers(dir, 'zebra', 1000));
  await daemon(t, dir, () => {}, 'bgpd');
  t.false(await answers(dir, 'bgpd', 100));
});

test('a folder deeper than a socket address can hold', async (t) => {
  const dir = folder(t);
  const deep = join(dir, ...Array<string>(20).fill('deep-folder'));
  mkdirSync(deep, { recursive: true });
  t.true(deep.length > 108);
  // By another, shorter name of the same folder.
  const opened = openSync(deep, 'r');
  t.teardown(() => closeSync(opened));
  const made = new Daemon();
  await made.listen(`/proc/self/fd/${opened}/bgpd.vty`, (command, socket) => say(socket, command));
  t.teardown(() => made.close());
  t.is(await client(t, deep).command('show'), 'show');
});

test('a command cannot smuggle in another', (t) => {
  t.throws(() => client(t, folder(t)).command('show\0configure'), { instanceOf: TypeError });
});

test('BGP sessions, of a node with neighbours and of one without', async (t) => {
  const dir = folder(t);
  let summary: unknown = { ipv4Unicast: {}, warning: 'Default BGP instance not found' };
  await daemon(t, dir, (_, socket) => say(socket, JSON.stringify(summary)));
  const frr = openFrr('leaf1', dir);
  t.teardown(() => frr.close());
  t.deepEqual(await bgpSessions(frr), []);
  summary = {
    ipv4Unicast: { peers: { eth1: { remoteAs: 0, state: 'Idle', pfxRcd: 0, connectionsDropped: 3 } } },
    ipv6Unicast: {
      peers: { eth1: { hostname: 's', remoteAs: 5, state: 'Established', peerUptimeMsec: 9, pfxRcd: 2, pfxSnt: 1 } },
    },
  };
  t.deepEqual(await bgpSessions(frr), [
    { neighbour: 'eth1', family: 4, remoteAs: 0, state: 'Idle', established: false, prefixesReceived: 0, dropped: 3 },
    {
      neighbour: 'eth1',
      family: 6,
      hostname: 's',
      remoteAs: 5,
      state: 'Established',
      established: true,
      uptimeMs: 9,
      prefixesReceived: 2,
      prefixesSent: 1,
      dropped: 0,
    },
  ]);
});

test("BFD detection time is the peer's multiplier times the slower of both (RFC 5880 section 6.8.4)", async (t) => {
  const dir = folder(t);
  const timers = {
    'receive-interval': 300,
    'transmit-interval': 300,
    'remote-transmit-interval': 1000,
    'remote-detect-multiplier': 4,
  };
  const peers = [
    { peer: 'fe80::1', interface: 'eth1', multihop: false, status: 'up', uptime: 7, ...timers },
    { peer: 'fe80::2', interface: 'eth2', multihop: false, status: 'down', ...timers },
  ];
  await daemon(t, dir, (_, socket) => say(socket, JSON.stringify(peers)), 'bfdd');
  const frr = openFrr('leaf1', dir);
  t.teardown(() => frr.close());
  t.deepEqual(
    (await bfdPeers(frr)).map(({ peer, up, detectMs }) => ({ peer, up, detectMs })),
    [
      { peer: 'fe80::1', up: true, detectMs: 4000 },
      { peer: 'fe80::2', up: false, detectMs: undefined },
    ],
  );
});

test('running configuration of the daemons that are there, without remarks', async (t) => {
  const dir = folder(t);
  await daemon(t, dir, (command, socket) => {
    if (command === 'show version') say(socket, 'FRRouting 8.4.4 (leaf1) on Linux.\n');
    else
      say(
        socket,
        '\nBuilding configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\n!\nrouter bgp 65001\n ! remark\n exit\n',
      );
  });
  const frr = openFrr('leaf1', dir);
  t.teardown(() => frr.close());
  t.deepEqual(await runningConfig(frr), [
    { daemon: 'bgpd', version: '8.4.4', config: 'frr version 8.4.4\nrouter bgp 65001\n exit\n' },
  ]);
});
