import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseFrrConfig, parseFrrConfigWithLines, unknownStatements, writeFrrConfig } from 'frr-config';

const everything = readFileSync(new URL('./fixtures/everything.conf', import.meta.url), 'utf8');

function unknownOf(text: string): (readonly [string, string, number])[] {
  return unknownStatements(parseFrrConfig(text)).map(({ context, text, line }) => [context.join(' / '), text, line]);
}

test('the fixture with every statement of the model has nothing unknown', (t) => {
  const config = parseFrrConfig(everything);
  t.deepEqual(unknownStatements(config), []);
  t.is(config.bgp?.[0]?.neighbors?.length, 5);
  t.deepEqual(config.bgp?.[0]?.peerGroups?.[0], {
    name: 'F',
    remoteAs: 'external',
    bfd: true,
    bfdProfile: 'fast',
    password: 'secret',
    advertisementInterval: 0,
    timers: { keepalive: 1, hold: 3 },
    connectTimer: 1,
    extendedNexthop: true,
  });
});

test('unnumbered neighbours, one line or two', (t) => {
  const config = parseFrrConfig(`router bgp 65000
 neighbor LEAF peer-group
 neighbor eth1 interface peer-group LEAF
 neighbor eth1 remote-as external
 neighbor eth2 interface v6only remote-as internal
 neighbor eth3 interface
 neighbor eth3 peer-group LEAF
`);
  t.deepEqual(config.bgp?.[0]?.neighbors, [
    { name: 'eth1', byInterface: true, peerGroup: 'LEAF', remoteAs: 'external' },
    { name: 'eth2', byInterface: true, v6only: true, remoteAs: 'internal' },
    { name: 'eth3', byInterface: true, peerGroup: 'LEAF' },
  ]);
});

test('a name that is neither declared nor an address is not taken for a neighbour', (t) => {
  const text = 'router bgp 1\n neighbor FOO remote-as 2\n';
  t.is(parseFrrConfig(text).bgp?.[0]?.neighbors, undefined);
  t.deepEqual(unknownOf(text), [['router bgp 1', 'neighbor FOO remote-as 2', 2]]);
});

test('statements of IPv4 unicast may stand in the BGP node itself', (t) => {
  const [bgp] = parseFrrConfig('router bgp 1\n network 10.0.0.0/8\n maximum-paths 4\n').bgp!;
  t.deepEqual(bgp?.ipv4Unicast, { networks: [{ prefix: '10.0.0.0/8' }], maximumPaths: 4 });
});

test('entries of a prefix-list without a number get the one that FRR gives', (t) => {
  const config = parseFrrConfig(`ip prefix-list A permit any
ip prefix-list A seq 12 deny 10.0.0.0/8
ip prefix-list A permit 172.16.0.0/12 ge 24 le 32`);
  t.deepEqual(
    config.prefixLists?.[0]?.entries.map((entry) => entry.seq),
    [5, 12, 15],
  );
});

test('text without indentation, without exits, with CRLF', (t) => {
  const flat = everything.replace(/^ +/gm, '');
  t.deepEqual(parseFrrConfig(flat), parseFrrConfig(everything));
  t.deepEqual(parseFrrConfig(everything.replace(/\n/g, '\r\n')), parseFrrConfig(everything));
  t.deepEqual(parseFrrConfig(everything.replace(/^ *exit.*\n/gm, '')), parseFrrConfig(everything));
});

test('the frame of show running-config is no statement', (t) => {
  const shown = `Building configuration...\n\nCurrent configuration:\n!\n${everything}end\n`;
  t.deepEqual(parseFrrConfig(shown), parseFrrConfig(everything));
});

test('a later statement restates an earlier one, and its line counts', (t) => {
  const { config, lines } = parseFrrConfigWithLines(`hostname a
router bgp 1
 coalesce-time 5
exit
interface eth1
 ip address 10.0.0.1/31
router bgp 1
 coalesce-time 7
hostname b`);
  t.is(config.hostname, 'b');
  t.is(config.bgp?.length, 1);
  t.is(config.bgp?.[0]?.coalesceTime, 7);
  t.is(lines.get('hostname'), 9);
  t.is(lines.get('bgp/0'), 2);
  t.is(lines.get('bgp/0/coalesceTime'), 8);
  t.is(lines.get('interfaces/0/ipv4/0'), 6);
});

test('lines of neighbours and of families', (t) => {
  const { lines } = parseFrrConfigWithLines(everything);
  const line = (text: string) => everything.split('\n').findIndex((other) => other.trim() === text) + 1;
  t.is(lines.get('bgp/0/neighbors/2/remoteAs'), line('neighbor eth2 interface remote-as 65000'));
  t.is(lines.get('bgp/0/ipv4Unicast/neighbors/1/allowasIn'), line('neighbor 10.0.0.5 allowas-in'));
  t.is(lines.get('interfaces/1'), line('interface eth2'));
  t.is(lines.get('prefixLists/1/entries/1'), line('ipv6 prefix-list P6 seq 10 permit fd00::/16 ge 48 le 64'));
});

test('whole blocks that the model does not know are kept with their inner lines', (t) => {
  const text = `router ospf
 passive-interface eth3

 network 192.168.1.0/24 area 0.0.0.0
!
vrf blue
 vni 100
 ip route 10.0.0.0/8 Null0
exit-vrf
!
line vty
exit
!
hostname r1
`;
  t.deepEqual(unknownOf(text), [
    ['', 'router ospf', 1],
    ['router ospf', 'passive-interface eth3', 2],
    ['router ospf', 'network 192.168.1.0/24 area 0.0.0.0', 4],
    ['', 'vrf blue', 6],
    ['vrf blue', 'vni 100', 7],
    ['vrf blue', 'ip route 10.0.0.0/8 Null0', 8],
    ['', 'line vty', 11],
  ]);
  const config = parseFrrConfig(text);
  t.is(config.staticRoutes, undefined, 'a route of a VRF is none of the default VRF');
  t.is(config.hostname, 'r1');
  t.deepEqual(config.unknown?.map((statement) => statement.closedBy).filter(Boolean), ['exit', 'exit-vrf', 'exit']);
});

test('unknown statements and families inside known blocks', (t) => {
  const text = `interface eth1
 ip ospf area 0
 description x
exit
router bgp 1
 neighbor 10.0.0.1 remote-as 2
 neighbor 10.0.0.1 ttl-security hops 2
 bgp router-id 1.1.1.1
 address-family l2vpn evpn
  neighbor 10.0.0.1 activate
  advertise-all-vni
 exit-address-family
 address-family ipv4 unicast
  neighbor 10.0.0.1 maximum-prefix 10
  neighbor 10.0.0.1 activate
 exit-address-family
exit
route-map A permit 10
 match community C
exit
`;
  t.deepEqual(unknownOf(text), [
    ['interface eth1', 'ip ospf area 0', 2],
    ['router bgp 1', 'neighbor 10.0.0.1 ttl-security hops 2', 7],
    ['router bgp 1', 'address-family l2vpn evpn', 9],
    ['router bgp 1 / address-family l2vpn evpn', 'neighbor 10.0.0.1 activate', 10],
    ['router bgp 1 / address-family l2vpn evpn', 'advertise-all-vni', 11],
    ['router bgp 1 / address-family ipv4 unicast', 'neighbor 10.0.0.1 maximum-prefix 10', 14],
    ['route-map A permit 10', 'match community C', 19],
  ]);
  t.deepEqual(parseFrrConfig(text).bgp?.[0]?.ipv4Unicast?.neighbors, [{ name: '10.0.0.1', activate: true }]);
});

test('an unknown statement is written behind all that it may depend on', (t) => {
  const written = writeFrrConfig(
    parseFrrConfig(`router bgp 1
 neighbor 10.0.0.1 remote-as 2
 neighbor 10.0.0.1 ttl-security hops 2
 bgp router-id 1.1.1.1
`),
  );
  t.is(
    written,
    `router bgp 1
 bgp router-id 1.1.1.1
 neighbor 10.0.0.1 remote-as 2
 neighbor 10.0.0.1 ttl-security hops 2
exit
!
`,
  );
});

for (const text of [
  'ip route 10.0.0.0/8 1.2.3.4 tag 5',
  'ip route 10.0.0.0 255.0.0.0 Null0',
  'ip prefix-list A seq 0 permit any',
  'ip prefix-list A permit 10.0.0.0/33',
  'no ip prefix-list A permit any',
  'router bgp 4294967296',
  'router bgp 1 view x',
  'interface eth1 vrf blue',
  'zebra nexthop-group keep 0',
  'frr defaults carrier',
  'route-map A allow 10',
]) {
  test(`kept as unknown: ${text}`, (t) => {
    t.deepEqual(unknownOf(text), [['', text, 1]]);
    t.is(writeFrrConfig(parseFrrConfig(text)).replace(/!\n/g, ''), `${text}\n`);
  });
}

test('the model is frozen', (t) => {
  const config = parseFrrConfig(everything);
  t.true(Object.isFrozen(config) && Object.isFrozen(config.bgp) && Object.isFrozen(config.bgp?.[0]?.neighbors?.[0]));
});
