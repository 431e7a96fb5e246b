import test from 'ava';
import { ledgerOf } from '../../src/consistency/durability.ts';
import { linearizable } from '../../src/consistency/linearizable.ts';
import { casRegister } from '../../src/consistency/models/cas-register.ts';
import { longestOutage, recoveryMs } from '../../src/consistency/outage.ts';
import type { History, Outcome } from '../../src/history/operation.ts';
import { createRandom } from '../../src/random.ts';
import { linearizableHistory } from './helpers/random-history.ts';

/** Operations one after the other, each `[f, value, outcome]`, by processes of their own. */
function sequence(...list: readonly [string, unknown, Outcome][]): History {
  return list.flatMap(([f, value, type], process) => [
    { type: 'invoke', process, f, key: 'k', value: f === 'read' ? null : value, atMs: 10 * process },
    { type, process, f, key: 'k', value, atMs: 10 * process + 5 },
  ]);
}

test('nothing is lost where the last acknowledged write is read', (t) => {
  const ledger = ledgerOf(sequence(['write', 1, 'ok'], ['cas', [1, 2], 'ok'], ['write', 9, 'fail'], ['read', 2, 'ok']));
  t.like(ledger, { acknowledged: 2, lost: 0, duplicated: 0, unknown: 0, verdict: 'pass' });
});

test('every acknowledged write after the one finally read is lost', (t) => {
  const ledger = ledgerOf(sequence(['write', 1, 'ok'], ['write', 2, 'ok'], ['write', 3, 'ok'], ['read', 1, 'ok']));
  t.like(ledger, { acknowledged: 3, lost: 2, verdict: 'fail' });
  t.deepEqual(ledger.lostOperations, [2, 4]);
  t.is(ledgerOf(sequence(['write', 1, 'ok'], ['write', 2, 'ok'], ['read', null, 'ok'])).lost, 2);
});

test('a write of unknown end may come last', (t) => {
  const ledger = ledgerOf(sequence(['write', 1, 'info'], ['write', 2, 'ok'], ['read', 1, 'ok']));
  t.like(ledger, { acknowledged: 1, lost: 0, unknown: 1, verdict: 'pass' });
});

test('a concurrent write may come last', (t) => {
  const [a, b] = [sequence(['write', 1, 'ok']), sequence(['read', null, 'ok'], ['write', 2, 'ok']).slice(2)];
  const overlapping = [a[0]!, b[0]!, a[1]!, b[1]!];
  for (const value of [1, 2]) {
    const read = sequence(['read', 0, 'ok'], ['read', 0, 'ok'], ['read', value, 'ok']).slice(4);
    t.is(ledgerOf([...overlapping, ...read]).lost, 0);
  }
});

test('without a final read, or without an acknowledgement, nobody knows', (t) => {
  t.like(ledgerOf(sequence(['write', 1, 'ok'])), { verdict: 'unknown', unjudged: ['k'] });
  t.like(ledgerOf(sequence(['read', 1, 'ok'], ['write', 1, 'ok'], ['read', 1, 'info'])), { verdict: 'unknown' });
  t.like(ledgerOf(sequence(['write', 1, 'ok'], ['read', 7, 'ok'])), { verdict: 'unknown', unjudged: ['k'] });
  t.like(ledgerOf(sequence(['write', 1, 'fail'], ['read', null, 'ok'])), { verdict: 'unknown', acknowledged: 0 });
});

test('a value that comes back was written twice', (t) => {
  const ledger = ledgerOf(
    sequence(['write', 1, 'info'], ['read', 1, 'ok'], ['write', 2, 'ok'], ['read', 2, 'ok'], ['read', 1, 'ok']),
  );
  t.like(ledger, { lost: 0, duplicated: 1, verdict: 'fail' });
});

test('linearizable histories lose and duplicate nothing', (t) => {
  for (let seed = 0; seed < 40; seed++) {
    const history = linearizableHistory(createRandom(seed), { operations: 200, processes: 6, keys: 3, info: 0.1 });
    t.is(linearizable(casRegister()).check(history).verdict, 'pass');
    t.like(ledgerOf(history), { lost: 0, duplicated: 0 }, `seed ${seed}`);
  }
});

test('recovery is the first acknowledgement of what was invoked after the instant', (t) => {
  const history = sequence(['write', 1, 'ok'], ['write', 2, 'fail'], ['write', 3, 'info'], ['write', 4, 'ok']);
  t.is(recoveryMs(history, 2), 33);
  t.is(recoveryMs(history, 0), 5);
  t.is(recoveryMs(history, 31), undefined);
});

test('the longest time without an acknowledgement, bounded by the window', (t) => {
  const history = sequence(['write', 1, 'ok'], ['write', 2, 'fail'], ['write', 3, 'ok'], ['write', 4, 'ok']);
  t.deepEqual(longestOutage(history, 0, 40), { fromMs: 5, toMs: 25, ms: 20 });
  t.deepEqual(longestOutage(history, 0, 100), { fromMs: 35, toMs: 100, ms: 65 });
  t.deepEqual(longestOutage([], 10, 30), { fromMs: 10, toMs: 30, ms: 20 });
});

test('a long run has more acknowledged writes than a call may have arguments', (t) => {
  const writes = Array.from({ length: 200_000 }, (_, i) => ['write', i, 'ok'] as [string, unknown, Outcome]);
  const history = writes.flatMap(([f, value, type], process) => [
    { type: 'invoke' as const, process, f, key: 'k', value, atMs: 2 * process },
    { type, process, f, key: 'k', value, atMs: 2 * process + 1 },
  ]);
  t.like(ledgerOf(history), { acknowledged: 200_000, verdict: 'unknown' });
});
