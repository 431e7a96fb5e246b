import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { contains, overlaps, parsePrefix } from '../../src/fabric/cidr.ts';
import { workOut } from '../../src/fabric/work-out.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const pod = workOut(leafSpine({ spines: 2, racks: 3, servers: 2 }));
const node = (name: string) => pod.nodes.find((each) => each.name === name)!;
const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));

test('names, ports and links follow the cabling plan', (t) => {
  t.deepEqual(
    pod.nodes.map(({ name }) => name),
    [
      'spine-1',
      'spine-2',
      'leaf-1',
      'leaf-2',
      'leaf-3',
      'server-1-1',
      'server-1-2',
      'server-2-1',
      'server-2-2',
      'server-3-1',
      'server-3-2',
    ],
  );
  t.is(pod.links.length, 12);
  t.is(pod.links[0]!.name, 'spine-1:eth1--leaf-1:eth1');
  t.is(pod.links[4]!.name, 'spine-2:eth2--leaf-2:eth2');
  t.is(pod.links[7]!.name, 'leaf-1:eth4--server-1-2:eth1');
  t.deepEqual(
    node('leaf-2').ports.map(({ interface: port, peer }) => `${port} ${peer.node}:${peer.interface}`),
    ['eth1 spine-1:eth2', 'eth2 spine-2:eth2', 'eth3 server-2-1:eth1', 'eth4 server-2-2:eth1'],
  );
  for (const each of pod.nodes) {
    for (const port of each.ports) {
      const { a, z } = pod.links[port.link]!;
      t.deepEqual([a, z].find((end) => end.node === each.name)?.interface, port.interface);
      t.deepEqual(
        [a, z].find((end) => end.node !== each.name),
        port.peer,
      );
    }
  }
});

test('ASNs: one for all spines, one a leaf, one a server', (t) => {
  t.deepEqual(
    pod.nodes.map(({ asn }) => asn),
    [
      4200000000, 4200000000, 4200001001, 4200001002, 4200001003, 4200100001, 4200100002, 4200100003, 4200100004,
      4200100005, 4200100006,
    ],
  );
});

test('addresses are unique, in their pools, and a server has its own in its rack', (t) => {
  const big = workOut(leafSpine({ spines: 8, racks: 200, servers: 3 }));
  const loopbacks = big.nodes.flatMap(({ loopback4, loopback6 }) => [loopback4, loopback6]);
  t.is(new Set(loopbacks).size, loopbacks.length);
  for (const rack of big.racks) {
    for (const server of rack.servers) {
      const { loopback4, loopback6 } = big.nodes.find(({ name }) => name === server)!;
      t.true(contains(parsePrefix(rack.prefix4)!, parsePrefix(loopback4)!));
      t.true(contains(parsePrefix(rack.prefix6)!, parsePrefix(loopback6)!));
    }
  }
  const prefixes = big.racks.map(({ prefix4 }) => parsePrefix(prefix4)!);
  t.false(prefixes.some((left, i) => prefixes.slice(i + 1).some((right) => overlaps(left, right))));
});

test('addresses of the small POD', (t) => {
  t.like(node('spine-2'), { routerId: '10.255.0.2', loopback4: '10.255.0.2/32', loopback6: 'fd1e:af00::2/128' });
  t.like(node('leaf-3'), {
    routerId: '10.255.1.3',
    loopback4: '10.255.1.3/32',
    loopback6: 'fd1e:af00::103/128',
    rack: 'rack-3',
  });
  t.like(node('server-3-2'), { loopback4: '10.64.3.2/32', loopback6: 'fd1e:af00:1:3::2/128', rack: 'rack-3' });
  t.is(node('spine-1').rack, undefined);
});

test('one more spine renumbers nobody', (t) => {
  const bigger = workOut(leafSpine({ spines: 3, racks: 3, servers: 2 }));
  for (const before of pod.nodes) {
    const after = bigger.nodes.find(({ name }) => name === before.name)!;
    t.deepEqual([after.loopback4, after.loopback6, after.asn], [before.loopback4, before.loopback6, before.asn]);
  }
});

test('pools that hold exactly what the design needs are enough', (t) => {
  const tight = workOut(
    leafSpine({
      pools: { loopback4: '10.9.0.0/29', loopback6: 'fd00:9::/125', rack4: '10.8.0.0/22', rack6: 'fd00:8::/62' },
    }),
  );
  const loopbacks = tight.nodes.flatMap(({ loopback4, loopback6 }) => [loopback4, loopback6]);
  t.is(new Set(loopbacks).size, loopbacks.length);
  t.deepEqual(
    tight.racks.map(({ prefix4 }) => prefix4),
    ['10.8.0.0/24', '10.8.1.0/24', '10.8.2.0/24', '10.8.3.0/24'],
  );
});

test('a rack loses power together, spines apart', (t) => {
  t.deepEqual(pod.powerDomains.at(0), { name: 'spine-1', nodes: ['spine-1'] });
  t.deepEqual(pod.powerDomains.at(-1), { name: 'rack-3', nodes: ['leaf-3', 'server-3-1', 'server-3-2'] });
  t.deepEqual(pod.powerDomains.flatMap(({ nodes }) => nodes).sort(), pod.nodes.map(({ name }) => name).sort());
});

test('every session is configured with the ASN that its peer has', (t) => {
  for (const each of pod.nodes) {
    const bgp = each.config.bgp![0]!;
    t.is(bgp.asn, each.asn);
    t.is(bgp.neighbors!.length, each.ports.length);
    for (const neighbor of bgp.neighbors!) {
      const port = each.ports.find((one) => one.interface === neighbor.name)!;
      const group = bgp.peerGroups!.find((one) => one.name === neighbor.peerGroup)!;
      t.is(neighbor.remoteAs ?? group.remoteAs, node(port.peer.node).asn);
      t.true(group.bfd);
      for (const family of [bgp.ipv4Unicast!, bgp.ipv6Unicast!]) {
        const policy = family.neighbors!.find((one) => one.name === group.name)!;
        t.true(policy.activate);
        t.truthy(policy.routeMapIn);
        t.truthy(policy.routeMapOut);
      }
    }
  }
});

test('nothing refers to a route-map or prefix-list that does not exist, and none is unused', (t) => {
  for (const { config, name } of pod.nodes) {
    const bgp = config.bgp![0]!;
    const policies = [bgp.ipv4Unicast!, bgp.ipv6Unicast!].flatMap((family) => family.neighbors!);
    const used = new Set(policies.flatMap(({ routeMapIn, routeMapOut }) => [routeMapIn!, routeMapOut!]));
    t.deepEqual([...used].sort(), config.routeMaps!.map((map) => map.name).sort(), name);
    const matched = config
      .routeMaps!.flatMap(({ entries }) => entries)
      .flatMap((entry) => [entry.matchIpv4PrefixList ?? [], entry.matchIpv6PrefixList ?? []].flat());
    t.deepEqual([...new Set(matched)].sort(), config.prefixLists!.map((list) => list.name).sort(), name);
  }
});

test('the same design gives the same fabric, frozen to its leaves', (t) => {
  t.deepEqual(workOut(leafSpine({ spines: 2, racks: 3, servers: 2 })), pod);
  t.true(isFrozen(pod));
});

test('a design without BFD or servers has neither in its configurations', (t) => {
  const bare = workOut(leafSpine({ bfd: false, servers: 0 }));
  t.is(bare.nodes.length, 6);
  t.notRegex(JSON.stringify(bare.nodes), /bfd|SERVERS/i);
});

test('a design that cannot be worked out is refused by name', (t) => {
  const error = t.throws(() => workOut({ ...leafSpine(), spines: 0 }), { instanceOf: InputError });
  t.regex(error!.message, /design pod: spines: 0/);
});
