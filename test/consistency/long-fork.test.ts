import test from 'ava';
import { comments } from '../../src/consistency/comments.ts';
import { longFork } from '../../src/consistency/long-fork.ts';
import { atOnce, oneByOne } from './helpers/history.ts';
import { concurrent } from './helpers/transactions.ts';

const r = (key: number, value: number | null) => ['r', key, value] as const;

test('two reads that see two writes in opposite orders are a fork', (t) => {
  const result = longFork().check(concurrent([r(0, 1), r(1, null)], [r(0, null), r(1, 1)]));
  t.like(result, { verdict: 'fail', offending: [0, 1] });
  t.regex(result.why, /saw the write of key/);
});

test('reads that form a chain are none, in whatever order they name the keys', (t) => {
  const chain = concurrent([['w', 0, 1]], [r(0, null), r(1, null)], [r(1, null), r(0, 1)], [r(0, 1), r(1, 1)]);
  t.is(longFork().check(chain).verdict, 'pass');
  t.is(longFork({ groupSize: 3 }).check(concurrent([r(0, 1), r(1, null)], [r(0, null), r(1, 1)])).verdict, 'pass');
});

test('a key with two values is beyond it, and so is too much', (t) => {
  t.is(longFork().check(concurrent([r(0, 1), r(1, null)], [r(0, 2), r(1, null)])).verdict, 'unknown');
  t.is(longFork({ steps: 1 }).check(concurrent([r(0, 1), r(1, 1)], [r(0, 1), r(1, 1)])).verdict, 'unknown');
});

test('comments: a later write without one that was complete before it began', (t) => {
  const [a, b] = [[0, 'write', 1] as const, [1, 'write', 2] as const];
  const result = comments().check(oneByOne(a, b, [2, 'read', [2]]));
  t.like(result, { verdict: 'fail', offending: [0, 2, 4] });
  t.is(comments().check(oneByOne(a, b, [2, 'read', [1]])).verdict, 'pass');
  t.is(comments().check(oneByOne([0, 'write', 1, 'info'], b, [2, 'read', [2]])).verdict, 'pass');
  t.is(comments().check([...atOnce(a, b), ...oneByOne([2, 'read', [2]])]).verdict, 'pass');
  t.is(comments(0).check(oneByOne(a, [2, 'read', [1]])).verdict, 'unknown');
});
