import test from 'ava';
import { linearizable } from '../../src/consistency/linearizable.ts';
import { casRegister } from '../../src/consistency/models/cas-register.ts';
import { register } from '../../src/consistency/models/register.ts';
import type { History, Outcome } from '../../src/history/operation.ts';
import { pair } from '../../src/history/pair.ts';
import { createRandom } from '../../src/random.ts';
import { isLinearizable } from './helpers/brute-force.ts';
import { arbitraryHistory, linearizableHistory } from './helpers/random-history.ts';

/** Events as `[process, type, f, value]`. */
function events(...list: readonly [number, 'invoke' | Outcome, string, unknown][]): History {
  return list.map(([process, type, f, value], atMs) => ({ process, type, f, value, atMs }));
}

test('a read may see a concurrent write or not', (t) => {
  for (const value of [null, 1]) {
    const history = events(
      [0, 'invoke', 'write', 1],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', value],
      [0, 'ok', 'write', 1],
    );
    t.is(linearizable(register()).check(history).verdict, 'pass');
  }
});

test('a stale read fails, and the evidence is the two writes and the read', (t) => {
  const history = events(
    [5, 'invoke', 'write', 0],
    [5, 'ok', 'write', 0],
    [0, 'invoke', 'write', 1],
    [0, 'ok', 'write', 1],
    [0, 'invoke', 'write', 2],
    [0, 'ok', 'write', 2],
    [1, 'invoke', 'read', null],
    [1, 'ok', 'read', 1],
    [1, 'invoke', 'read', null],
    [1, 'ok', 'read', 2],
  );
  const result = linearizable(register()).check(history);
  t.is(result.verdict, 'fail');
  t.deepEqual(result.offending, [2, 4, 6]);
  t.is(result.stoppedAt, 7);
  t.deepEqual(result.longest, [0, 2, 4]);
  t.regex(result.why, /read of 1 by process 1/);
});

test('a failed write did not happen, an unknown one may happen long after', (t) => {
  const seen = (type: Outcome): History =>
    events(
      [0, 'invoke', 'write', 1],
      [0, type, 'write', 1],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', null],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
    );
  t.is(linearizable(register()).check(seen('fail')).verdict, 'fail');
  t.is(linearizable(register()).check(seen('ok')).verdict, 'fail');
  t.is(linearizable(register()).check(seen('info')).verdict, 'pass');
});

test('an unknown write that took effect cannot be undone', (t) => {
  const history = events(
    [0, 'invoke', 'write', 1],
    [1, 'invoke', 'read', null],
    [1, 'ok', 'read', 1],
    [1, 'invoke', 'read', null],
    [1, 'ok', 'read', null],
  );
  t.is(linearizable(register()).check(history).verdict, 'fail');
});

test('keys are objects apart; the offending operations are of the key that went wrong', (t) => {
  const good = events([0, 'invoke', 'write', 1], [0, 'ok', 'write', 1]).map((event) => ({ ...event, key: 'a' }));
  const bad = events([0, 'invoke', 'read', null], [0, 'ok', 'read', 7]).map((event) => ({ ...event, key: 'b' }));
  const result = linearizable(casRegister()).check([...good, ...bad]);
  t.is(result.verdict, 'fail');
  t.is(result.key, 'b');
  t.deepEqual(result.offending, [2]);
  t.is(linearizable(casRegister()).check(good).verdict, 'pass');
});

test('out of steps is unknown', (t) => {
  const history = linearizableHistory(createRandom(1), { operations: 200, processes: 10, keys: 1, info: 0.1 });
  const result = linearizable(casRegister(), { steps: 20 }).check(history);
  t.is(result.verdict, 'unknown');
  t.true(result.steps >= 20);
  t.is(linearizable(casRegister()).check(history).verdict, 'pass');
});

test('an operation that the model does not have is an error', (t) => {
  t.throws(() => linearizable(register()).check(events([0, 'invoke', 'cas', [1, 2]], [0, 'ok', 'cas', [1, 2]])), {
    message: /no cas/,
  });
});

test('histories that are linearizable by construction pass, with values unique or few', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const shape = { operations: 300, processes: 8, keys: 2, info: 0.05, ...(seed % 2 ? { values: 4 } : {}) };
    const history = linearizableHistory(createRandom(seed), shape);
    const result = linearizable(casRegister()).check(history);
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
  }
});

test('arbitrary small histories come out as brute force says, and the evidence alone is enough', (t) => {
  const seen = { pass: 0, fail: 0, unknown: 0 };
  for (let seed = 0; seed < 3000; seed++) {
    // Without what failed: a beginning of the history would not know yet that it is going to fail.
    const history = happened(arbitraryHistory(createRandom(seed), 7));
    const result = linearizable(casRegister()).check(history);
    seen[result.verdict]++;
    t.is(result.verdict, isLinearizable(casRegister(), history) ? 'pass' : 'fail', `seed ${seed}`);
    if (result.verdict === 'fail') {
      // The shortest beginning that fails ends where the checker says; all but the offending may be of unknown end.
      t.false(
        isLinearizable(casRegister(), history.slice(0, result.stoppedAt! + 1)),
        `seed ${seed}: stoppedAt is too early`,
      );
      t.true(isLinearizable(casRegister(), history.slice(0, result.stoppedAt!)), `seed ${seed}: stoppedAt is too late`);
      t.false(
        isLinearizable(casRegister(), onlyDefinite(history, result.offending)),
        `seed ${seed}: the evidence is not enough`,
      );
    }
  }
  t.true(seen.pass > 300 && seen.fail > 300, `both verdicts must occur often: ${JSON.stringify(seen)}`);
});

function happened(history: History): History {
  const failed = new Set(
    pair(history).flatMap(({ outcome, invoked, returned }) => (outcome === 'fail' ? [invoked, returned] : [])),
  );
  return history.filter((_, index) => !failed.has(index));
}

/** The history where nobody knows the end of any operation but these. */
function onlyDefinite(history: History, invocations: readonly number[]): History {
  const operations = pair(history);
  const dropped = new Set(
    operations.flatMap(({ invoked, returned }) => (invocations.includes(invoked) ? [] : [returned])),
  );
  // A process whose operation never ends does not come back: each operation gets one of its own.
  const owner = new Map(
    operations.flatMap(
      ({ invoked, returned }, id) =>
        [
          [invoked, id],
          [returned, id],
        ] as const,
    ),
  );
  return history.flatMap((event, index) =>
    dropped.has(index) || event.type === 'info' ? [] : [{ ...event, process: owner.get(index)! }],
  );
}
