import test from 'ava';
import { appendsKept } from '../../src/consistency/index.ts';
import type { History } from '../../src/history/index.ts';

let atMs = 0;
const txn = (process: number, type: 'ok' | 'fail' | 'info', value: unknown): History => [
  { type: 'invoke', process, f: 'txn', value, atMs: atMs++ },
  { type, process, f: 'txn', value, atMs: atMs++ },
];
const both = [
  ...txn(0, 'ok', [['append', 1, 5]]),
  ...txn(0, 'ok', [
    ['append', 1, 6],
    ['append', 2, 7],
  ]),
];

test('an acknowledged append that the final read of its list lacks is lost, and named', (t) => {
  const lost = appendsKept().check([...both, ...txn(1, 'ok', [['r', 1, [6]]]), ...txn(1, 'ok', [['r', 2, [7]]])]);
  t.like(lost, { verdict: 'fail', acknowledged: 3, lost: 1, offending: [0] });
  t.is(lost.why, '3 appends acknowledged, 1 lost (5 of list 1)');
  t.is(
    appendsKept().check([
      ...both,
      ...txn(1, 'ok', [
        ['r', 1, [5, 6]],
        ['r', 2, [7]],
      ]),
    ]).verdict,
    'pass',
  );
});

test('what was rolled back or has an unknown end is not missed, and a list that nobody read in the end is unknown', (t) => {
  const open = [...txn(2, 'fail', [['append', 1, 8]]), ...txn(3, 'info', [['append', 1, 9]])];
  const read = txn(1, 'ok', [
    ['r', 1, [5, 6]],
    ['r', 2, [7]],
  ]);
  t.is(appendsKept().check([...both, ...open, ...read]).verdict, 'pass');
  t.like(appendsKept().check([...read, ...both]), { verdict: 'unknown', lost: 0 });
  t.is(appendsKept().check([]).verdict, 'unknown');
});
