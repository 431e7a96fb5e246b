import test from 'ava';
import type { TopologyDocument } from 'containerlab-ts';
import { check, plant, told } from '../planted.ts';

const withMtu = (mtu: number) => (document: TopologyDocument) => ({
  ...document,
  links: document.links.map((link, i) => (i === 4 ? { ...link, mtu } : link)) as TopologyDocument['links'],
});

test('a link of another MTU than the intent, found in the topology file', (t) => {
  const { findings, topology } = plant({}, { document: withMtu(1500) });
  t.deepEqual(told(findings, 'mtu'), [
    `error spine-2:${topology.links[4]!.at.line} link spine-2:eth1--leaf-1:eth2 has an MTU of 1500, but the intent has 9500: larger packets are lost on it`,
  ]);
  t.is(findings[0]!.file, '/fabric/lab.clab.yml');
  t.is(findings.length, 1);
});

test('without intent, the link that is unlike the others', (t) => {
  t.deepEqual(
    told(plant({}, { document: withMtu(1500), withIntent: false }).findings, 'mtu').map((one) => one.split(' ')[0]),
    ['warning'],
  );
});

test('a command that changes one end', (t) => {
  const text = 'router bgp 1\n';
  const findings = check({ a: text, b: text }, ['a:eth1 b:eth1 9000'], {
    b: { exec: ['ip link set dev eth1 mtu 1500', 'ip link set eth1 mtu 9000'] },
  });
  t.deepEqual(
    told(findings, 'mtu').map((one) => one.split(':')[0]),
    ['error b'],
  );
});
