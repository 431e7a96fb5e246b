import test from 'ava';
import { parseFrrConfig, withDefaults } from 'frr-config';

const peer = 'router bgp 1\n neighbor 10.0.0.1 remote-as 2\n';

test('the profile decides timers and policy', (t) => {
  const [traditional] = withDefaults(parseFrrConfig(peer)).bgp!;
  t.deepEqual(traditional?.timers, { keepalive: 60, hold: 180 });
  t.is(traditional?.ebgpRequiresPolicy, true);
  t.is(traditional?.neighbors?.[0]?.connectTimer, 120);
  const [datacenter] = withDefaults(parseFrrConfig(`frr defaults datacenter\n${peer}`)).bgp!;
  t.deepEqual(datacenter?.timers, { keepalive: 3, hold: 9 });
  t.is(datacenter?.ebgpRequiresPolicy, false);
  t.is(datacenter?.neighbors?.[0]?.connectTimer, 10);
  t.deepEqual(datacenter?.neighbors?.[0]?.timers, { keepalive: 3, hold: 9 });
});

test('what the text says stands', (t) => {
  const [bgp] = withDefaults(
    parseFrrConfig(`frr defaults datacenter\n${peer} bgp ebgp-requires-policy\n timers bgp 10 30\n`),
  ).bgp!;
  t.is(bgp?.ebgpRequiresPolicy, true);
  t.deepEqual(bgp?.neighbors?.[0]?.timers, { keepalive: 10, hold: 30 });
});

test('activation: IPv4 unless the instance says no, IPv6 only where it is said', (t) => {
  const active = (text: string) => {
    const [bgp] = withDefaults(parseFrrConfig(text)).bgp!;
    return [bgp?.ipv4Unicast?.neighbors?.[0]?.activate, bgp?.ipv6Unicast?.neighbors?.[0]?.activate];
  };
  t.deepEqual(active(peer), [true, false]);
  t.deepEqual(active(`${peer} no bgp default ipv4-unicast\n`), [false, false]);
  t.deepEqual(active(`${peer} address-family ipv6 unicast\n  neighbor 10.0.0.1 activate\n`), [true, true]);
});

test('an idle statement of a default changes nothing', (t) => {
  const plain = withDefaults(parseFrrConfig(peer));
  const stated = `ip forwarding\nzebra nexthop-group keep 180\nzebra nexthop kernel enable\ninterface eth9\nexit
${peer} timers bgp 60 180\n bgp network import-check\n no neighbor 10.0.0.1 shutdown\n coalesce-time 1000\n`;
  t.deepEqual(withDefaults(parseFrrConfig(stated)), plain);
});

test('order does not matter', (t) => {
  const one = 'interface a\n shutdown\ninterface b\n shutdown\nip route 1.0.0.0/8 Null0\nip route 2.0.0.0/8 Null0\n';
  const other = 'ip route 2.0.0.0/8 Null0\nip route 1.0.0.0/8 Null0\ninterface b\n shutdown\ninterface a\n shutdown\n';
  t.deepEqual(withDefaults(parseFrrConfig(one)), withDefaults(parseFrrConfig(other)));
});

test('host bits are cleared', (t) => {
  const prefix = (text: string) => withDefaults(parseFrrConfig(text)).staticRoutes?.[0]?.prefix;
  t.is(prefix('ip route 10.1.2.3/8 Null0'), '10.0.0.0/8');
  t.is(prefix('ip route 10.1.2.3/31 Null0'), '10.1.2.2/31');
  t.is(prefix('ip route 0.0.0.0/0 Null0'), '0.0.0.0/0');
  t.is(prefix('ip route 255.255.255.255/32 Null0'), '255.255.255.255/32');
  t.is(prefix('ipv6 route 2001:DB8:0:0:1:0:0:1/64 Null0'), '2001:db8::/64');
  t.is(prefix('ipv6 route ::ffff:10.0.0.1/128 Null0'), '::ffff:a00:1/128');
  t.is(prefix('ipv6 route ::/0 Null0'), '::/0');
  t.is(prefix('ipv6 route 1:0:0:2:0:0:0:3/128 Null0'), '1:0:0:2::3/128');
});

test('a member of a group keeps only what differs', (t) => {
  const [bgp] = withDefaults(
    parseFrrConfig(`router bgp 1
 neighbor G peer-group
 neighbor G remote-as external
 neighbor G timers 1 3
 neighbor eth1 interface peer-group G
 neighbor eth1 timers 1 3
 neighbor eth1 timers connect 5
 no neighbor eth1 shutdown
`),
  ).bgp!;
  t.deepEqual(bgp?.neighbors, [{ name: 'eth1', byInterface: true, v6only: false, peerGroup: 'G', connectTimer: 5 }]);
});
