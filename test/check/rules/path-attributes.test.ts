import test from 'ava';
import { below, plant, told } from '../planted.ts';

test('a path made longer than its equals', (t) => {
  const { findings, line } = plant({
    'spine-1': below('match ip address prefix-list FABRIC-4', ' set as-path prepend 4200000000 4200000000'),
  });
  t.deepEqual(told(findings, 'path-attributes'), [
    `warning spine-1:${line('spine-1', 'set as-path')} set as-path prepend 4200000000 4200000000 in route-map FABRIC, which the intent does not have: routes with it are no longer equal to those without`,
  ]);
});
