import test from 'ava';
import { attribute, RTM, request, uint32 } from '../../src/linux/netlink-message.ts';
import { parseRoutes, RTPROT, readRouteEvent } from '../../src/linux/netlink-route.ts';

const RTA = { dst: 1, oif: 4, gateway: 5, priority: 6, multipath: 9, table: 15, via: 18, nhId: 30 };
const AF_INET = 2;
const AF_INET6 = 10;
const DEAD = 1;
const LINKDOWN = 16;
const FE80_1 = Buffer.from('fe800000000000000000000000000001', 'hex');

interface Head {
  readonly family?: number;
  readonly length?: number;
  readonly table?: number;
  readonly type?: number;
  readonly flags?: number;
}

function route(head: Head, ...attributes: Buffer[]): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.set([head.family ?? AF_INET, head.length ?? 32, 0, 0, head.table ?? 254, RTPROT.bgp, 0, head.type ?? 1]);
  fixed.writeUInt32LE(head.flags ?? 0, 8);
  return request(RTM.newRoute, 0, fixed, attributes);
}

const dst = attribute(RTA.dst, Uint8Array.of(10, 0, 0, 1));

/** `struct rtnexthop` with a gateway in IPv6. */
function hop(ifindex: number, flags = 0): Buffer {
  const via = attribute(RTA.via, Buffer.concat([Buffer.from([AF_INET6, 0]), FE80_1]));
  const head = Buffer.alloc(8);
  head.writeUInt16LE(8 + via.length, 0);
  head[2] = flags;
  head.writeInt32LE(ifindex, 4);
  return Buffer.concat([head, via]);
}

function parse(...messages: Buffer[]) {
  return parseRoutes(Buffer.concat(messages), unexpected);
}

function unexpected(): never {
  throw new Error('no next-hop object is named');
}

test('an IPv4 route over several IPv6 next hops, without those that do not forward', (t) => {
  const multipath = attribute(RTA.multipath, Buffer.concat([hop(3), hop(4, DEAD), hop(5, LINKDOWN), hop(6)]));
  const [only, ...others] = parse(route({}, dst, multipath, attribute(RTA.priority, uint32(20))));
  t.deepEqual(others, []);
  t.deepEqual(only, {
    family: 4,
    prefix: '10.0.0.1/32',
    type: 'unicast',
    protocol: RTPROT.bgp,
    priority: 20,
    nextHops: [
      { ifindex: 3, gateway: 'fe80::1' },
      { ifindex: 6, gateway: 'fe80::1' },
    ],
  });
});

test('a single next hop is dead by the flags of its route', (t) => {
  const single = (flags: number) =>
    parse(route({ flags }, dst, attribute(RTA.oif, uint32(7)), attribute(RTA.gateway, Uint8Array.of(10, 1, 1, 1))))[0];
  t.deepEqual(single(0)?.nextHops, [{ ifindex: 7, gateway: '10.1.1.1' }]);
  t.deepEqual(single(LINKDOWN)?.nextHops, []);
});

test('routes that drop have no next hops, default routes no destination', (t) => {
  const routes = parse(
    route({ length: 0, type: 6 }),
    route({ family: AF_INET6, length: 0, type: 7 }, attribute(RTA.oif, uint32(1))),
    route({ type: 8 }, dst),
  );
  t.deepEqual(
    routes.map(({ prefix, type, nextHops }) => [prefix, type, nextHops.length]),
    [
      ['0.0.0.0/0', 'blackhole', 0],
      ['::/0', 'unreachable', 0],
      ['10.0.0.1/32', 'prohibit', 0],
    ],
  );
});

test('other tables, local and cached routes are left out', (t) => {
  const oif = attribute(RTA.oif, uint32(2));
  t.deepEqual(
    parse(
      route({ table: 255 }, dst, oif),
      route({ table: 252 }, dst, oif, attribute(RTA.table, uint32(1000))),
      route({ type: 2 }, dst, oif),
      route({ flags: 0x200 }, dst, oif),
    ),
    [],
  );
});

test('next-hop objects are asked for once, and only where they are not spelt out', (t) => {
  let asked = 0;
  const objects = () => {
    asked++;
    return new Map([[8, [{ ifindex: 3 }, { ifindex: 4 }]]]);
  };
  const named = route({}, dst, attribute(RTA.nhId, uint32(8)));
  const spelt = route({}, dst, attribute(RTA.nhId, uint32(8)), attribute(RTA.oif, uint32(3)));
  const gone = route({}, dst, attribute(RTA.nhId, uint32(9)));
  t.deepEqual(
    parseRoutes(Buffer.concat([named, spelt, gone]), objects).map((some) => some.nextHops.map((next) => next.ifindex)),
    [[3, 4], [3], []],
  );
  t.is(asked, 1);
});

test('an announcement tells family, prefix and protocol', (t) => {
  const message = route({}, dst, attribute(RTA.oif, uint32(2)));
  t.deepEqual(readRouteEvent(message, 16, message.length), { family: 4, prefix: '10.0.0.1/32', protocol: RTPROT.bgp });
});
