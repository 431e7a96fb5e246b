import test from 'ava';
import { staleness } from '../../src/consistency/staleness.ts';
import type { History } from '../../src/history/operation.ts';

type Line = readonly [
  process: number,
  f: 'read' | 'write',
  value: unknown,
  type: 'ok' | 'fail' | 'info',
  from: number,
  to: number,
];

function history(...lines: readonly Line[]): History {
  return lines
    .flatMap(([process, f, value, type, from, to]) => [
      { type: 'invoke' as const, process, f, key: 'k', value: f === 'read' ? null : value, atMs: from },
      { type, process, f, key: 'k', value, atMs: to },
    ])
    .sort((a, b) => a.atMs - b.atMs);
}

test('a read of the newest value, or of one that is being replaced, is fresh', (t) => {
  const result = staleness(
    history(
      [0, 'write', 1, 'ok', 0, 10],
      [1, 'read', 1, 'ok', 20, 21],
      [0, 'write', 2, 'ok', 30, 60],
      [1, 'read', 1, 'ok', 50, 55],
      [2, 'read', 2, 'ok', 40, 45],
    ),
    0,
  );
  t.like(result, { verdict: 'pass', reads: 3, stale: 0, maxMs: 0 });
});

test('a read is stale from the first acknowledgement of anything newer', (t) => {
  const lines: readonly Line[] = [
    [0, 'write', 1, 'ok', 0, 10],
    [0, 'write', 2, 'ok', 20, 30],
    [0, 'write', 3, 'ok', 40, 50],
    [1, 'read', 1, 'ok', 130, 131],
  ];
  t.like(staleness(history(...lines), 100), { verdict: 'pass', stale: 1, maxMs: 100 });
  const late = staleness(history(...lines), 99);
  t.like(late, { verdict: 'fail', maxMs: 100 });
  t.deepEqual(late.offending, [6]);
  t.regex(late.why, /1 reads were stale by more than 99 ms/);
});

test('a write of unknown end makes nothing stale, and may be read', (t) => {
  const result = staleness(
    history(
      [0, 'write', 1, 'ok', 0, 10],
      [0, 'write', 2, 'info', 20, 30],
      [1, 'read', 1, 'ok', 500, 501],
      [1, 'read', 2, 'ok', 600, 601],
    ),
    0,
  );
  t.like(result, { verdict: 'pass', stale: 0 });
});

test('a failed write makes nothing stale; a miss is no stale read', (t) => {
  const result = staleness(
    history(
      [0, 'write', 1, 'ok', 0, 10],
      [0, 'write', 2, 'fail', 20, 30],
      [1, 'read', 1, 'ok', 500, 501],
      [1, 'read', null, 'ok', 600, 601],
    ),
    0,
  );
  t.like(result, { verdict: 'pass', reads: 2, misses: 1, stale: 0 });
});

test('what nobody wrote fails, however fresh; without a hit nobody knows', (t) => {
  t.like(staleness(history([0, 'write', 1, 'ok', 0, 10], [1, 'read', 9, 'ok', 20, 21]), 1e9), { verdict: 'fail' });
  t.like(staleness(history([0, 'write', 1, 'ok', 0, 10], [1, 'read', null, 'ok', 20, 21]), 1e9), {
    verdict: 'unknown',
  });
});
