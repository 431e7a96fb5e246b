/** Defects of a design, as data: how each is planted in a generated folder, what `check` must say of it, and what a run must. */
import { below, both, drop, type PlantedFolder, swap } from './planted-folder.ts';

/** Somebody must be named: the node, or the link where either end could be meant. */
export interface Named {
  /** Rule of `check`, or name of an assertion. */
  readonly name: string;
  readonly target: string;
}

/** Why a defect cannot be seen here. */
export interface Unseen {
  readonly unseen: string;
}

export interface DesignDefect {
  readonly name: string;
  plant(folder: PlantedFolder): void;
  readonly check: Named | Unseen;
  /** Assertions that must not pass, beside `check`. */
  readonly run: readonly Named[] | Unseen;
  /** Milliseconds within which the lab should converge, where that is what the defect spoils. */
  readonly limitMs?: number;
}

/** The fabric that they are planted in: two spines, two racks, one server each. */
export const FABRIC = { spines: 2, racks: 2, servers: 1 } as const;

const UPLINK = 'spine-1:eth1--leaf-1:eth1';
/** Its port is down when the deploy ends and for a while more, as with an optic that is slow to train. */
const LATE = "sh -c 'ip link set eth1 down; (sleep 10; ip link set eth1 up) >/dev/null 2>&1 &'";
const CABLE = '["spine-1:eth1", "leaf-1:eth1"]';

const node = (name: string, ...lines: readonly string[]) => below(`    ${name}:`, ...lines);

export const designDefects: readonly DesignDefect[] = [
  {
    name: 'wrong remote ASN',
    plant: ({ config }) =>
      config('spine-1', swap('neighbor eth1 remote-as 4200001001', 'neighbor eth1 remote-as 65001')),
    check: { name: 'remote-as', target: 'spine-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'a router with an ASN that is not its own',
    plant: ({ config }) => config('leaf-1', swap('router bgp 4200001001', 'router bgp 4200009999')),
    check: { name: 'identity', target: 'leaf-1' },
    run: [
      { name: 'sessions', target: UPLINK },
      { name: 'routes', target: 'leaf-1' },
    ],
  },
  {
    name: 'missing neighbour',
    plant: ({ config }) => config('leaf-1', drop('neighbor eth1 ')),
    check: { name: 'missing-neighbor', target: 'leaf-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'a neighbour that is shut down',
    plant: ({ config }) => config('leaf-1', below('neighbor eth1 interface', ' neighbor eth1 shutdown')),
    check: { name: 'shutdown', target: 'leaf-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'an interface that is shut down',
    plant: ({ config }) => config('spine-1', below('interface eth1', ' shutdown')),
    check: { name: 'shutdown', target: 'spine-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'both ends wait for the other to call',
    plant({ config }) {
      config('spine-1', below('neighbor LEAVES bfd', ' neighbor LEAVES passive'));
      config('leaf-1', below('neighbor SPINES bfd', ' neighbor SPINES passive'));
    },
    check: { name: 'shutdown', target: 'leaf-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'password mismatch',
    plant({ config }) {
      config('spine-1', below('neighbor eth1 remote-as', ' neighbor eth1 password correct'));
      config('leaf-1', below('neighbor eth1 interface', ' neighbor eth1 password wrong'));
    },
    check: { name: 'password', target: 'spine-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'duplicate router-id',
    plant: ({ config }) => config('leaf-1', swap('bgp router-id 10.255.1.1', 'bgp router-id 10.255.0.1')),
    check: { name: 'duplicate-router-id', target: 'leaf-1' },
    run: [{ name: 'router-ids', target: 'leaf-1' }],
  },
  {
    name: 'wrong address family',
    plant: ({ config }) =>
      config(
        'leaf-1',
        swap(
          '  neighbor SPINES activate\n  neighbor SPINES route-map FROM-SPINES in\n  neighbor SPINES route-map TO-SPINES out\n  neighbor SERVERS activate\n  neighbor SERVERS route-map FROM-SERVERS in\n  neighbor SERVERS route-map TO-SERVERS out\n  maximum-paths 64\n exit-address-family\nexit',
          '  neighbor SERVERS activate\n  neighbor SERVERS route-map FROM-SERVERS in\n  neighbor SERVERS route-map TO-SERVERS out\n  maximum-paths 64\n exit-address-family\nexit',
        ),
      ),
    check: { name: 'address-family', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'an unnumbered session without IPv6 next hops for IPv4',
    plant: ({ config }) =>
      config('leaf-1', below('neighbor eth1 interface', ' no neighbor eth1 capability extended-nexthop')),
    check: { name: 'extended-nexthop', target: 'leaf-1' },
    run: { unseen: 'FRR 8.4.4 ignores the statement for sessions by interface' },
  },
  {
    name: 'BFD missing on one side',
    plant: ({ config }) => config('leaf-1', both(drop('neighbor SPINES bfd profile'), drop('neighbor SPINES bfd'))),
    check: { name: 'bfd', target: 'leaf-1' },
    run: [{ name: 'bfd', target: UPLINK }],
  },
  {
    name: 'BFD slower than planned',
    plant: ({ config }) => config('leaf-1', swap('receive-interval 100', 'receive-interval 1000')),
    check: { name: 'bfd', target: 'leaf-1' },
    run: { unseen: 'the sessions are up: what is slow is seen when a link goes silent' },
  },
  {
    name: 'hold time longer than planned',
    plant: ({ config }) => config('leaf-1', swap('timers bgp 3 9', 'timers bgp 60 180')),
    check: { name: 'timers', target: 'leaf-1' },
    run: { unseen: 'the other end asks for less, and the smaller hold time counts' },
  },
  {
    name: 'no multipath-relax',
    plant: ({ config }) => config('leaf-1', drop('multipath-relax')),
    check: { name: 'multipath', target: 'leaf-1' },
    run: { unseen: 'spines share an ASN, so paths are equal without it' },
  },
  {
    name: 'maximum-paths 1',
    plant: ({ config }) => config('leaf-1', swap('maximum-paths 64', 'maximum-paths 1')),
    check: { name: 'multipath', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'a prefix that is not announced',
    plant: ({ config }) => config('leaf-1', drop('network 10.64.1.0/24')),
    check: { name: 'missing-prefix', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'a prefix announced twice',
    plant: ({ config }) =>
      config(
        'server-2-1',
        both(
          below('  network 10.64.2.1/32', '  network 10.255.1.1/32'),
          below('seq 10 permit 10.64.2.1/32', 'ip prefix-list OWN-4 seq 20 permit 10.255.1.1/32'),
        ),
      ),
    check: { name: 'duplicate-prefix', target: 'server-2-1' },
    run: [{ name: 'routes', target: 'server-2-1' }],
  },
  {
    name: 'a prefix announced twice, and let out',
    plant: ({ config }) =>
      config(
        'leaf-2',
        both(
          below('  network 10.64.2.0/24', '  network 10.64.1.0/24'),
          below('OWN-4 seq 20', 'ip prefix-list OWN-4 seq 30 permit 10.64.1.0/24'),
        ),
      ),
    check: { name: 'duplicate-prefix', target: 'leaf-2' },
    run: [
      { name: 'routes', target: 'leaf-2' },
      { name: 'routes', target: 'spine-1' },
    ],
  },
  {
    name: 'a policy that stops what must pass',
    plant: ({ config }) => config('leaf-1', drop('OWN-4 seq 20')),
    check: { name: 'filtered-prefix', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-2' }],
  },
  {
    name: 'a route-map that nobody defined',
    plant: ({ config }) =>
      config('leaf-1', swap('neighbor SPINES route-map FROM-SPINES in', 'neighbor SPINES route-map FROM-SPINE in')),
    check: { name: 'undefined-reference', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'no policy where one is required',
    plant: ({ config }) => config('leaf-1', swap('  neighbor SPINES route-map FROM-SPINES in\n', '')),
    check: { name: 'missing-policy', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'a leaf that passes transit, between spines that would not take it',
    plant: ({ config }) =>
      config('leaf-1', swap('neighbor SPINES route-map TO-SPINES out', 'neighbor SPINES route-map TO-SERVERS out')),
    check: { name: 'transit', target: 'leaf-1' },
    run: { unseen: 'spines drop what has their ASN in its path, so nothing changes until somebody sets allowas-in' },
  },
  {
    name: 'a leaf that passes transit, between spines that take it',
    plant({ config }) {
      config('leaf-1', swap('neighbor SPINES route-map TO-SPINES out', 'neighbor SPINES route-map TO-SERVERS out'));
      for (const spine of ['spine-1', 'spine-2'])
        config(spine, below('  neighbor LEAVES activate', '  neighbor LEAVES allowas-in 1'));
    },
    check: { name: 'transit', target: 'leaf-1' },
    run: [
      { name: 'routes', target: 'spine-1' },
      { name: 'routes', target: 'spine-2' },
    ],
  },
  {
    name: 'a black hole',
    plant: ({ config }) => config('leaf-1', (text) => `${text}ip route 10.64.2.0/24 blackhole\n`),
    check: { name: 'static-route', target: 'leaf-1' },
    run: [{ name: 'routes', target: 'leaf-1' }],
  },
  {
    name: 'two routers with one address',
    plant: ({ config }) => config('leaf-2', swap('ip address 10.255.1.2/32', 'ip address 10.255.1.1/32')),
    check: { name: 'duplicate-address', target: 'leaf-2' },
    run: [{ name: 'addresses', target: 'leaf-2' }],
  },
  {
    name: 'a router that lacks its address',
    plant: ({ config }) => config('leaf-2', drop('ip address 10.255.1.2/32')),
    check: { name: 'identity', target: 'leaf-2' },
    run: [{ name: 'addresses', target: 'leaf-2' }],
  },
  {
    name: 'MTU mismatch',
    plant: ({ topology }) => topology(node('leaf-1', '      exec: ["ip link set eth1 mtu 1500"]')),
    check: { name: 'mtu', target: 'leaf-1' },
    run: [{ name: 'mtu', target: UPLINK }],
  },
  {
    name: 'a link with another MTU than the fabric',
    plant: ({ topology }) => topology(swap(`- endpoints: ${CABLE}`, `- endpoints: ${CABLE}\n      mtu: 1500`)),
    check: { name: 'mtu', target: 'spine-1' },
    run: [{ name: 'mtu', target: UPLINK }],
  },
  {
    name: 'forwarding switched off',
    plant: ({ config }) => config('spine-1', swap('\nip forwarding', '\nno ip forwarding')),
    check: { name: 'forwarding', target: 'spine-1' },
    run: [{ name: 'forwarding', target: 'spine-1' }],
  },
  {
    name: 'IPv6 forwarding switched off',
    plant: ({ config }) => config('leaf-2', swap('\nipv6 forwarding', '\nno ipv6 forwarding')),
    check: { name: 'forwarding', target: 'leaf-2' },
    run: [{ name: 'forwarding', target: 'leaf-2' }],
  },
  {
    name: 'a link wired to the wrong port',
    plant: ({ topology }) =>
      topology(
        both(
          swap(CABLE, '["spine-1:eth1", "leaf-1:eth9"]'),
          swap('["spine-2:eth1", "leaf-1:eth2"]', '["spine-2:eth1", "leaf-1:eth1"]'),
          swap('leaf-1:eth9', 'leaf-1:eth2'),
        ),
      ),
    check: { name: 'wiring', target: 'spine-1' },
    run: [{ name: 'wiring', target: 'leaf-1' }],
  },
  {
    name: 'two links that are crossed',
    plant: ({ topology }) =>
      topology(
        both(
          swap(CABLE, '["spine-1:eth9", "leaf-1:eth1"]'),
          swap('["spine-1:eth2", "leaf-2:eth1"]', '["spine-1:eth1", "leaf-2:eth1"]'),
          swap('spine-1:eth9', 'spine-1:eth2'),
        ),
      ),
    check: { name: 'wiring', target: 'spine-1' },
    run: [{ name: 'sessions', target: UPLINK }],
  },
  {
    name: 'a router whose BGP daemon is not started',
    plant: ({ topology }) => topology(node('leaf-2', '      exec: ["pkill -9 bgpd"]')),
    check: { unseen: 'the daemon ends after the start' },
    run: [{ name: 'daemons', target: 'leaf-2' }],
  },
  {
    name: 'a router that comes late',
    plant: ({ topology }) => topology(node('server-2-1', `      exec: ["${LATE}"]`)),
    check: { unseen: 'nothing is wrong but the time that it takes' },
    run: [{ name: 'converged', target: 'server-2-1' }],
    limitMs: 10_000,
  },
  {
    name: 'a statement that nobody models',
    plant(folder) {
      folder.forgetIntent();
      folder.config('leaf-1', below('bgp bestpath compare-routerid', ' bgp always-compare-med'));
    },
    check: { name: 'unknown-statement', target: 'leaf-1' },
    run: [{ name: 'modelled', target: 'leaf-1' }],
  },
];
