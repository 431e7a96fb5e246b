import test from 'ava';
import { check, drop, plant, told } from '../planted.ts';

test('a neighbour that is configured at one end only', (t) => {
  for (const withIntent of [true, false]) {
    const { findings, line } = plant(
      { 'leaf-1': (text) => drop('neighbor eth2 description')(drop('neighbor eth2 interface')(text)) },
      { withIntent },
    );
    const why = withIntent ? 'which the intent has' : 'though spine-2 has neighbor eth1 (leaf-1)';
    t.deepEqual(told(findings, 'missing-neighbor'), [
      `error leaf-1:${line('leaf-1', 'router bgp')} leaf-1 has no neighbor eth2, ${why}: the session never starts`,
    ]);
    t.is(findings.find(({ rule }) => rule === 'missing-neighbor')!.link, 'spine-2:eth1--leaf-1:eth2');
  }
});

test('a neighbour of the intent that both ends have lost is found at both', (t) => {
  const { findings } = plant({
    'leaf-1': (text) => text.replace(/^ neighbor eth2 .*\n/gm, ''),
    'spine-2': (text) => text.replace(/^ neighbor eth1 .*\n/gm, ''),
  });
  t.deepEqual(
    findings.filter(({ rule }) => rule === 'missing-neighbor').map(({ node }) => node),
    ['leaf-1', 'spine-2'],
  );
});

test('a neighbour on an interface without a link, to a node without FRR, at an address of nobody', (t) => {
  const text = [
    'router bgp 1',
    ' no bgp ebgp-requires-policy',
    ' neighbor eth1 interface remote-as external',
    ' neighbor eth2 interface remote-as external',
    ' neighbor 192.0.2.1 remote-as 9',
  ].join('\n');
  const findings = check({ a: text }, ['a:eth2 host1:eth1'], { host1: { image: 'alpine', binds: [] } });
  t.deepEqual(told(findings, 'missing-neighbor'), [
    'error a:3 neighbor eth1: no link of the topology ends at a:eth1',
    'warning a:4 neighbor eth2 leads to host1, which has no FRR configuration',
    'warning a:5 neighbor 192.0.2.1: no router of the topology has this address',
  ]);
});
