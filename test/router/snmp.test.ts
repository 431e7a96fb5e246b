/** The client against agents on loopback that do what real ones rarely do. A real snmpd is in `test/labs/management.test.ts`. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { openSnmp, type Snmp, SnmpError } from '../../src/router/snmp.ts';
import { snmpBgpPeers } from '../../src/router/snmp-bgp.ts';
import { snmpInterfaces, snmpSystem } from '../../src/router/snmp-tables.ts';
import type { SnmpTable, SnmpValue } from '../../src/router/snmp-walk.ts';

const COMMUNITY = 'not-for-logs';
process.env['LEAFSTORM_TEST_SNMP'] = COMMUNITY;

async function responder(answer: (request: Buffer, from: RemoteInfo, socket: Socket) => void) {
  const socket = createSocket('udp4');
  let requests = 0;
  socket.on('message', (request, from) => {
    requests++;
    answer(request, from, socket);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => socket.close(), requests: () => requests };
}

const open = (port: number): Promise<Snmp> =>
  openSnmp({
    node: 'leaf1',
    host: '127.0.0.1',
    port,
    auth: { community: { env: 'LEAFSTORM_TEST_SNMP' } },
    timeoutMs: 60,
    retries: 1,
  });

/** The request as an answer to itself: a GetResponse (tag 162) in place of the request's own tag, with the community changed. */
function echo(request: Buffer, community: string, tag = 0xa2): Buffer {
  const copy = Buffer.from(request);
  const at = copy.indexOf(COMMUNITY);
  copy.write(community.padEnd(COMMUNITY.length, '!').slice(0, COMMUNITY.length), at, 'latin1');
  copy[at + COMMUNITY.length] = tag;
  return copy;
}

test('no answer, and packets that are no SNMP, are errors after every try', async (t) => {
  for (const noise of ['', 'nonsense', '\x30\x84\xff\xff\xff\xff', '\x30\x03\x02\x01\x01']) {
    const server = await responder(
      (_request, from, socket) => noise !== '' && socket.send(Buffer.from(noise, 'latin1'), from.port, from.address),
    );
    const session = await open(server.port);
    await t.throwsAsync(snmpSystem(session), {
      instanceOf: SnmpError,
      message: /^leaf1: snmp: no answer from 127\.0\.0\.1:\d+\/udp in 2 tries of 60 ms/,
    });
    t.is(server.requests(), 2);
    session.close();
    server.close();
  }
});

test('an answer with another community is none, and neither community is told', async (t) => {
  const server = await responder((request, from, socket) =>
    socket.send(echo(request, 'some-other'), from.port, from.address),
  );
  const session = await open(server.port);
  const error = await t.throwsAsync(session.get(['1.3.6.1.2.1.1.5.0']), { instanceOf: SnmpError });
  t.false(/not-for-logs|some-other/.test(`${error?.message} ${error?.stack}`), error?.message);
  session.close();
  server.close();
});

test('secrets that are not there, and users that cannot be', async (t) => {
  await t.throwsAsync(openSnmp({ host: 'leaf1', auth: { community: { env: 'LEAFSTORM_NO_SUCH' } } }), {
    instanceOf: InputError,
    message: 'SNMP community for leaf1: the environment has no LEAFSTORM_NO_SUCH',
  });
  const priv = { protocol: 'aes', password: { env: 'LEAFSTORM_TEST_SNMP' } } as const;
  await t.throwsAsync(openSnmp({ host: 'leaf1', auth: { user: 'x', priv } }), { instanceOf: TypeError });
});

/** A session that has these values. */
function recorded(
  objects: Readonly<Record<string, SnmpValue>>,
  tables: Readonly<Record<string, SnmpTable>> = {},
): Snmp {
  return {
    node: 'leaf1',
    get: async (oids) => oids.map((oid) => objects[oid]),
    table: async (entry) => tables[entry] ?? new Map(),
    close() {},
  };
}

test('interfaces of an agent without ifXTable, in states that one rarely sees', async (t) => {
  const row = (descr: string, oper: number, mac = '') =>
    new Map<number, SnmpValue>([
      [2, Buffer.from(descr)],
      [4, 9000],
      [6, Buffer.from(mac, 'hex')],
      [7, 2],
      [8, oper],
      [9, 250],
    ]);
  const table = new Map([
    ['10', row('Ethernet2', 7)],
    ['2', row('Ethernet1', 42, '00112233aabb')],
  ]);
  t.deepEqual(await snmpInterfaces(recorded({}, { '1.3.6.1.2.1.2.2.1': table })), [
    {
      index: 2,
      name: 'Ethernet1',
      alias: '',
      mtu: 9000,
      mac: '00:11:22:33:aa:bb',
      adminUp: false,
      operStatus: 'unknown',
      operUp: false,
      lastChangeMs: 2500,
    },
    {
      index: 10,
      name: 'Ethernet2',
      alias: '',
      mtu: 9000,
      adminUp: false,
      operStatus: 'lowerLayerDown',
      operUp: false,
      lastChangeMs: 2500,
    },
  ]);
});

test('BGP peers: four-byte numbers that arrive below zero, and a MIB without peers', async (t) => {
  const localAs = { '1.3.6.1.2.1.15.2.0': 65001 };
  const peer = new Map<number, SnmpValue>([
    [1, '0.0.0.0'],
    [2, 3],
    [3, 2],
    [5, '192.0.2.0'],
    [7, '192.0.2.1'],
    [9, 4200000002 - 2 ** 32],
    [15, 0],
    [16, 0],
  ]);
  const table = new Map([['192.0.2.1', peer]]);
  t.deepEqual(await snmpBgpPeers(recorded(localAs, { '1.3.6.1.2.1.15.3.1': table })), [
    {
      peer: '192.0.2.1',
      localAddress: '192.0.2.0',
      remoteAs: 4200000002,
      routerId: '0.0.0.0',
      adminUp: true,
      state: 'Active',
      established: false,
      transitions: 0,
      establishedS: 0,
    },
  ]);
  t.deepEqual(await snmpBgpPeers(recorded(localAs)), []);
  await t.throwsAsync(snmpBgpPeers(recorded({})), { instanceOf: SnmpError, message: /leaf1: snmp: .*no BGP4-MIB/ });
  await t.throwsAsync(snmpSystem(recorded({})), { instanceOf: SnmpError });
});
