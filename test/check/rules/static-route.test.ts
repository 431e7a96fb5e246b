import test from 'ava';
import { below, plant, told } from '../planted.ts';

const found = (route: string, node = 'leaf-2', withIntent = true) => {
  const { findings, line } = plant({ [node]: below('no zebra nexthop kernel enable', route) }, { withIntent });
  return told(findings, 'static-route').map((one) => one.replace(`${node}:${line(node, route)}`, 'HERE'));
};

test('a black hole over a prefix of the fabric', (t) => {
  const expected = [
    'error HERE static route 10.64.3.0/24 drops packets for 10.64.3.0/24 of leaf-3, before BGP is asked',
  ];
  t.deepEqual(found('ip route 10.64.3.0/24 blackhole'), expected);
  t.deepEqual(found('ip route 10.64.3.0/24 Null0', 'leaf-2', false), expected);
  t.deepEqual(found('ipv6 route fd1e:af00:1:3::1/128 reject'), [
    'error HERE static route fd1e:af00:1:3::1/128 drops packets for fd1e:af00:1:3::/64 of leaf-3, fd1e:af00:1:3::1/128 of server-3-1, before BGP is asked',
  ]);
  t.deepEqual(found('ip route 10.64.0.0/16 blackhole', 'spine-1').length, 1);
});

test('a static route that sends elsewhere', (t) => {
  t.deepEqual(found('ip route 10.64.3.0/24 eth1'), [
    'error HERE static route 10.64.3.0/24 sends elsewhere packets for 10.64.3.0/24 of leaf-3, before BGP is asked',
  ]);
});

test('routes that take nothing from anybody', (t) => {
  t.deepEqual(found('ip route 0.0.0.0/0 blackhole'), []);
  t.deepEqual(found('ip route 10.64.2.0/24 blackhole'), []);
  t.deepEqual(found('ip route 192.0.2.0/24 blackhole'), []);
  t.deepEqual(found('ip route 10.64.3.0/24 blackhole 250'), []);
});
