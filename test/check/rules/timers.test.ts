import test from 'ava';
import { below, plant, swap, told } from '../planted.ts';

test('another hold time than the intent', (t) => {
  const { findings, line } = plant({ 'spine-2': swap('timers bgp 3 9', 'timers bgp 60 180') });
  t.deepEqual(told(findings, 'timers'), [
    `warning spine-2:${line('spine-2', 'timers bgp')} timers of neighbor eth1 (leaf-1), neighbor eth2 (leaf-2), neighbor eth3 (leaf-3) and 1 more are 60 s keepalive, 180 s hold; the intent has 3 and 9: a dead neighbour is found after another time than planned`,
  ]);
});

test('timers of one neighbour', (t) => {
  const { findings, line } = plant({ 'leaf-1': below('neighbor eth1 description', ' neighbor eth1 timers 10 30') });
  t.deepEqual(
    findings.map(({ rule, line: at, link }) => [rule, at, link]),
    [['timers', line('leaf-1', 'timers 10 30'), 'spine-1:eth1--leaf-1:eth1']],
  );
});

test('without intent, the end that waits longer than its peer', (t) => {
  const { findings } = plant({ 'server-1-1': swap('timers bgp 3 9', 'timers bgp 10 30') }, { withIntent: false });
  t.deepEqual(
    findings.map(({ rule, node }) => [rule, node]),
    [['timers', 'server-1-1']],
  );
});
