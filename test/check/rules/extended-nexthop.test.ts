import test from 'ava';
import { below, plant, told } from '../planted.ts';

test('an unnumbered session without the capability', (t) => {
  const { findings, line } = plant({
    'leaf-1': below('neighbor eth1 description', ' no neighbor eth1 capability extended-nexthop'),
  });
  t.deepEqual(told(findings, 'extended-nexthop'), [
    `warning leaf-1:${line('leaf-1', 'extended-nexthop')} neighbor eth1 (spine-1) is unnumbered without capability extended-nexthop: a router that obeys has no next hop for IPv4 routes over it, and FRR 8.4 ignores it`,
  ]);
});
