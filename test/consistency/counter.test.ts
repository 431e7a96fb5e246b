import test from 'ava';
import { counter } from '../../src/consistency/counter.ts';
import { counterRequestAt, counterWorkload, readOfAll } from '../../src/history/index.ts';
import { createRandom } from '../../src/random.ts';
import { executed, followedBy } from './helpers/executed.ts';
import { atOnce, oneByOne } from './helpers/history.ts';

test('a read shows all that was acknowledged before it', (t) => {
  t.is(counter().check(oneByOne([0, 'add', 2], [1, 'add', 3], [0, 'read', 5])).verdict, 'pass');
  const result = counter().check(oneByOne([0, 'add', 2], [1, 'add', 3], [0, 'read', 4]));
  t.like(result, { verdict: 'fail', offending: [4], acknowledged: 5 });
  t.regex(result.why, /shows 4, which is not between 5 and 5/);
  t.is(counter(10).check(oneByOne([0, 'add', 2], [0, 'read', 12])).verdict, 'pass');
});

test('additions of unknown end, and those at the same time, may count or not', (t) => {
  const verdict = (value: number) =>
    counter().check(oneByOne([0, 'add', 2, 'info'], [1, 'add', 3], [2, 'read', value])).verdict;
  t.deepEqual([2, 3, 5, 6].map(verdict), ['fail', 'pass', 'pass', 'fail']);
  const during = (value: number) => counter().check(atOnce([0, 'add', 2], [2, 'read', value])).verdict;
  t.deepEqual([0, 2, 3].map(during), ['pass', 'pass', 'fail']);
  t.is(counter().check(oneByOne([0, 'add', 2, 'fail'], [2, 'read', 2])).verdict, 'fail');
});

test('additions that take away lower the bound while they may not have happened', (t) => {
  const verdict = (value: number) =>
    counter().check([...oneByOne([0, 'add', 5]), ...atOnce([1, 'add', -2], [2, 'read', value])]).verdict;
  t.deepEqual([2, 3, 5, 6].map(verdict), ['fail', 'pass', 'pass', 'fail']);
  t.deepEqual(counter().check(oneByOne([0, 'add', -2, 'info'], [1, 'add', 3, 'info'])).unknown, [-2, 3]);
});

test('a counter that counts passes', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const workload = counterWorkload(seed, { most: 5, negative: 0.3 });
    let sum = 0;
    const apply = ({ f, value }: { f: string; value: unknown }): unknown => {
      if (f === 'read') return sum;
      sum += value as number;
      return value;
    };
    const shape = { operations: 150, clients: 6, info: 0.1 };
    const history = executed(
      createRandom(seed),
      shape,
      (client, index) => counterRequestAt(workload, client, index),
      apply,
    );
    const result = counter().check(followedBy(history, [readOfAll()], apply));
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
  }
});
