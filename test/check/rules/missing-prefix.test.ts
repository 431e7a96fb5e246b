import test from 'ava';
import { check, drop, plant, told } from '../planted.ts';

test('a prefix of the intent that nobody announces', (t) => {
  const { findings, line } = plant({
    'leaf-3': drop('network 10.64.3.0/24'),
    'server-1-1': drop('network fd1e:af00:1:1::1/128'),
  });
  t.deepEqual(told(findings, 'missing-prefix'), [
    `error leaf-3:${line('leaf-3', 'address-family ipv4')} leaf-3 does not announce 10.64.3.0/24, which the intent has it announce: nobody else reaches it`,
    `error server-1-1:${line('server-1-1', 'address-family ipv6')} server-1-1 does not announce fd1e:af00:1:1::1/128, which the intent has it announce: nobody else reaches it`,
  ]);
});

test('with the import check on, a network without a route is not announced', (t) => {
  const { findings, line } = plant({ 'leaf-3': drop('no bgp network import-check') });
  t.deepEqual(told(findings, 'missing-prefix'), [
    `error leaf-3:${line('leaf-3', 'network 10.64.3.0/24')} network 10.64.3.0/24 is not announced: bgp network import-check is on, and leaf-3 has no route for exactly this prefix`,
    `error leaf-3:${line('leaf-3', 'network fd1e:af00:1:3::/64')} network fd1e:af00:1:3::/64 is not announced: bgp network import-check is on, and leaf-3 has no route for exactly this prefix`,
  ]);
});

test('addresses, static routes and commands of the topology make a network announced', (t) => {
  const text =
    'interface eth1\n ip address 10.1.0.1/24\nexit\nip route 10.2.0.0/24 blackhole\nrouter bgp 1\n address-family ipv4 unicast\n  network 10.1.0.0/24\n  network 10.2.0.0/24\n  network 10.3.0.0/24\n  network 10.4.0.0/24\n';
  const findings = check({ a: text }, [], { a: { exec: ['ip addr add 10.3.0.1/24 dev eth2'] } });
  t.deepEqual(
    told(findings, 'missing-prefix').map((one) => one.split(' is not')[0]),
    ['warning a:10 network 10.4.0.0/24'],
  );
});
