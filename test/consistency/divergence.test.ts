import test from 'ava';
import { replicaDivergence } from '../../src/consistency/divergence.ts';
import { holesIn, readGtidSet, runsOf, sameGtids } from '../../src/consistency/gtid.ts';
import { replicationLag } from '../../src/consistency/lag.ts';
import { InputError } from '../../src/errors.ts';

const [A, B] = ['3e11fa47-71ca-11e1-9e33-c80aa9429562', '4e11fa47-71ca-11e1-9e33-c80aa9429562'];
const state = (replica: string, position: string, tables: Record<string, string | number>) => ({
  replica,
  position,
  tables,
});

test('equal places of the log must hold equal tables', (t) => {
  t.is(replicaDivergence([state('a', '0-1-7', { t: 1 }), state('b', '0-1-7', { t: '1' })]).verdict, 'pass');
  const result = replicaDivergence([state('a', '0-1-7', { t: 1, u: 2 }), state('b', '0-1-7', { t: 3 })]);
  t.is(result.verdict, 'fail');
  t.deepEqual(
    result.differences.map(({ table }) => table),
    ['t', 'u'],
  );
  t.regex(result.why, /table t has checksum 1 on a and 3 on b/);
  t.regex(result.why, /table u is on a and not on b/);
});

test('replicas at different places cannot be compared', (t) => {
  const result = replicaDivergence([state('a', 'bin.1:7', { t: 1 }), state('b', 'bin.1:9', { t: 2 })]);
  t.like(result, { verdict: 'unknown', apart: [['a', 'b']], differences: [] });
  t.is(replicaDivergence([state('a', '0-1-7', { t: 1 })]).verdict, 'unknown');
  const third = replicaDivergence([state('a', 'p', { t: 1 }), state('b', 'q', {}), state('c', 'p', { t: 2 })]);
  t.is(third.verdict, 'fail');
});

test('the same set in other words is the same place', (t) => {
  const [x, y] = [`${A}:1-3:4-9,${B}:5`, `${B}:5, ${A.toUpperCase()}:1-9`];
  t.true(sameGtids(readGtidSet(x), readGtidSet(y)));
  t.is(replicaDivergence([state('a', x, { t: 1 }), state('b', y, { t: 1 })]).verdict, 'pass');
  t.false(sameGtids(readGtidSet(`${A}:1-9`), readGtidSet(`${A}:1-8`)));
  t.throws(() => readGtidSet('0-1-7,what'), { instanceOf: InputError, message: /what/ });
});

test('a hole in a log, or in a set', (t) => {
  const sequence = [...Array(20).keys()].filter((n) => n !== 7 && n !== 12 && n !== 13);
  t.deepEqual(holesIn(runsOf(sequence.toReversed())), [
    { from: 7, to: 7 },
    { from: 12, to: 13 },
  ]);
  const result = replicaDivergence([
    { ...state('a', '0-1-7', { t: 1 }), sequence },
    { ...state('b', '0-1-7', { t: 1 }), sequence: [3, 4, 4, 5] },
  ]);
  t.is(result.verdict, 'fail');
  t.regex(result.why, /^a misses 7, 12 to 13 of log$/);
  t.is(replicaDivergence([state('a', `${A}:1-3:5`, {}), state('b', `${A}:1-3:5`, {})]).verdict, 'fail');
});

test('lag: most, percentiles, time above the limit', (t) => {
  const samples = Array.from({ length: 100 }, (_, i) => ({ atMs: 10 * i, lagMs: i >= 40 && i < 50 ? 900 : i }));
  const result = replicationLag(samples, 500);
  t.like(result, {
    maxMs: 900,
    p99Ms: 900,
    aboveMs: 100,
    longestAboveMs: 100,
    unknownMs: 0,
    spanMs: 990,
    verdict: 'fail',
  });
  t.is(replicationLag(samples, 900).verdict, 'pass');
  t.is(
    replicationLag(
      Array.from({ length: 101 }, (_, i) => ({ atMs: i, lagMs: 100 - i })),
      100,
    ).p50Ms,
    50,
  );
});

test('lag that nobody could tell is unknown', (t) => {
  const result = replicationLag(
    [
      { atMs: 0, lagMs: 1 },
      { atMs: 10, lagMs: null },
      { atMs: 30, lagMs: 2 },
    ],
    5,
  );
  t.like(result, { verdict: 'unknown', unknownMs: 20, maxMs: 2 });
  t.like(replicationLag([], 5), { verdict: 'unknown', maxMs: undefined, spanMs: 0 });
});

test('a log that ends before its data was committed has lost its end, and says where', (t) => {
  const log = (at: number, end: number) => ({
    ...state('a', '0-1-7', { t: 1 }),
    committed: { file: 'binlog.000002', at, end },
  });
  const short = replicaDivergence([log(900, 400), state('b', '0-1-7', { t: 1 })]);
  t.is(short.verdict, 'fail');
  t.regex(short.why, /a has lost the end of its log: binlog\.000002 ends at 400, and the data was committed up to 900/);
  // What follows the last commit, such as the event that ends a file, is no data.
  for (const end of [900, 1000])
    t.is(replicaDivergence([log(900, end), state('b', '0-1-7', { t: 1 })]).verdict, 'pass');
});
