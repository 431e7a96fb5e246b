/** Networks with deliberately odd policies: predicted in unit tests, and compared with real routers in `test/labs/oracle.test.ts`. */
import { router, type TestNetwork } from './network.ts';

const RELAX = ['bgp bestpath as-path multipath-relax', 'bgp bestpath compare-routerid'];

function numbered(address: string, remoteAs = 'external'): readonly string[] {
  return [`neighbor ${address} remote-as ${remoteAs}`, `neighbor ${address} timers connect 1`];
}

/** Two spines of different ASs, three leaves that pass on everything. */
function transitLeaves(bgp: readonly string[]): TestNetwork {
  const leaf = (n: number, ports: readonly string[]) => router({ asn: 65010 + n, id: 10 + n, unnumbered: ports, bgp });
  return {
    routers: {
      s1: router({ asn: 65001, id: 1, unnumbered: ['eth1', 'eth2', 'eth3'], bgp }),
      s2: router({ asn: 65002, id: 2, unnumbered: ['eth1', 'eth2', 'eth3'], bgp }),
      l1: leaf(1, ['eth1', 'eth2']),
      l2: leaf(2, ['eth1', 'eth2']),
      l3: leaf(3, ['eth1', 'eth2']),
    },
    links: ['s1', 's2'].flatMap((spine, s) =>
      ['l1', 'l2', 'l3'].map((leaf, l): [string, string] => [`${spine}:eth${l + 1}`, `${leaf}:eth${s + 1}`]),
    ),
  };
}

/** One router with a link to each of many, which all want something else of it. */
function sessionKinds(): TestNetwork {
  const peer = (id: number, more: Partial<Parameters<typeof router>[0]> = {}) =>
    router({ asn: 65000 + id, id, ...more });
  return {
    routers: {
      hub: router({
        asn: 65001,
        id: 1,
        unnumbered: ['eth1', 'eth3', 'eth4', 'eth7', 'eth8', 'eth9', 'eth10', 'eth11', 'eth12'],
        bgp: [
          ...numbered('192.168.2.2'),
          ...numbered('fd00:5::2'),
          ...numbered('192.168.6.2'),
          ...numbered('fd00:6::2'),
          'neighbor eth9 password one',
          'neighbor eth10 passive',
          'neighbor eth11 shutdown',
          'neighbor eth12 password same',
        ],
        ipv4: ['no neighbor fd00:6::2 activate'],
        ipv6: ['neighbor 192.168.2.2 activate', 'neighbor fd00:5::2 activate', 'neighbor fd00:6::2 activate'],
        interfaces: {
          eth1: ['ip address 192.168.1.0/31'],
          eth2: ['ip address 192.168.2.1/24'],
          eth4: ['ip address 192.168.4.1/30'],
          eth5: ['ip address 192.168.5.1/24', 'ipv6 address fd00:5::1/64'],
          eth6: ['ip address 192.168.6.1/30', 'ipv6 address fd00:6::1/64'],
        },
      }),
      // An IPv4 /31 turns a neighbour by interface into one by address.
      pair: peer(2, { unnumbered: ['eth1'], interfaces: { eth1: ['ip address 192.168.1.1/31'] } }),
      four: peer(3, {
        bgp: numbered('192.168.2.1'),
        ipv6: ['neighbor 192.168.2.1 activate'],
        interfaces: { eth1: ['ip address 192.168.2.2/24'] },
      }),
      // IPv6 only, against a hub that would do both.
      six: router({ asn: 65004, id: 4, unnumbered: ['eth1'], ipv4: ['no neighbor eth1 activate'] }),
      // The hub derives an IPv4 neighbour from its /30; this one talks link-local.
      half: peer(5, { unnumbered: ['eth1'] }),
      over6: peer(6, {
        bgp: numbered('fd00:5::1'),
        ipv6: ['neighbor fd00:5::1 activate'],
        interfaces: { eth1: ['ip address 192.168.5.2/24', 'ipv6 address fd00:5::2/64'] },
      }),
      both: peer(7, {
        bgp: [...numbered('192.168.6.1'), ...numbered('fd00:6::1')],
        ipv4: ['no neighbor fd00:6::1 activate'],
        ipv6: ['neighbor fd00:6::1 activate'],
        interfaces: { eth1: ['ip address 192.168.6.2/30', 'ipv6 address fd00:6::2/64'] },
      }),
      wrong: peer(8, { bgp: ['neighbor eth1 interface remote-as 65099', 'neighbor eth1 timers connect 1'] }),
      silent: peer(9),
      locked: peer(10, { unnumbered: ['eth1'], bgp: ['neighbor eth1 password two'] }),
      waiting: peer(11, { unnumbered: ['eth1'], bgp: ['neighbor eth1 passive'] }),
      closed: peer(12, { unnumbered: ['eth1'] }),
      keyed: peer(13, { unnumbered: ['eth1'], bgp: ['neighbor eth1 password same'] }),
    },
    links: [
      ['hub:eth1', 'pair:eth1'],
      ['hub:eth2', 'four:eth1'],
      ['hub:eth3', 'six:eth1'],
      ['hub:eth4', 'half:eth1'],
      ['hub:eth5', 'over6:eth1'],
      ['hub:eth6', 'both:eth1'],
      ['hub:eth7', 'wrong:eth1'],
      ['hub:eth8', 'silent:eth1'],
      ['hub:eth9', 'locked:eth1'],
      ['hub:eth10', 'waiting:eth1'],
      ['hub:eth11', 'closed:eth1'],
      ['hub:eth12', 'keyed:eth1'],
    ],
  };
}

/** A router with two upstreams of one AS and one of another, and every policy the model knows between them. */
function policies(): TestNetwork {
  const upstream = (id: number, asn: number, more: readonly string[] = []) =>
    router({
      asn,
      id,
      unnumbered: ['eth1', 'eth2'],
      bgp: RELAX,
      ipv4: more,
      top: [
        'ip prefix-list FAR seq 5 permit 10.0.0.9/32',
        'route-map PREPEND permit 10',
        ' match ip address prefix-list FAR',
        ` set as-path prepend ${asn} ${asn}`,
        'exit',
        'route-map PREPEND permit 20',
        'exit',
        'route-map MED permit 10',
        ' set metric 50',
        'exit',
      ],
    });
  return {
    routers: {
      a: router({
        asn: 65001,
        id: 1,
        unnumbered: ['eth1', 'eth2', 'eth3', 'eth4'],
        bgp: [...RELAX, ...numbered('192.168.9.2')],
        top: [
          'ip route 10.50.0.0/16 192.168.9.2',
          'ip route 10.51.0.0/16 blackhole',
          'ip route 10.52.0.0/16 eth5',
          'ip route 10.53.0.0/16 192.168.99.2',
          'ip route 10.0.1.9/32 blackhole 250',
          'ip route 10.0.2.9/32 Null0',
          'ip route 0.0.0.0/0 blackhole',
          'ip prefix-list HALF seq 5 permit 10.0.0.0/16 ge 32',
          'ip prefix-list HALF seq 7 deny 10.1.0.0/16',
          'ip prefix-list HALF seq 9 permit 10.1.0.0/16 le 24',
          'ip prefix-list ANY seq 5 permit any',
          'ipv6 prefix-list ANY6 seq 5 permit any',
          'ipv6 prefix-list NINE seq 5 permit fd00::9/128',
          'route-map PREFER permit 10',
          ' match ipv6 address prefix-list NINE',
          ' set local-preference 200',
          'exit',
          'route-map PREFER permit 20',
          'exit',
          'route-map BOTH permit 10',
          ' match ip address prefix-list ANY',
          ' match ipv6 address prefix-list ANY6',
          'exit',
          'route-map LINKS permit 10',
          ' match interface eth5',
          'exit',
          'route-map SLOW permit 10',
          ' match ip address prefix-list ANY',
          ' set metric 70',
          'exit',
        ],
        ipv4: [
          'network 10.61.0.0/16',
          'network 10.51.0.0/16',
          'network 192.168.9.0/24 route-map LINKS',
          'redistribute static route-map LINKS',
          'redistribute connected route-map LINKS',
          'neighbor eth3 route-map BOTH in',
          'neighbor eth4 prefix-list HALF out',
        ],
        ipv6: [
          'neighbor eth2 route-map PREFER in',
          'neighbor eth3 route-map SLOW in',
          'neighbor eth4 prefix-list NOSUCH out',
        ],
        interfaces: { eth5: ['ip address 192.168.9.1/24'] },
      }),
      b: upstream(2, 65002),
      c: upstream(3, 65002, ['neighbor eth1 route-map PREPEND out']),
      d: upstream(4, 65004, ['neighbor eth1 route-map MED out']),
      e: router({
        asn: 65009,
        id: 9,
        unnumbered: ['eth1', 'eth2', 'eth3'],
        bgp: RELAX,
        top: [
          'ip route 10.1.0.0/16 blackhole',
          'ip route 10.1.5.0/24 blackhole',
          'ip route 10.0.1.9/32 blackhole',
          'ip route 10.0.2.9/32 blackhole',
        ],
        ipv4: ['redistribute static'],
      }),
      f: router({ asn: 65006, id: 6, unnumbered: ['eth1'], ipv4: ['neighbor eth1 route-map NOSUCH out'] }),
      g: router({
        asn: 65007,
        id: 7,
        bgp: numbered('192.168.9.1'),
        interfaces: { eth1: ['ip address 192.168.9.2/24'] },
      }),
    },
    links: [
      ['a:eth1', 'b:eth1'],
      ['a:eth2', 'c:eth1'],
      ['a:eth3', 'd:eth1'],
      ['b:eth2', 'e:eth1'],
      ['c:eth2', 'e:eth2'],
      ['d:eth2', 'e:eth3'],
      ['a:eth4', 'f:eth1'],
      ['a:eth5', 'g:eth1'],
    ],
  };
}

/** Four equal paths over two ASs to one prefix of two owners, under different limits. */
function limits(): TestNetwork {
  const middle = (id: number, asn: number) =>
    router({ asn, id, unnumbered: ['eth1', 'eth2', 'eth3', 'eth4'], bgp: RELAX });
  const edge = (id: number, bgp: readonly string[], ipv4: readonly string[] = []) =>
    router({
      asn: 65000 + id,
      id,
      unnumbered: ['eth1', 'eth2', 'eth3'],
      bgp,
      ipv4: id < 3 ? ['network 10.9.9.9/32', ...ipv4] : ipv4,
      interfaces: {
        lo: [
          `ip address 10.0.0.${id}/32`,
          `ipv6 address fd00::${id}/128`,
          ...(id < 3 ? ['ip address 10.9.9.9/32'] : []),
        ],
      },
    });
  return {
    routers: {
      own1: edge(1, RELAX),
      own2: edge(2, RELAX),
      one: edge(3, ['bgp bestpath compare-routerid'], ['maximum-paths 1']),
      strict: edge(4, ['bgp bestpath compare-routerid']),
      m1: middle(11, 65101),
      m2: middle(12, 65102),
      m3: middle(13, 65102),
    },
    links: ['m1', 'm2', 'm3'].flatMap((middle, m) =>
      ['own1', 'own2', 'one', 'strict'].map((edge, e): [string, string] => [
        `${middle}:eth${e + 1}`,
        `${edge}:eth${m + 1}`,
      ]),
    ),
  };
}

/** Two sites of one ASN behind a transit AS; the first accepts its own ASN once. */
function sameAsn(): TestNetwork {
  const allow = ['neighbor eth1 allowas-in 1'];
  return {
    routers: {
      left: router({ asn: 65001, id: 1, unnumbered: ['eth1'], ipv4: allow, ipv6: allow }),
      transit: router({ asn: 65002, id: 2, unnumbered: ['eth1', 'eth2'] }),
      right: router({ asn: 65001, id: 3, unnumbered: ['eth1'] }),
    },
    links: [
      ['transit:eth1', 'left:eth1'],
      ['transit:eth2', 'right:eth1'],
    ],
  };
}

/** A chain with an AS of two routers in the middle. */
function internal(): TestNetwork {
  const inner = ['neighbor eth2 interface remote-as internal', 'neighbor eth2 timers connect 1'];
  const activate = ['neighbor eth2 activate'];
  const self = ['neighbor eth2 next-hop-self'];
  return {
    routers: {
      out1: router({ asn: 65001, id: 1, unnumbered: ['eth1'] }),
      in1: router({ asn: 65002, id: 2, unnumbered: ['eth1'], bgp: inner, ipv4: self, ipv6: [...activate, ...self] }),
      in2: router({
        asn: 65002,
        id: 3,
        unnumbered: ['eth1'],
        bgp: [...inner, 'neighbor eth3 interface remote-as 65002', 'neighbor eth3 timers connect 1'],
        ipv4: [...self, 'neighbor eth3 next-hop-self'],
        ipv6: [...activate, ...self, 'neighbor eth3 activate', 'neighbor eth3 next-hop-self'],
      }),
      // Hears of its neighbour's own routes and those from outside, but not of what came over iBGP.
      in3: router({
        asn: 65002,
        id: 4,
        bgp: ['neighbor eth1 interface remote-as internal', 'neighbor eth1 timers connect 1'],
        ipv6: ['neighbor eth1 activate'],
      }),
      out2: router({ asn: 65003, id: 5, unnumbered: ['eth1'] }),
    },
    links: [
      ['out1:eth1', 'in1:eth1'],
      ['in1:eth2', 'in2:eth2'],
      ['in2:eth3', 'in3:eth1'],
      ['in2:eth1', 'out2:eth1'],
    ],
  };
}

/** RFC 8212 in the traditional profile; routes kept out of the table; suppress-fib-pending. */
function traditional(): TestNetwork {
  const all = ['route-map ALL permit 10', 'exit'];
  return {
    routers: {
      a: router({
        asn: 65001,
        id: 1,
        profile: 'traditional',
        unnumbered: ['eth1', 'eth2'],
        top: all,
        ipv4: ['neighbor eth1 route-map ALL in', 'neighbor eth1 route-map ALL out', 'neighbor eth2 route-map ALL in'],
      }),
      b: router({
        asn: 65002,
        id: 2,
        unnumbered: ['eth1', 'eth2'],
        top: ['ip route 10.0.0.4/32 blackhole'],
        interfaces: { lo: ['ip address 10.0.0.2/32', 'ipv6 address fd00::2/128', 'ip address 10.70.0.1/24'] },
        ipv4: ['redistribute connected'],
      }),
      c: router({
        asn: 65003,
        id: 3,
        profile: 'traditional',
        unnumbered: ['eth1'],
        bgp: ['no bgp ebgp-requires-policy'],
      }),
      d: router({
        asn: 65004,
        id: 4,
        unnumbered: ['eth1', 'eth2'],
        bgp: ['bgp suppress-fib-pending'],
        interfaces: { lo: ['ip address 10.0.0.4/32', 'ipv6 address fd00::4/128', 'ip address 10.70.0.2/24'] },
      }),
      e: router({
        asn: 65005,
        id: 5,
        unnumbered: ['eth1'],
        top: [
          'ip prefix-list TWO seq 5 permit 10.0.0.2/32',
          'route-map NOTTWO deny 10',
          ' match ip address prefix-list TWO',
          'exit',
          'route-map NOTTWO permit 20',
          'exit',
          'ip protocol bgp route-map NOTTWO',
          'ipv6 protocol bgp route-map NOSUCH',
        ],
      }),
    },
    links: [
      ['a:eth1', 'b:eth1'],
      ['a:eth2', 'c:eth1'],
      ['b:eth2', 'd:eth1'],
      ['d:eth2', 'e:eth1'],
    ],
  };
}

/** Limits where next hops are addresses, `match interface` on each kind of route, iBGP without next-hop-self, mixed static routes. */
function finer(): TestNetwork {
  const owner = (id: number, address: string, neighbor: string) =>
    router({
      asn: 65002,
      id,
      bgp: numbered(neighbor),
      ipv4: ['network 10.9.9.9/32'],
      interfaces: { lo: [`ip address 10.0.0.${id}/32`, 'ip address 10.9.9.9/32'], eth1: [`ip address ${address}/24`] },
    });
  const only = (name: string, port: string) => [`route-map ${name} permit 10`, ` match interface ${port}`, 'exit'];
  return {
    routers: {
      // The best route is the one of the lowest router ID; what joins it is chosen by the lowest next hop.
      few: router({
        asn: 65001,
        id: 21,
        bgp: [...RELAX, ...numbered('192.168.1.2'), ...numbered('192.168.2.2'), ...numbered('192.168.3.2')],
        ipv4: ['maximum-paths 2'],
        interfaces: {
          eth1: ['ip address 192.168.1.1/24'],
          eth2: ['ip address 192.168.2.1/24'],
          eth3: ['ip address 192.168.3.1/24'],
        },
      }),
      own3: owner(3, '192.168.1.2', '192.168.1.1'),
      own2: owner(2, '192.168.2.2', '192.168.2.1'),
      own1: owner(1, '192.168.3.2', '192.168.3.1'),
      match: router({
        asn: 65011,
        id: 11,
        unnumbered: ['eth2', 'eth3', 'eth4'],
        bgp: numbered('192.168.11.2'),
        top: [
          ...only('E1', 'eth1'),
          ...only('E2', 'eth2'),
          ...only('E3', 'eth3'),
          ...only('E5', 'eth5'),
          'ipv6 route fd77::/64 fd00:11::2',
          'ip route 10.87.0.0/16 blackhole',
          'ip route 10.87.0.0/16 eth1',
          'ip route 10.86.0.0/16 192.168.11.2',
          'ip route 10.86.0.0/16 eth5',
        ],
        ipv4: [
          'network 192.168.55.0/24 route-map E5',
          'redistribute connected route-map E5',
          'redistribute static',
          'neighbor 192.168.11.2 route-map E1 in',
          'neighbor eth2 route-map E2 in',
          'neighbor eth3 route-map E3 in',
          'neighbor eth4 route-map E5 out',
        ],
        ipv6: [
          'redistribute static',
          'neighbor 192.168.11.2 activate',
          'neighbor 192.168.11.2 route-map E1 in',
          'neighbor eth2 route-map E2 in',
          'neighbor eth3 route-map E3 in',
          'neighbor eth4 route-map E3 out',
        ],
        interfaces: {
          eth1: ['ip address 192.168.11.1/24', 'ipv6 address fd00:11::1/64'],
          eth5: ['ip address 192.168.55.1/24'],
        },
      }),
      v4: router({
        asn: 65012,
        id: 12,
        bgp: numbered('192.168.11.1'),
        ipv6: ['neighbor 192.168.11.1 activate'],
        interfaces: { eth1: ['ip address 192.168.11.2/24'] },
      }),
      global: router({
        asn: 65013,
        id: 13,
        unnumbered: ['eth1'],
        interfaces: { eth1: ['ipv6 address fd00:12::2/64'] },
      }),
      local: router({ asn: 65014, id: 14, unnumbered: ['eth1'] }),
      heard: router({ asn: 65015, id: 15, unnumbered: ['eth1'] }),
      quiet: router({ asn: 65016, id: 16 }),
      outer: router({ asn: 65031, id: 31, unnumbered: ['eth1'] }),
      edge: router({
        asn: 65032,
        id: 32,
        unnumbered: ['eth1'],
        bgp: ['neighbor eth2 interface remote-as internal', 'neighbor eth2 timers connect 1'],
        ipv6: ['neighbor eth2 activate'],
      }),
      core: router({
        asn: 65032,
        id: 33,
        bgp: ['neighbor eth1 interface remote-as internal', 'neighbor eth1 timers connect 1'],
        ipv6: ['neighbor eth1 activate'],
      }),
    },
    links: [
      ['few:eth1', 'own3:eth1'],
      ['few:eth2', 'own2:eth1'],
      ['few:eth3', 'own1:eth1'],
      ['match:eth1', 'v4:eth1'],
      ['match:eth2', 'global:eth1'],
      ['match:eth3', 'local:eth1'],
      ['match:eth4', 'heard:eth1'],
      ['match:eth5', 'quiet:eth1'],
      ['outer:eth1', 'edge:eth1'],
      ['edge:eth2', 'core:eth1'],
    ],
  };
}

/** A hub that tells each of its neighbours something else, by the AS paths of what it knows. */
function asPathLists(): TestNetwork {
  const lists: Readonly<Record<string, readonly string[]>> = {
    OWN: ['permit ^$'],
    NEAR: ['permit ^65041$'],
    FAR: ['permit _65043_'],
    NOT: ['seq 20 permit .*', 'seq 10 deny _65041_'],
    EITHER: ['permit ^65041 65043$|^65042$'],
    DIGITS: ['deny ^[0-9]+$', 'permit ^(65041|65099)( [0-9]+)*$'],
    NONE: ['deny _65041_'],
  };
  const listeners = [...Object.keys(lists), 'MISSING'];
  const peer = (asn: number, id: number, ports: readonly string[]) => router({ asn, id, unnumbered: ports });
  return {
    routers: {
      hub: router({
        asn: 65040,
        id: 40,
        unnumbered: ['eth1', 'eth2', ...listeners.map((_, i) => `eth${i + 3}`)],
        top: [
          ...Object.entries(lists).flatMap(([name, rules]) =>
            rules.map((one) => `bgp as-path access-list ${name} ${one}`),
          ),
          ...listeners.flatMap((name) => [`route-map TO-${name} permit 10`, ` match as-path ${name}`, 'exit']),
          // What the second neighbour passes on does not come in.
          ...[
            'bgp as-path access-list DIRECT permit ^65042$',
            'route-map IN permit 10',
            ' match as-path DIRECT',
            'exit',
          ],
        ],
        ...Object.fromEntries(
          ['ipv4', 'ipv6'].map((family) => [
            family,
            [
              'neighbor eth2 route-map IN in',
              ...listeners.map((name, i) => `neighbor eth${i + 3} route-map TO-${name} out`),
            ],
          ]),
        ),
      }),
      near: peer(65041, 41, ['eth1', 'eth2']),
      side: peer(65042, 42, ['eth1', 'eth2']),
      far: peer(65043, 43, ['eth1']),
      more: peer(65044, 44, ['eth1']),
      ...Object.fromEntries(listeners.map((name, i) => [`l${name.toLowerCase()}`, peer(65050 + i, 50 + i, ['eth1'])])),
    },
    links: [
      ['hub:eth1', 'near:eth1'],
      ['near:eth2', 'far:eth1'],
      ['hub:eth2', 'side:eth1'],
      ['side:eth2', 'more:eth1'],
      ...listeners.map((name, i): readonly [string, string] => [`hub:eth${i + 3}`, `l${name.toLowerCase()}:eth1`]),
    ],
  };
}

/** By name, so that a difference tells where to look. Names are short: they begin the nodes' names in the lab. */
export const networks: Readonly<Record<string, TestNetwork>> = {
  valley: transitLeaves(RELAX),
  kinds: sessionKinds(),
  policy: policies(),
  limits: limits(),
  same: sameAsn(),
  ibgp: internal(),
  trad: traditional(),
  finer: finer(),
  paths: asPathLists(),
};
