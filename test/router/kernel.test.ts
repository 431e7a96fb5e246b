import test from 'ava';
import { type KernelRoute, RTPROT } from '../../src/linux/netlink-route.ts';
import { routeTable } from '../../src/router/kernel.ts';

const NAMES = new Map([
  [1, 'lo'],
  [2, 'eth2'],
  [3, 'eth10'],
]);

function route(prefix: string, ifindexes: readonly number[], more: Partial<KernelRoute> = {}): KernelRoute {
  return {
    family: prefix.includes(':') ? 6 : 4,
    prefix,
    type: 'unicast',
    protocol: RTPROT.bgp,
    priority: 20,
    nextHops: ifindexes.map((ifindex) => ({ ifindex })),
    ...more,
  };
}

test('next hops are sorted by interface and know their peer', (t) => {
  const table = routeTable([route('10.0.0.1/32', [2, 3])], NAMES, { eth2: 'spine2' });
  t.deepEqual(table.get('10.0.0.1/32'), [{ interface: 'eth10' }, { interface: 'eth2', peer: 'spine2' }]);
});

test('connected, boot and advertised routes, link-local and multicast are left out', (t) => {
  const table = routeTable(
    [
      ...[RTPROT.kernel, RTPROT.boot, RTPROT.ra].map((protocol) => route('10.1.0.0/16', [2], { protocol })),
      ...['fe80::/64', 'febf::/16', 'ff00::/8', 'ff02::1/128', '169.254.0.0/16', '224.0.0.0/4', '239.1.1.1/32'].map(
        (prefix) => route(prefix, [2]),
      ),
      ...['fd00::/8', '::/0', '0.0.0.0/0', '223.0.0.0/8', '240.0.0.0/4', 'fec0::/16'].map((prefix) =>
        route(prefix, [2]),
      ),
    ],
    NAMES,
  );
  t.deepEqual([...table.keys()], ['fd00::/8', '::/0', '0.0.0.0/0', '223.0.0.0/8', '240.0.0.0/4', 'fec0::/16']);
});

test('of several routes to a prefix the one that the kernel uses', (t) => {
  const prefix = '10.0.0.1/32';
  const drop: Partial<KernelRoute> = { type: 'blackhole', priority: 30 };
  t.deepEqual(routeTable([route(prefix, [2], { priority: 30 }), route(prefix, [3])], NAMES).get(prefix), [
    { interface: 'eth10' },
  ]);
  // All next hops of the better one are gone.
  t.deepEqual(routeTable([route(prefix, []), route(prefix, [2], { priority: 30 })], NAMES).get(prefix), [
    { interface: 'eth2' },
  ]);
  t.deepEqual(routeTable([route(prefix, []), route(prefix, [], drop)], NAMES).get(prefix), []);
  t.false(routeTable([route(prefix, [])], NAMES).has(prefix));
});
