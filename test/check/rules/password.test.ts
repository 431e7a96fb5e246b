import test from 'ava';
import { below, plant, told } from '../planted.ts';

test('a password at one end only is found there, and kept out of the message', (t) => {
  const { findings, line } = plant({
    'leaf-1': below('neighbor eth2 description', ' neighbor eth2 password opensesame'),
  });
  t.deepEqual(told(findings, 'password'), [
    `error leaf-1:${line('leaf-1', 'opensesame')} neighbor eth2 (spine-2) has a password, but the other end has none: the session never opens`,
  ]);
  t.notRegex(JSON.stringify(findings), /opensesame/);
});

test('different passwords are one finding without intent; equal ones are none', (t) => {
  const edits = (word: string) => ({
    'leaf-1': below('neighbor eth2 description', ' neighbor eth2 password one'),
    'spine-2': below('neighbor eth1 description', ` neighbor eth1 password ${word}`),
  });
  t.is(told(plant(edits('two'), { withIntent: false }).findings, 'password').length, 1);
  t.is(told(plant(edits('two')).findings, 'password').length, 1);
  t.is(told(plant(edits('one')).findings, 'password').length, 0);
});
