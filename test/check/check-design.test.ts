import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { checkDesign, readConfigs, rules } from '../../src/check/index.ts';
import { below, check, drop, fabricOf, plant, swap } from './planted.ts';

for (const [spines, racks, servers] of [
  [2, 4, 1],
  [4, 8, 2],
  [1, 1, 0],
  [8, 200, 0],
] as const) {
  test(`nothing is found in a healthy fabric of ${spines}x${racks}x${servers}, with and without its intent`, (t) => {
    const fabric = fabricOf({ spines, racks, servers });
    t.deepEqual(plant({}, { fabric }).findings, []);
    if (racks < 100) t.deepEqual(plant({}, { fabric, withIntent: false }).findings, []);
  });
}

test('findings are frozen and sorted: errors first, then by file and line', (t) => {
  const { findings } = plant({
    'spine-1': drop('bgp bestpath as-path multipath-relax'),
    'leaf-2': (text) => drop('neighbor eth1 interface')(below('interface eth1', ' shutdown')(text)),
    'leaf-1': swap('neighbor SPINES remote-as 4200000000', 'neighbor SPINES remote-as 65000'),
  });
  t.true(Object.isFrozen(findings) && findings.every((finding) => Object.isFrozen(finding)));
  const severities = findings.map(({ severity }) => severity);
  t.deepEqual(severities, severities.toSorted());
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ file, line }) => ({ file, line }));
  t.deepEqual(
    errors,
    errors.toSorted((l, r) => (l.file < r.file ? -1 : l.file > r.file ? 1 : l.line - r.line)),
  );
  t.true(findings.every(({ remedy, message }) => remedy.length > 0 && message.length > 0));
});

test('each rule is named as its file', (t) => {
  for (const { name } of rules) t.true(existsSync(new URL(`../../src/check/rules/${name}.ts`, import.meta.url)), name);
});

test('configurations of others: sessions by address, traditional profile', (t) => {
  const router = (asn: number, own: string, peer: string, peerAsn: number, prefix: string) =>
    [
      'frr version 8.4.4',
      'frr defaults traditional',
      'interface eth1',
      ` ip address ${own}/31`,
      'exit',
      'interface eth2',
      ` ip address ${prefix}`,
      'exit',
      `router bgp ${asn}`,
      ' no bgp ebgp-requires-policy',
      ` neighbor ${peer} remote-as ${peerAsn}`,
      ' address-family ipv4 unicast',
      `  network ${prefix.replace('.1/', '.0/')}`,
      ' exit-address-family',
      'exit',
    ].join('\n');
  const texts = {
    a: router(65001, '10.0.0.0', '10.0.0.1', 65002, '192.168.1.1/24'),
    b: router(65002, '10.0.0.1', '10.0.0.0', 65001, '192.168.2.1/24'),
  };
  t.deepEqual(check(texts, ['a:eth1 b:eth1']), []);
});

for (const [folder, file, expected] of [
  ['clab-bgp-frr', 'bgp-frr.clab.yml', ['nexthop-group', 'transit']],
  ['frr01', 'frr01.clab.yml', ['unknown-statement']],
] as const) {
  test(`the published lab ${folder} has no error`, (t) => {
    const path = resolve(import.meta.dirname, '../../../shared/inputs', folder, file);
    if (!existsSync(path)) {
      t.log(`skipped: there is no ${path}`);
      t.pass();
      return;
    }
    const { topology, problems } = readTopology(readFileSync(path, 'utf8'), { file: path });
    t.deepEqual(problems, []);
    const findings = checkDesign({ topology: topology!, configs: readConfigs(topology!) });
    t.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    t.deepEqual([...new Set(findings.map(({ rule }) => rule))].sort(), [...expected]);
  });
}
