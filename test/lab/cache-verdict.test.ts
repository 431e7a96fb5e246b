import test from 'ava';
import type { History } from '../../src/history/operation.ts';
import { judgeCache } from '../../src/lab/cache-verdict.ts';

const event = (process: number, f: string, value: unknown, type: 'invoke' | 'ok', atMs: number) => ({
  process,
  f,
  key: 'k',
  value,
  type,
  atMs,
});
/** Two acknowledged writes, of which the second is lost: it is read once, and never again. */
const history: History = [
  event(0, 'write', 1, 'invoke', 0),
  event(0, 'write', 1, 'ok', 10),
  event(0, 'write', 2, 'invoke', 20),
  event(0, 'write', 2, 'ok', 30),
  event(1, 'read', null, 'invoke', 230),
  event(1, 'read', 1, 'ok', 231),
];

test('a cache may lose writes, and they are counted; what it may not is answer with old values for long', (t) => {
  const { record, assertions } = judgeCache('redis', history, 200, []);
  t.like(record, { verdict: 'pass', acknowledged: 2, lost: 1, rpo: 1, rtoMs: null, checker: 'staleness' });
  t.like(assertions[0], { name: 'staleness', measured: 200, unit: 'ms' });
  t.is(judgeCache('redis', history, 199, []).record.verdict, 'fail');
});

test('recovery is of writes: replicas answer reads all the time', (t) => {
  const fault = { kind: 'rack-power', target: 'rack-1', atMs: 15 };
  t.is(judgeCache('redis', history, 1000, [fault]).record.rtoMs, 15);
  const late = judgeCache('redis', history, 1000, [{ ...fault, atMs: 100 }]);
  t.is(late.record.rtoMs, null);
  t.deepEqual(
    late.assertions.map(({ name, verdict }) => [name, verdict]),
    [
      ['staleness', 'pass'],
      ['recovered', 'unknown'],
    ],
  );
  const never = judgeCache('redis', history, 1000, [fault], 'rack-power rack-1');
  t.is(never.record.verdict, 'fail');
});
