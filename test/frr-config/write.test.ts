import { readFileSync } from 'node:fs';
import test from 'ava';
import { type FrrConfig, parseFrrConfig, writeFrrConfig } from 'frr-config';

const everything = readFileSync(new URL('./fixtures/everything.conf', import.meta.url), 'utf8');

test('a text in canonical style is written as it was', (t) => {
  t.is(writeFrrConfig(parseFrrConfig(everything)), everything);
});

test('a small router', (t) => {
  const config: FrrConfig = {
    defaults: 'datacenter',
    hostname: 'leaf-1',
    interfaces: [{ name: 'lo', ipv4: ['10.0.0.1/32'] }],
    bgp: [
      {
        asn: 4_200_000_001,
        bestpath: { asPathMultipathRelax: true },
        peerGroups: [{ name: 'FABRIC', remoteAs: 'external' }],
        neighbors: [{ name: 'eth1', byInterface: true, peerGroup: 'FABRIC' }],
        ipv6Unicast: { neighbors: [{ name: 'FABRIC', activate: true }] },
      },
    ],
  };
  t.is(
    writeFrrConfig(config),
    `frr defaults datacenter
hostname leaf-1
!
interface lo
 ip address 10.0.0.1/32
exit
!
router bgp 4200000001
 bgp bestpath as-path multipath-relax
 neighbor FABRIC peer-group
 neighbor FABRIC remote-as external
 neighbor eth1 interface peer-group FABRIC
 !
 address-family ipv6 unicast
  neighbor FABRIC activate
 exit-address-family
exit
!
`,
  );
});

test('an address gets its ASN before its group, an interface after', (t) => {
  const neighbors = [
    { name: '10.0.0.1', remoteAs: 2, peerGroup: 'G' },
    { name: 'eth1', byInterface: true, remoteAs: 'external' as const, peerGroup: 'G' },
  ];
  const lines = writeFrrConfig({ bgp: [{ asn: 1, neighbors }] }).split('\n');
  t.deepEqual(lines.slice(1, 5), [
    ' neighbor 10.0.0.1 remote-as 2',
    ' neighbor 10.0.0.1 peer-group G',
    ' neighbor eth1 interface peer-group G',
    ' neighbor eth1 remote-as external',
  ]);
});

test('router advertisements in seconds where they divide evenly', (t) => {
  const interval = (raIntervalMs: number) =>
    writeFrrConfig({ interfaces: [{ name: 'eth1', raIntervalMs }] }).split('\n')[1];
  t.is(interval(2000), ' ipv6 nd ra-interval 2');
  t.is(interval(1500), ' ipv6 nd ra-interval msec 1500');
});

test('a value with a line break is refused, not written as a statement of its own', (t) => {
  const config: FrrConfig = { interfaces: [{ name: 'eth1', description: 'x\n shutdown' }] };
  t.throws(() => writeFrrConfig(config), { message: /interfaces\/0\/description.*line break/ });
  const unknown = [{ context: [], text: 'a\rb', index: 0, line: 0 }];
  t.throws(() => writeFrrConfig({ unknown }), { message: /line break/ });
});

test('unknown statements whose block the model does not have get the block', (t) => {
  const unknown = [
    { context: ['router ospf'], text: 'network 10.0.0.0/8 area 0', index: 0, line: 0 },
    { context: ['bfd', 'peer 10.0.0.1'], text: 'receive-interval 50', index: 0, line: 0 },
  ];
  t.is(
    writeFrrConfig({ unknown }),
    `router ospf
 network 10.0.0.0/8 area 0
exit
!
bfd
 peer 10.0.0.1
  receive-interval 50
 exit
exit
!
`,
  );
});

test('an index past the end is the end', (t) => {
  const unknown = [{ context: ['interface eth1'], text: 'ip ospf area 0', index: 9, line: 0 }];
  const text = writeFrrConfig({ interfaces: [{ name: 'eth1', shutdown: true }], unknown });
  t.is(text, 'interface eth1\n shutdown\n ip ospf area 0\nexit\n!\n');
});
