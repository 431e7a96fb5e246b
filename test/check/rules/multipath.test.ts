import test from 'ava';
import { check, drop, plant, swap, told } from '../planted.ts';

test('maximum-paths 1 leaves uplinks unused', (t) => {
  for (const withIntent of [true, false]) {
    const { findings, line } = plant({ 'leaf-4': swap('maximum-paths 64', 'maximum-paths 1') }, { withIntent });
    t.deepEqual(told(findings, 'multipath'), [
      `error leaf-4:${line('leaf-4', 'maximum-paths 1')} maximum-paths 1 of ipv4, but there are 2 equal paths: the others stay unused`,
    ]);
  }
});

test('another number than the intent has, and none', (t) => {
  const { findings, line } = plant({
    'leaf-4': swap('maximum-paths 64', 'maximum-paths 2'),
    'spine-1': drop('maximum-paths 64'),
  });
  t.deepEqual(told(findings, 'multipath'), [
    `warning leaf-4:${line('leaf-4', 'maximum-paths 2')} maximum-paths 2 of ipv4; the intent has 64`,
    `warning spine-1:${line('spine-1', 'address-family ipv4')} no maximum-paths of ipv4; the intent has 64`,
  ]);
});

test('multipath-relax that the intent has', (t) => {
  const { findings, line } = plant({ 'leaf-1': drop('multipath-relax') });
  t.deepEqual(told(findings, 'multipath'), [
    `error leaf-1:${line('leaf-1', 'router bgp')} no bgp bestpath as-path multipath-relax, which the intent has: paths through different ASNs are not equal`,
  ]);
});

test('multipath-relax is needed where equal paths lead through different ASNs', (t) => {
  const leaf = (asn: number) =>
    `router bgp ${asn}\n no bgp ebgp-requires-policy\n neighbor eth1 interface remote-as external\n neighbor eth2 interface remote-as external\n`;
  const links = [
    'leafA:eth1 spineA:eth1',
    'leafA:eth2 spineB:eth1',
    'leafB:eth1 spineA:eth2',
    'leafB:eth2 spineB:eth2',
  ];
  const oneAsn = check({ leafA: leaf(1), leafB: leaf(2), spineA: leaf(100), spineB: leaf(100) }, links);
  t.deepEqual(told(oneAsn, 'multipath'), []);
  const twoAsns = check({ leafA: leaf(1), leafB: leaf(1), spineA: leaf(100), spineB: leaf(200) }, links);
  t.deepEqual(told(twoAsns, 'multipath'), []);
  const allDifferent = check({ leafA: leaf(1), leafB: leaf(2), spineA: leaf(100), spineB: leaf(200) }, links);
  t.true(
    told(allDifferent, 'multipath').includes(
      'error leafA:1 no bgp bestpath as-path multipath-relax, but equal paths lead through spineA, spineB of different ASNs: only one is used',
    ),
  );
});

test('an order of paths that depends on time', (t) => {
  const { findings, line } = plant({ 'leaf-1': drop('compare-routerid') });
  t.deepEqual(told(findings, 'multipath'), [
    `warning leaf-1:${line('leaf-1', 'router bgp')} no bgp bestpath compare-routerid, which the intent has: the path announced depends on which session came up first`,
  ]);
});
