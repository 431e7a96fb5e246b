import test from 'ava';
import { stolenMs, stolenOf } from '../../src/linux/stolen.ts';

test('what was stolen, processor by processor, and not their sum', (t) => {
  const stat = 'cpu  9 0 9 9 0 0 0 33 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\ncpu1 1 2 3 4 5 6 7 25 9 10\nintr 5\n';
  t.deepEqual(stolenOf(stat), [80, 250]);
  // A kernel from before there were hypervisors does not say.
  t.deepEqual(stolenOf('cpu0 1 2 3 4 5 6 7\n'), [0]);
});

test('this machine has processors', (t) => {
  t.true(stolenMs().length > 0);
  t.true(stolenMs().every((ms) => ms >= 0));
});
