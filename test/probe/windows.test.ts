import test from 'ava';
import type { FlowLoss, ProbeWindow } from '../../src/probe/observer.ts';
import { isVoid, lossOf } from '../../src/probe/windows.ts';

const loss = (flow: number, lost: number, longestGapMs: number): FlowLoss => ({
  flow,
  sent: 100,
  lost,
  longestGapMs,
  gapFromMs: undefined,
  gapToMs: undefined,
});
const window = (stallMs: number, flows: readonly FlowLoss[] = []): ProbeWindow => ({
  fromMs: 0,
  toMs: 1,
  stallMs,
  flows,
});

test('a stall of more than five intervals voids a window, but never one of 20 ms or less', (t) => {
  t.false(isVoid(window(20), 1));
  t.true(isVoid(window(20.1), 1));
  t.false(isVoid(window(50), 10));
  t.true(isVoid(window(51), 10));
});

test('the worst gap and all losses, of the flows that count', (t) => {
  const seen = window(0, [loss(0, 0, 0), loss(1, 3, 40), loss(2, 9, 15), loss(3, 50, 900)]);
  t.like(lossOf(seen), { sent: 400, lost: 62, longestGapMs: 900, worst: { flow: 3 } });
  t.like(
    lossOf(seen, (flow) => flow < 3),
    { sent: 300, lost: 12, longestGapMs: 40, worst: { flow: 1 } },
  );
  t.deepEqual(
    lossOf(seen, (flow) => flow === 0),
    { sent: 100, lost: 0, longestGapMs: 0, worst: undefined },
  );
});
