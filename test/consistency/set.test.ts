import test from 'ava';
import { AtomIndex } from '../../src/consistency/atom-index.ts';
import { log } from '../../src/consistency/log.ts';
import { set } from '../../src/consistency/set.ts';
import type { Atom } from '../../src/consistency/transactions/transaction.ts';
import { InputError } from '../../src/errors.ts';
import { readOfAll, setRequestAt, setWorkload } from '../../src/history/set-workload.ts';
import { createRandom } from '../../src/random.ts';
import { executed, followedBy, REFUSED } from './helpers/executed.ts';
import { atOnce, oneByOne } from './helpers/history.ts';

test('what was acknowledged and is not read at the end is lost', (t) => {
  const result = set().check(oneByOne([0, 'add', 1], [1, 'add', 2], [2, 'add', 3, 'info'], [0, 'read', [2]]));
  t.like(result, { verdict: 'fail', acknowledged: 2, lost: 1, duplicated: 0, phantom: 0, unknown: 1 });
  t.deepEqual(result.offending, [0]);
  t.regex(result.why, /2 acknowledged, 1 lost \(1\)/);
});

test('an addition of unknown end may be read or not, but not read and then gone', (t) => {
  const add = [0, 'add', 1, 'info'] as const;
  const other = [1, 'add', 2] as const;
  t.is(set().check(oneByOne(add, other, [2, 'read', [2]])).verdict, 'pass');
  t.is(set().check(oneByOne(add, other, [2, 'read', [1, 2]])).verdict, 'pass');
  const gone = set().check(oneByOne(add, other, [2, 'read', [1, 2]], [2, 'read', [2]]));
  t.like(gone, { verdict: 'fail', lost: 1 });
  // The two reads overlap: nobody knows which came first.
  t.is(set().check([...oneByOne(add, other), ...atOnce([2, 'read', [1, 2]], [3, 'read', [2]])]).verdict, 'pass');
});

test('phantoms: never added, certainly failed, or read before they were added', (t) => {
  const result = set().check(oneByOne([0, 'add', 1, 'fail'], [0, 'add', 2], [1, 'read', [1, 2, 9]]));
  t.like(result, { verdict: 'fail', phantom: 2, lost: 0 });
  t.is(set().check(oneByOne([1, 'read', [1]], [0, 'add', 1], [1, 'read', [1]])).phantom, 1);
});

test('an element that was added once is read once', (t) => {
  t.like(set().check(oneByOne([0, 'add', 1], [1, 'read', [1, 1]])), { verdict: 'fail', duplicated: 1 });
  t.is(set().check(oneByOne([0, 'add', 1], [2, 'add', 1], [1, 'read', [1, 1]])).verdict, 'pass');
  t.is(set().check(oneByOne([0, 'add', 1, 'fail'], [0, 'add', 1], [1, 'read', [1]])).verdict, 'pass');
});

test('stale reads count only where reads must be linearizable', (t) => {
  const history = oneByOne([0, 'add', 1], [0, 'add', 2], [1, 'read', [2]], [1, 'read', [1, 2]]);
  t.like(set().check(history), { verdict: 'pass', stale: 1, lost: 0 });
  t.is(set({ linearizable: true }).check(history).verdict, 'fail');
});

test('without a final read, without an acknowledgement, or without steps, nobody knows', (t) => {
  t.is(set().check(oneByOne([0, 'add', 1])).verdict, 'unknown');
  t.is(set().check(oneByOne([1, 'read', []], [0, 'add', 1])).verdict, 'unknown');
  t.is(set().check(oneByOne([0, 'add', 1, 'info'], [1, 'read', []])).verdict, 'unknown');
  t.is(set({ steps: 1 }).check(oneByOne([0, 'add', 1], [1, 'read', [1]])).verdict, 'unknown');
  t.throws(() => set().check(oneByOne([0, 'add', 1]).slice(1)), { instanceOf: InputError, message: /event 0/ });
});

test('a log keeps the order of real time, and its reads begin one another', (t) => {
  const append = (value: number) => [value, 'append', value] as const;
  t.is(log().check(oneByOne(append(1), append(2), [0, 'read', [1, 2]])).verdict, 'pass');
  const late = log().check(oneByOne(append(1), append(2), [0, 'read', [2, 1]]));
  t.like(late, { verdict: 'fail', misordered: 1, lost: 0 });
  t.true(late.offending.includes(0));
  t.is(log().check([...atOnce(append(1), append(2)), ...oneByOne([0, 'read', [2, 1]])]).verdict, 'pass');
  const reads = [...atOnce(append(1), append(2)), ...oneByOne([0, 'read', [2]], [0, 'read', [1, 2]])];
  t.like(log().check(reads), { verdict: 'fail', diverged: 1 });
  t.is(log().check(oneByOne(append(1), append(2), [0, 'read', [2]])).lost, 1);
});

test('a store that keeps everything passes; one that forgets is caught, and the count is exact', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const workload = setWorkload(seed, { f: 'append', reads: 0.1 });
    const random = createRandom(seed);
    const kept: unknown[] = [];
    const apply = ({ f, value }: { f: string; value: unknown }): unknown => {
      if (f === 'read') return [...kept];
      if (random.next() < 0.05) return REFUSED;
      kept.push(value);
      return value;
    };
    const shape = { operations: 100, clients: 5, info: 0.1 };
    const history = executed(random, shape, (client, index) => setRequestAt(workload, client, index), apply);
    const whole = followedBy(history, [readOfAll()], apply);
    const result = log({ linearizable: true }).check(whole);
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
    const acknowledged = new Set(
      history.filter(({ type, f }) => type === 'ok' && f === 'append').map(({ value }) => value),
    );
    const lost = kept.filter((value) => acknowledged.has(value)).slice(0, 3);
    const forgetful = whole.map((event, i) =>
      i === whole.length - 1 ? { ...event, value: kept.filter((value) => !lost.includes(value)) } : event,
    );
    t.is(log().check(forgetful).lost, lost.length);
  }
});

test('atoms are numbered as a Map would number them', (t) => {
  const random = createRandom(5);
  const index = new AtomIndex();
  const map = new Map<Atom, number>();
  for (let i = 0; i < 20_000; i++) {
    const number = random.integer(8000) * (random.next() < 0.5 ? 1 : 1e9) - (random.next() < 0.1 ? 0.5 : 0);
    const atom: Atom = random.next() < 0.1 ? String(number) : number;
    t.is(index.get(atom), map.get(atom) ?? -1);
    if (!map.has(atom)) map.set(atom, map.size);
    t.is(index.add(atom), map.get(atom)!);
  }
  t.is(index.size, map.size);
});
