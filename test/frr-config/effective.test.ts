import test from 'ava';
import { effectivePeer, parseFrrConfig } from 'frr-config';

const [bgp] = parseFrrConfig(`router bgp 65000
 neighbor G peer-group
 neighbor G remote-as external
 neighbor G shutdown
 neighbor G bfd profile fast
 neighbor G timers 1 3
 neighbor eth1 interface peer-group G
 neighbor eth1 timers 3 9
 no neighbor eth1 shutdown
 neighbor 10.0.0.9 remote-as 65009
 address-family ipv4 unicast
  neighbor G route-map OUT out
  neighbor G allowas-in
  neighbor eth1 route-map MINE out
  no neighbor 10.0.0.9 activate
 exit-address-family
 address-family ipv6 unicast
  neighbor G activate
  neighbor G next-hop-self
 exit-address-family
`).bgp!;

test('what a member does not set comes from its group', (t) => {
  t.deepEqual(effectivePeer(bgp!, 'eth1'), {
    name: 'eth1',
    byInterface: true,
    peerGroup: 'G',
    remoteAs: 'external',
    shutdown: true,
    bfdProfile: 'fast',
    timers: { keepalive: 3, hold: 9 },
    ipv4Unicast: { name: 'eth1', activate: true, routeMapOut: 'MINE', allowasIn: 3 },
    ipv6Unicast: { name: 'eth1', activate: true, nextHopSelf: true },
  });
});

test('a neighbour alone', (t) => {
  t.deepEqual(effectivePeer(bgp!, bgp!.neighbors![1]!), {
    name: '10.0.0.9',
    remoteAs: 65009,
    ipv4Unicast: { name: '10.0.0.9', activate: false },
    ipv6Unicast: { name: '10.0.0.9', activate: false },
  });
});

test('a name that the instance does not have', (t) => {
  t.throws(() => effectivePeer(bgp!, 'eth2'), { message: /65000 has no neighbor eth2/ });
});
