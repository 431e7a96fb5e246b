import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { faults, good, sample } from '../support.ts';

const inLab = (links: string) =>
  `name: lab\ntopology:\n  defaults: {kind: linux}\n  nodes: {a: , b: , bare: {network-mode: none}, srl: {kind: nokia_srlinux}}\n  links:\n${links}`;

test('brief and extended links of all types', (t) => {
  const { file, text } = sample('everything.clab.yml');
  const { links } = good(text, file);
  t.deepEqual(
    links.map(({ type, a, z, mtu }) => [type, `${a.node}:${a.interface}`, `${z.node}:${z.interface}`, mtu]),
    [
      ['veth', 'spine-1:eth1', 'leaf-1:eth1', 9500],
      ['veth', 'leaf-1:eth2', 'server-1-1:eth0', 1500],
      ['host', 'leaf-1:eth3', 'host:to-leaf', 9500],
      ['mgmt-net', 'leaf-1:eth4', 'mgmt-net:lf4', 9500],
      ['macvlan', 'leaf-1:eth5', 'macvlan:eno1', 9500],
      ['veth', 'spine-1:eth2', 'br0:leafstorm-port-number-one', 9500],
      ['vxlan', 'spine-1:eth3', ':', 9500],
      ['dummy', 'spine-1:eth4', ':', 9500],
      ['dummy', 'leaf-1:eth6', ':', 9500],
    ],
  );
  t.is(links[5]?.a.mac, 'aa:c1:ab:00:00:01');
  t.deepEqual(
    links[5]?.a.other?.map(({ key, value }) => [key, value]),
    [['ipv4', '10.0.0.0/31']],
  );
  t.deepEqual(
    links[6]?.other?.map(({ key, value }) => [key, value]),
    [
      ['remote', '192.0.2.1'],
      ['vni', 100],
      ['dst-port', 4789],
    ],
  );
  t.deepEqual(
    links[1]?.other?.map(({ key, value }) => [key, value]),
    [['vars', { rate: 10 }]],
  );
  t.is(links[0]?.at.line, text.split('\n').findIndex((line) => line.includes('"spine-1:eth1"')) + 1);
});

test('ends that are not possible', (t) => {
  const bad = (link: string) => faults(inLab(`    - endpoints: ${link}\n`));
  t.deepEqual(bad('["a:eth1", "c:eth1"]'), ['6:29 the topology has no node "c"']);
  t.deepEqual(bad('["a:eth1", "a:eth1"]'), ['6:29 the link joins "a:eth1" to itself']);
  t.deepEqual(bad('["a:eth1", "a:eth2"]'), []);
  t.deepEqual(bad('["a:eth0", "bare:eth0"]'), ['6:19 eth0 of node "a" belongs to the management network']);
  t.deepEqual(bad('["a:eth1", "b"]'), ['6:29 the endpoint "b" names no interface']);
  t.deepEqual(bad('["a:eth1"]'), ['6:7 a link has two endpoints, and this one has 1']);
  t.deepEqual(bad('["a:eth1", "b:eth1", "b:eth2"]'), ['6:7 a link has two endpoints, and this one has 3']);
  t.deepEqual(bad('["a:eth1", {node: b, interface: eth1}]'), [
    '6:29 an endpoint must be a text "node:interface", and is a map',
  ]);
  t.deepEqual(bad('a:eth1'), ['6:18 "endpoints" of a link must be a list, and is the text "a:eth1"']);
  t.deepEqual(bad('["host:x", "mgmt-net:y"]'), ['6:19 the link joins "host" and "mgmt-net", and no node']);
  t.deepEqual(bad('["a:", "b:eth1"]'), ['6:19 the interface name "" of node "a" is empty']);
  t.deepEqual(bad('["srl:ethernet-1/1", "b:eth1"]'), []);
});

test('interface names that the kernel cannot have are refused on linux', (t) => {
  for (const name of ['sixteen-letters0', 'a/b', 'a b', '$(id)', 'eth1\\n', 'lo', 'all', '..', 'a:b', '-x']) {
    const found = faults(inLab(`    - endpoints: ["a:${name}", "b:eth1"]\n`));
    t.regex(found.join(), /^6:19 the interface name [^,]+ of node "a" /, name);
  }
  t.deepEqual(faults(inLab('    - endpoints: ["a:fifteen-letters", "b:eth1.100"]\n')), []);
});

test('an interface that two links use', (t) => {
  const found = faults(
    inLab(
      '    - endpoints: ["a:eth1", "b:eth1"]\n    - endpoints: ["b:eth1", "a:eth2"]\n    - endpoints: ["host:x", "a:eth3"]\n    - endpoints: ["host:x", "a:eth4"]\n',
    ),
  );
  t.deepEqual(found, [
    '7:19 the interface "b:eth1" is at the end of two links; the other is on line 6',
    '9:19 the interface "host:x" is at the end of two links; the other is on line 8',
  ]);
  t.deepEqual(
    faults(inLab('    - endpoints: ["macvlan:eno1", "a:eth3"]\n    - endpoints: ["macvlan:eno1", "b:eth3"]\n')),
    [],
  );
});

test('extended links that lack something or have too much', (t) => {
  t.deepEqual(faults(inLab('    - type: veth\n      endpoints: [{node: a}, {interface: eth1}]\n')), [
    '7:19 an endpoint needs "interface"',
    '7:30 an endpoint needs "node"',
  ]);
  t.deepEqual(faults(inLab('    - type: veth\n')), ['6:7 a link of type veth needs two endpoints']);
  t.deepEqual(faults(inLab('    - {type: vxlan, endpoint: {node: a, interface: eth1}, vni: 1}\n')), [
    '6:7 a link of type vxlan needs "remote", "dst-port"',
  ]);
  t.deepEqual(faults(inLab('    - {type: dummy}\n')), ['6:7 a link of type dummy needs an endpoint']);
  t.deepEqual(faults(inLab('    - {type: dummy, endpoint: {node: a, interface: eth1}, host-interface: x}\n')), [
    '6:59 a link has an unknown key "host-interface"',
  ]);
  t.deepEqual(faults(inLab('    - {type: vethh, endpoints: []}\n')), ['6:14 containerlab knows no link type "vethh"']);
  t.deepEqual(faults(inLab('    - a:eth1 b:eth1\n')), ['6:7 a link must be a map, and is the text "a:eth1 b:eth1"']);
  t.deepEqual(
    faults(
      inLab(
        '    - {type: veth, endpoints: [{node: a, interface: eth1, mac: "01:00:5e:00:00:01"}, {node: b, interface: eth1}]}\n',
      ),
    ),
    ['6:64 "01:00:5e:00:00:01" is not the MAC address of an interface'],
  );
  t.deepEqual(faults(inLab('    - {endpoints: ["a:eth1", "b:eth1"], mtu: 9}\n')), ['6:46 an MTU of 9 is not possible']);
});

test('a name that is nearly right is suggested', (t) => {
  const { problems } = readTopology(inLab('    - endpoints: ["bar:eth1", "a:eth1"]\n'), { file: 'x' });
  t.is(problems[0]?.remedy, 'Did you mean "bare"?');
});
