import test from 'ava';
import { below, plant, told } from '../planted.ts';

test('what is shut down is found where it is', (t) => {
  const { findings, line } = plant({
    'leaf-1': below('neighbor eth1 description', ' neighbor eth1 shutdown'),
    'leaf-2': below('interface eth2', ' shutdown'),
    'leaf-3': below('neighbor SPINES peer-group', ' neighbor SPINES shutdown'),
    'leaf-4': below('detect-multiplier 3', '  shutdown'),
  });
  t.deepEqual(told(findings, 'shutdown'), [
    `error leaf-1:${line('leaf-1', 'shutdown')} neighbor eth1 is shut down`,
    `error leaf-2:${line('leaf-2', 'shutdown')} interface eth2 is shut down`,
    `error leaf-3:${line('leaf-3', 'shutdown')} neighbor SPINES is shut down`,
    `error leaf-4:${line('leaf-4', '  shutdown')} BFD profile fabric is shut down`,
  ]);
});

test('a session that is passive at both ends', (t) => {
  const one = plant({ 'leaf-1': below('neighbor eth1 description', ' neighbor eth1 passive') });
  t.deepEqual(one.findings, []);
  const both = plant({
    'leaf-1': below('neighbor eth1 description', ' neighbor eth1 passive'),
    'spine-1': below('neighbor eth1 description', ' neighbor eth1 passive'),
  });
  t.deepEqual(told(both.findings, 'shutdown'), [
    `error leaf-1:${both.line('leaf-1', 'passive')} neighbor eth1 (spine-1) is passive at both ends: nobody opens the session`,
  ]);
});
