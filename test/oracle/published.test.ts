/** Predictions for networks that other people published. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parseFrrConfig } from 'frr-config';
import { predict } from '../../src/oracle/index.ts';
import { hops } from './network.ts';

const inputs = join(import.meta.dirname, '../../../shared/inputs');

function configs(folder: string): ReadonlyMap<string, ReturnType<typeof parseFrrConfig>> {
  const nodes = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(nodes.map(({ name }) => [name, parseFrrConfig(readFileSync(join(folder, name, 'frr.conf'), 'utf8'))]));
}

const link = (a: string, z: string) => {
  const end = (text: string) => ({ node: text.split(':')[0]!, interface: text.split(':')[1]! });
  return { name: `${a}--${z}`, a: end(a), z: end(z) };
};

test('clab-bgp-frr: three leaves, two spines, IPv4 over unnumbered sessions', (t) => {
  const folder = join(inputs, 'clab-bgp-frr/config');
  if (!existsSync(folder)) {
    t.log(`skipped: no ${folder}`);
    t.pass();
    return;
  }
  const leaves = [1, 2, 3];
  const links = leaves.flatMap((leaf) => [
    link(`spine1:eth${leaf}`, `leaf${leaf}:eth1`),
    link(`spine2:eth${leaf}`, `leaf${leaf}:eth2`),
    link(`host${leaf}1:eth1`, `leaf${leaf}:eth3`),
    link(`host${leaf}2:eth1`, `leaf${leaf}:eth4`),
  ]);
  const input = { configs: configs(folder), links };
  const whole = predict(input);
  t.deepEqual(whole.unmodelled, []);
  t.is(whole.sessions.length, 6);
  t.deepEqual(hops(whole, 'leaf1', '192.168.31.0/24'), ['eth1', 'eth2']);
  t.deepEqual(hops(whole, 'spine2', '192.168.22.0/24'), ['eth2']);
  t.is(whole.routes.get('leaf1')!.ipv4.size, 4);
  // network import-check: with the host's link the connected route goes, and with it the announcement.
  const cut = predict(input, { links: new Set(['host31:eth1--leaf3:eth3']) });
  t.is(hops(cut, 'leaf1', '192.168.31.0/24'), undefined);
  t.deepEqual(hops(cut, 'leaf1', '192.168.32.0/24'), ['eth1', 'eth2']);
});

test('frr01: OSPF is reported, not ignored', (t) => {
  const folder = join(inputs, 'frr01');
  if (!existsSync(folder)) {
    t.log(`skipped: no ${folder}`);
    t.pass();
    return;
  }
  const prediction = predict({ configs: configs(folder), links: [link('router1:eth1', 'router2:eth1')] });
  for (const node of ['router1', 'router2', 'router3']) {
    t.true(prediction.unmodelled.some((each) => each.node === node && each.text === 'router ospf' && each.line > 0));
  }
});
