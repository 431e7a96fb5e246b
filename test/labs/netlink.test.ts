/** Kernel state read back from bare namespaces over route netlink. */
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { nowMs } from '../../src/linux/clock.ts';
import { NetlinkSocket, RTNLGRP } from '../../src/linux/netlink.ts';
import { dumpRoutesRaw } from '../../src/linux/netlink-route.ts';
import { IPPROTO, type RouteQuery, routeGet } from '../../src/linux/netlink-route-get.ts';
import { Poller } from '../../src/linux/poll.ts';
import { sleepUntil } from '../../src/linux/sleep.ts';
import { kernelRoutes, openKernel } from '../../src/router/kernel.ts';
import { addLinks, namespace, namespacesMissing } from './bare-namespaces.ts';

const absent = namespacesMissing();
const lab = absent ? test.serial.skip : test.serial;
if (absent) console.log(`test/labs/netlink: skipped: ${absent}`);

/** Prefix to interfaces, as text. */
function flat(netns: string): Record<string, string> {
  const { ipv4, ipv6 } = kernelRoutes(netns);
  const entries = [...ipv4, ...ipv6].map(
    ([prefix, hops]) => [prefix, hops.map((hop) => hop.interface).join(' ')] as const,
  );
  return Object.fromEntries(entries.sort());
}

lab('routes of every kind, and those that are none', (t) => {
  const made = namespace(t, 'rtr-kinds');
  addLinks(made, 2);
  made.ip(
    'addr add 10.9.0.1/24 dev e1',
    'addr add fd09::1/64 dev e1',
    'route add 10.0.0.1/32 proto bgp metric 20 nexthop via inet6 fe80::1 dev e2 nexthop via inet6 fe80::1 dev e1',
    'route add fd00:0:0::1/128 proto bgp metric 20 nexthop via fe80::1 dev e2 nexthop via fe80::1 dev e1',
    'route add 10.0.0.2/32 proto static via 10.9.0.2',
    'route add 0.0.0.0/0 proto static via 10.9.0.2',
    'route add default proto bgp via fe80::1 dev e1',
    'route add blackhole 10.1.0.0/16 proto static',
    'route add unreachable 10.2.0.0/16 proto static',
    'route add prohibit fd02::/16 proto static',
    'route add 10.3.0.0/16 dev e1',
    'route add 10.4.0.0/16 dev e1 proto ra',
    'route add 10.5.0.0/16 dev e1 proto bgp table 1000',
  );
  t.deepEqual(flat(made.netns), {
    '0.0.0.0/0': 'e1',
    '10.0.0.1/32': 'e1 e2',
    '10.0.0.2/32': 'e1',
    '10.1.0.0/16': '',
    '10.2.0.0/16': '',
    '::/0': 'e1',
    'fd00::1/128': 'e1 e2',
    'fd02::/16': '',
  });
});

lab('a next hop without carrier is not used, whether or not the kernel is told to skip it', (t) => {
  for (const ignore of ['0', '1']) {
    const made = namespace(t, `rtr-down${ignore}`);
    for (const family of ['ipv4', 'ipv6']) {
      for (const which of ['all', 'default'])
        made.sysctl(`${family}/conf/${which}/ignore_routes_with_linkdown`, ignore);
    }
    addLinks(made, 2);
    made.ip(
      'route add 10.0.0.1/32 proto bgp nexthop via inet6 fe80::1 dev e1 nexthop via inet6 fe80::1 dev e2',
      'route add fd00::1/128 proto bgp nexthop via fe80::1 dev e1 nexthop via fe80::1 dev e2',
      'route add 10.0.0.2/32 proto bgp via inet6 fe80::1 dev e1',
    );
    made.ip('link set p1 down');
    t.deepEqual(
      flat(made.netns),
      { '10.0.0.1/32': 'e2', 'fd00::1/128': 'e2' },
      `ignore_routes_with_linkdown=${ignore}`,
    );
    made.ip('link set p1 up');
    t.is(flat(made.netns)['10.0.0.1/32'], 'e1 e2');
  }
});

lab('next-hop objects, spelt out by the kernel or not', (t) => {
  for (const compat of ['1', '0']) {
    const made = namespace(t, `rtr-nh${compat}`);
    made.sysctl('ipv4/nexthop_compat_mode', compat);
    addLinks(made, 2);
    made.ip(
      'nexthop add id 1 via fe80::1 dev e1',
      'nexthop add id 2 via fe80::1 dev e2',
      'nexthop add id 12 group 1/2',
      'route add 10.0.0.1/32 proto bgp nhid 12',
      'route add fd00::1/128 proto bgp nhid 12',
      'route add 10.0.0.2/32 proto bgp nhid 2',
    );
    const both = { '10.0.0.1/32': 'e1 e2', '10.0.0.2/32': 'e2', 'fd00::1/128': 'e1 e2' };
    t.deepEqual(flat(made.netns), both, `nexthop_compat_mode=${compat}`);
    // The kernel takes the next hop out of the group, and it does not come back with the carrier.
    made.ip('link set p1 down');
    // It notices the lost carrier a moment later, and one that is back by then it does not notice at all.
    const until = nowMs() + 5_000;
    while (flat(made.netns)['10.0.0.1/32'] !== 'e2' && nowMs() < until) sleepUntil(nowMs() + 5);
    made.ip('link set p1 up');
    t.deepEqual(flat(made.netns), { '10.0.0.1/32': 'e2', '10.0.0.2/32': 'e2', 'fd00::1/128': 'e2' });
  }
});

lab('interfaces, addresses and neighbours', (t) => {
  const made = namespace(t, 'rtr-state');
  const other = namespace(t, 'rtr-other');
  made.ip(
    `link add e1 address 02:00:00:00:00:01 mtu 9000 type veth peer name f1 netns ${other.name}`,
    'addr add 10.9.0.1/24 dev e1',
    'addr add fd09::1/64 dev e1',
    'link set e1 up',
    'neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev e1 nud permanent',
  );
  const kernel = openKernel(made.netns);
  t.teardown(() => kernel.close());
  const e1 = () => kernel.links().find(({ name }) => name === 'e1')!;
  t.like(e1(), { adminUp: true, carrier: false, mtu: 9000, mac: '02:00:00:00:00:01' });
  t.true(['down', 'lowerlayerdown'].includes(e1().operState));
  t.true(e1().peerIfindex! > 0 && e1().linkNetnsid !== undefined);
  other.ip('link set f1 up');
  t.true(e1().carrier);
  const { ifindex } = e1();
  t.deepEqual(
    kernel.addresses().filter((address) => address.ifindex === ifindex && address.scope === 'global'),
    [
      { ifindex, family: 4, address: '10.9.0.1', prefixLength: 24, scope: 'global', tentative: false },
      { ifindex, family: 6, address: 'fd09::1', prefixLength: 64, scope: 'global', tentative: false },
    ],
  );
  t.deepEqual(
    kernel.neighbours().find(({ address }) => address === '10.9.0.2'),
    { ifindex, address: '10.9.0.2', state: 'permanent', mac: '02:00:00:00:00:02' },
  );
});

lab('the way of a 5-tuple is the one that `ip route get` tells', (t) => {
  const made = namespace(t, 'rtr-get');
  for (const family of ['ipv4', 'ipv6']) made.sysctl(`${family}/fib_multipath_hash_policy`, '1');
  addLinks(made, 2);
  made.ip(
    'addr add 10.9.9.9/32 dev lo',
    'addr add fd00::9/128 dev lo',
    'route add 10.0.0.1/32 proto bgp nexthop via inet6 fe80::1 dev e1 nexthop via inet6 fe80::1 dev e2',
    'route add fd00::1/128 proto bgp nexthop via fe80::1 dev e1 nexthop via fe80::1 dev e2',
    'route add blackhole 10.1.0.0/16 proto static',
    'route add prohibit fd02::/16 proto static',
  );
  const kernel = openKernel(made.netns);
  t.teardown(() => kernel.close());
  const names = new Map(kernel.links().map(({ ifindex, name }) => [ifindex, name]));
  const udp = { ipProto: IPPROTO.udp, dport: 7 };
  const way = (query: Omit<RouteQuery, 'ipProto' | 'dport'>) =>
    names.get(routeGet(kernel.socket, { ...udp, ...query })!.oif);
  for (const [family, dst, src] of [
    [4, '10.0.0.1', '10.9.9.9'],
    [6, 'fd00::1', 'fd00::9'],
  ] as const) {
    const seen = new Set<string | undefined>();
    for (let sport = 20_000; sport < 20_012; sport++) {
      const argv = [
        '-n',
        made.name,
        'route',
        'get',
        dst,
        'from',
        src,
        'ipproto',
        'udp',
        'sport',
        `${sport}`,
        'dport',
        '7',
      ];
      const said = / dev (\S+)/.exec(execFileSync('ip', argv, { encoding: 'utf8' }))![1];
      t.is(way({ family, dst, src, sport }), said);
    }
    for (let sport = 1; sport < 200; sport++) seen.add(way({ family, dst, src, sport }));
    t.deepEqual([...seen].sort(), ['e1', 'e2']);
  }
  const answer = (family: 4 | 6, dst: string) => routeGet(kernel.socket, { ...udp, family, dst, sport: 1 });
  t.true(answer(4, '10.9.9.9')!.local);
  t.true(answer(6, 'fd00::9')!.local);
  for (const dst of ['10.1.0.1', '192.0.2.1']) t.is(answer(4, dst), undefined);
  for (const dst of ['fd02::1', '2001:db8::1']) t.is(answer(6, dst), undefined);
  t.throws(() => answer(4, 'fd00::1'), { message: 'fd00::1 is not an IPv4 address' });
});

lab('a dump larger than one receive, equal byte by byte until something changes', (t) => {
  const made = namespace(t, 'rtr-large');
  addLinks(made, 1);
  const routes = Array.from(
    { length: 3000 },
    (_, i) => `route add 10.${i >> 8}.${i & 255}.0/24 proto bgp via inet6 fe80::1 dev e1`,
  );
  made.ip(...routes);
  t.is(kernelRoutes(made.netns).ipv4.size, routes.length);
  const kernel = openKernel(made.netns);
  t.teardown(() => kernel.close());
  const raw = () => Buffer.from(dumpRoutesRaw(kernel.socket, 4));
  const first = raw();
  t.true(first.length > 128 << 10);
  t.true(first.equals(raw()));
  made.ip('route del 10.0.7.0/24');
  t.false(first.equals(raw()));
  t.is(kernel.routes().ipv4.size, routes.length - 1);
});

lab('announcements arrive, and what the kernel had to drop is said', async (t) => {
  const made = namespace(t, 'rtr-events');
  addLinks(made, 1);
  const events = new NetlinkSocket(made.netns, [RTNLGRP.ipv4Route]);
  const poller = new Poller([events.fd]);
  t.teardown(() => {
    poller.close();
    events.close();
  });
  t.is(events.next(), undefined);
  t.deepEqual(await poller.wait(0), []);
  const woken = poller.wait(60_000);
  poller.wake();
  t.deepEqual(await woken, []);
  const waited = poller.wait(60_000);
  made.ip('route add 10.0.0.1/32 proto bgp via inet6 fe80::1 dev e1');
  t.deepEqual(await waited, [0]);
  t.not(events.next(), undefined);
  t.is(events.next(), undefined);

  // A buffer this small loses most of these; the socket works on afterwards.
  events.limitReceiveBuffer(4096);
  const many = Array.from({ length: 200 }, (_, i) => `route add 10.1.${i}.0/24 proto bgp via inet6 fe80::1 dev e1`);
  made.ip(...many);
  const got = [];
  for (let next = events.next(); next !== undefined; next = events.next()) got.push(next);
  t.true(got.includes('lost'));
  t.true(got.length < many.length);
  made.ip('route del 10.1.7.0/24');
  t.not(events.next(), undefined);
});

lab('a namespace that is not there is named', (t) => {
  t.throws(() => openKernel('/run/netns/rtr-none'), { message: /\/run\/netns\/rtr-none/ });
});
