import test from 'ava';
import { workOut } from '../../../src/fabric/index.ts';
import { leafSpine } from '../../../topologies/leaf-spine.ts';
import { plant, pod, told } from '../planted.ts';

const warnings = (power: Parameters<typeof leafSpine>[0]) =>
  told(plant({}, { fabric: workOut(leafSpine(power)) }).findings, 'power').map((one) => one.replace(/:\d+/, ''));

test('two feeds and two supplies: nothing to say', (t) => {
  t.deepEqual(told(plant({}).findings, 'power'), []);
  t.deepEqual(warnings({ power: { supplies: { server: 1 } } }), []);
});

test('a single feed takes every spine, told once and not for its UPS as well', (t) => {
  t.deepEqual(warnings({ power: { feeds: 1 } }), [
    'warning spine-1 feed-a takes 10 of 10 nodes with it, every spine among them: no rack reaches another',
  ]);
});

test('leaves with one supply: a feed that takes all leaves of two zones', (t) => {
  const [first] = warnings({ racks: 3, power: { supplies: { leaf: 1 } } });
  t.is(
    first,
    'warning leaf-1 feed-a takes 2 of 8 nodes with it, every leaf of zone-1, zone-3 among them: zones that should fail apart fail together',
  );
});

test('a fabric of an older version has no tree, and nothing is said', (t) => {
  const { power: _, ...older } = pod;
  t.deepEqual(told(plant({}, { fabric: older }).findings, 'power'), []);
});
