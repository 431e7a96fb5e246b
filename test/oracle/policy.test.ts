import test from 'ava';
import { predict } from '../../src/oracle/index.ts';
import { hops, inputOf, router, sessionsOf, type TestNetwork } from './network.ts';
import { networks } from './networks.ts';

const of = (name: string) => predict(inputOf(networks[name]!));
const pair = (a: Partial<Parameters<typeof router>[0]>, z: Partial<Parameters<typeof router>[0]>): TestNetwork => ({
  routers: {
    a: router({ asn: 65001, id: 1, unnumbered: ['eth1'], ...a }),
    z: router({ asn: 65002, id: 2, unnumbered: ['eth1'], ...z }),
  },
  links: [['a:eth1', 'z:eth1']],
});

// What is expected here was seen on FRR 8.4.4: test/labs/oracle.test.ts compares all of it with real routers.

test('preferences, prepends and metrics decide as in RFC 4271', (t) => {
  const prediction = of('policy');
  t.deepEqual(prediction.unmodelled, []);
  // c prepends towards a: the path by b is the shorter one.
  t.deepEqual(hops(prediction, 'a', '10.0.0.9/32'), ['eth1']);
  t.deepEqual(hops(prediction, 'a', '10.1.0.0/16'), ['eth1', 'eth2']);
  // A higher local preference wins before anything else is looked at.
  t.deepEqual(hops(prediction, 'a', 'fd00::9/128'), ['eth2']);
});

test('an entry with lists of both families, an undefined list and an undefined route-map deny everything', (t) => {
  const prediction = of('policy');
  t.false([...prediction.routes.get('a')!.ipv4.values()].some((each) => each.some(({ interface: i }) => i === 'eth3')));
  t.is(prediction.routes.get('f')!.ipv6.size, 0);
  t.is(hops(prediction, 'a', '10.0.0.6/32'), undefined);
});

test('prefix lengths of prefix-lists are kept to', (t) => {
  const prediction = of('policy');
  t.is(hops(prediction, 'f', '10.1.0.0/16'), undefined);
  t.deepEqual(hops(prediction, 'f', '10.1.5.0/24'), ['eth1']);
  t.deepEqual(hops(prediction, 'f', '10.0.0.9/32'), ['eth1']);
  t.is(hops(prediction, 'f', '10.50.0.0/16'), undefined);
});

test('network needs the exact route, and a route whose next hop is the neighbour is not for that neighbour', (t) => {
  const prediction = of('policy');
  t.is(hops(prediction, 'b', '10.61.0.0/16'), undefined);
  t.deepEqual(hops(prediction, 'b', '10.51.0.0/16'), ['eth1']);
  t.deepEqual(hops(prediction, 'b', '10.50.0.0/16'), ['eth1']);
  t.is(hops(prediction, 'g', '10.50.0.0/16'), undefined);
  t.deepEqual(hops(prediction, 'g', '10.52.0.0/16'), ['eth1']);
});

test('distances decide between static routes and BGP', (t) => {
  const prediction = of('policy');
  t.deepEqual(hops(prediction, 'a', '10.0.1.9/32'), ['eth1', 'eth2']);
  t.deepEqual(hops(prediction, 'a', '10.0.2.9/32'), []);
  t.is(hops(prediction, 'a', '10.53.0.0/16'), undefined);
});

test('each kind of session comes up, or does not', (t) => {
  const prediction = of('kinds');
  t.deepEqual(prediction.unmodelled, []);
  t.deepEqual(sessionsOf(prediction), [
    'hub/192.168.2.2=four/192.168.2.1',
    'hub/192.168.6.2=both/192.168.6.1',
    'hub/eth12=keyed/eth1',
    'hub/eth1=pair/eth1',
    'hub/eth3=six/eth1',
    'hub/fd00:5::2=over6/fd00:5::1',
    'hub/fd00:6::2=both/fd00:6::1',
  ]);
  t.is(hops(prediction, 'hub', '10.0.0.4/32'), undefined);
  t.deepEqual(hops(prediction, 'hub', 'fd00::4/128'), ['eth3']);
  t.deepEqual(hops(prediction, 'over6', '10.0.0.1/32'), ['eth1']);
});

test('without multipath-relax only paths by the best one’s neighbouring AS join it', (t) => {
  const prediction = of('limits');
  t.deepEqual(prediction.unmodelled, []);
  t.deepEqual(hops(prediction, 'own1', '10.0.0.2/32'), ['eth1', 'eth2', 'eth3']);
  t.deepEqual(hops(prediction, 'strict', '10.9.9.9/32'), ['eth1']);
  t.deepEqual(hops(prediction, 'one', '10.9.9.9/32'), ['eth1']);
});

test('the best of several owners’ routes is reported where only its age decides', (t) => {
  const { routers, links } = networks['limits']!;
  const strict = routers['strict']!.replace('bgp bestpath compare-routerid', 'no bgp bestpath compare-routerid');
  const prediction = predict(inputOf({ routers: { ...routers, strict }, links }));
  t.deepEqual(
    prediction.unmodelled.map(({ node }) => node),
    ['strict'],
  );
  t.regex(prediction.unmodelled[0]!.why, /older route/);
});

test('an AS that depends on age is reported where somebody’s loop check asks for it', (t) => {
  const { routers, links } = networks['valley']!;
  const aged = Object.fromEntries(
    Object.entries(routers).map(([name, text]) => [name, text.replace(' bgp bestpath compare-routerid\n', '')]),
  );
  t.deepEqual(predict(inputOf({ routers: aged, links })).unmodelled, []);
  // Without s1-l3, s1 hears of l3 from l1 and l2; which paths these announce depends on nothing but s2.
  const cut = { links: new Set(['s1:eth3--l3:eth1']) };
  t.deepEqual(predict(inputOf({ routers: aged, links }), cut).unmodelled, []);
});

test('leaves that pass on everything make valleys between spines of different ASs', (t) => {
  const input = inputOf(networks['valley']!);
  const cut = { links: new Set(['s1:eth3--l3:eth1']) };
  t.deepEqual(hops(predict(input), 's1', '10.0.0.13/32'), ['eth3']);
  t.deepEqual(hops(predict(input, cut), 's1', '10.0.0.13/32'), ['eth1', 'eth2']);
  t.deepEqual(hops(predict(input, cut), 'l1', '10.0.0.13/32'), ['eth2']);
});

test('allowas-in lets a site hear of its sister', (t) => {
  const prediction = of('same');
  t.deepEqual(hops(prediction, 'left', '10.0.0.3/32'), ['eth1']);
  t.is(hops(prediction, 'right', '10.0.0.1/32'), undefined);
});

test('iBGP passes on what came from outside, and not what came from inside', (t) => {
  const prediction = of('ibgp');
  t.deepEqual(hops(prediction, 'out2', '10.0.0.1/32'), ['eth1']);
  t.deepEqual(hops(prediction, 'in3', '10.0.0.5/32'), ['eth1']);
  t.is(hops(prediction, 'in3', '10.0.0.1/32'), undefined);
});

test('RFC 8212: the traditional profile passes nothing without a policy, the datacenter profile does', (t) => {
  t.is(hops(predict(inputOf(pair({ profile: 'traditional' }, {}))), 'a', '10.0.0.2/32'), undefined);
  t.is(hops(predict(inputOf(pair({ profile: 'traditional' }, {}))), 'z', '10.0.0.1/32'), undefined);
  t.deepEqual(hops(predict(inputOf(pair({}, {}))), 'z', '10.0.0.1/32'), ['eth1']);
  const before = inputOf(pair({ profile: 'traditional' }, {}));
  const old = new Map([...before.configs].map(([name, config]) => [name, { ...config, version: '7.3' }]));
  t.deepEqual(hops(predict({ ...before, configs: old }), 'z', '10.0.0.1/32'), ['eth1']);
});

test('suppress-fib-pending keeps back what another route keeps out of the table', (t) => {
  const prediction = of('trad');
  t.is(hops(prediction, 'e', '10.70.0.0/24'), undefined);
  t.is(hops(prediction, 'e', '10.0.0.2/32'), undefined);
  t.deepEqual(hops(prediction, 'a', '10.70.0.0/24'), ['eth1']);
  t.deepEqual(hops(prediction, 'b', '10.0.0.4/32'), []);
});

test('a wrong ASN, a missing neighbour and an interface that is shut leave no session', (t) => {
  const wrong = { unnumbered: [], bgp: ['neighbor eth1 interface remote-as 65009'] };
  t.deepEqual(predict(inputOf(pair(wrong, {}))).sessions, []);
  t.deepEqual(predict(inputOf(pair({ unnumbered: [] }, {}))).sessions, []);
  t.deepEqual(predict(inputOf(pair({ interfaces: { eth1: ['shutdown'] } }, {}))).sessions, []);
});

test('statements that could change the answer are reported, harmless ones are not', (t) => {
  const prediction = predict(
    inputOf(
      pair(
        {
          top: ['line vty', 'exit', 'debug bgp updates', 'router ospf', ' network 10.0.0.0/8 area 0', 'exit'],
          ipv4: ['aggregate-address 10.0.0.0/8', 'neighbor eth1 default-originate', 'redistribute kernel'],
        },
        { top: ['route-map UNUSED permit 10', ' call OTHER', 'exit'], bgp: ['neighbor eth1 description other end'] },
      ),
    ),
  );
  t.deepEqual(
    prediction.unmodelled.map(({ node, line, text }) => `${node} ${line > 0} ${text}`),
    [
      'a false redistribute kernel',
      'a true router ospf',
      'a true aggregate-address 10.0.0.0/8',
      'a true neighbor eth1 default-originate',
    ],
  );
});

test('a community that only those see who match it is harmless, a well-known one is not', (t) => {
  const set = (community: string) => ({
    top: ['route-map TAG permit 10', ` set community ${community}`, 'exit'],
    ipv4: ['neighbor eth1 route-map TAG out'],
  });
  t.deepEqual(predict(inputOf(pair(set('65001:1 65001:2 additive'), {}))).unmodelled, []);
  const [finding] = predict(inputOf(pair(set('65001:1 no-export'), {}))).unmodelled;
  t.is(finding?.text, 'set community 65001:1 no-export');
  t.regex(finding!.why, /route-map TAG is in use/);
});

test('links are watched for carrier unless an interface says no', (t) => {
  const detect = (line: string) => pair({ interfaces: { eth1: [line] } }, {});
  t.deepEqual(predict(inputOf(detect('link-detect'))).unmodelled, []);
  t.is(predict(inputOf(detect('no link-detect'))).unmodelled.length, 1);
});

test('a neighbour beyond a node without an FRR configuration is reported', (t) => {
  const { routers, links } = pair({}, {});
  const prediction = predict(inputOf({ routers: { a: routers['a']! }, links }));
  t.deepEqual(prediction.sessions, []);
  t.regex(prediction.unmodelled[0]!.why, /z at the far end has no FRR configuration/);
});

test('policies that never settle are reported', (t) => {
  // Bad gadget (Griffin, Shepherd and Wilfong 2002): each of three prefers the way through the next to its own.
  const spoke = (id: number, towards: string) =>
    router({
      asn: 65000 + id,
      id,
      unnumbered: ['eth1', 'eth2', 'eth3'],
      bgp: ['bgp bestpath compare-routerid'],
      top: [
        'ip prefix-list HUB seq 5 permit 10.0.0.9/32',
        'route-map PREFER permit 10',
        ' match ip address prefix-list HUB',
        ' set local-preference 200',
        'exit',
        'route-map PREFER permit 20',
        'exit',
      ],
      ipv4: [`neighbor ${towards} route-map PREFER in`],
    });
  const prediction = predict(
    inputOf({
      routers: {
        hub: router({ asn: 65009, id: 9, unnumbered: ['eth1', 'eth2', 'eth3'] }),
        a: spoke(1, 'eth2'),
        b: spoke(2, 'eth2'),
        c: spoke(3, 'eth2'),
      },
      links: [
        ['hub:eth1', 'a:eth1'],
        ['hub:eth2', 'b:eth1'],
        ['hub:eth3', 'c:eth1'],
        ['a:eth2', 'b:eth3'],
        ['b:eth2', 'c:eth3'],
        ['c:eth2', 'a:eth3'],
      ],
    }),
  );
  t.true(prediction.unmodelled.some(({ why }) => why.includes('oscillate')));
});
