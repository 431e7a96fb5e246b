import test from 'ava';
import { check, plant, swap, told } from '../planted.ts';

test('the node that took another one’s address is named', (t) => {
  const { findings, line } = plant({
    'server-3-1': swap('ipv6 address fd1e:af00:1:3::1/128', 'ipv6 address FD1E:AF00:1:2:0::1/128'),
  });
  t.deepEqual(told(findings, 'duplicate-address'), [
    `error server-3-1:${line('server-3-1', 'ipv6 address')} fd1e:af00:1:2::1 of server-3-1:lo is also the address of server-2-1:lo`,
  ]);
});

test('link-local addresses may repeat, others may not', (t) => {
  const text = 'interface eth1\n ipv6 address fe80::1/64\n ip address 10.0.0.1/24\n';
  t.deepEqual(told(check({ a: text, b: text }, ['a:eth1 b:eth1']), 'duplicate-address'), [
    'error b:3 10.0.0.1 of b:eth1 is also the address of a:eth1',
  ]);
});
