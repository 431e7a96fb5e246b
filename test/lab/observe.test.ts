import test from 'ava';
import { lossAssertion } from '../../src/lab/observe.ts';

const flow = { from: 'a', to: 'b', family: 4, sourcePort: 1, destinationPort: 2, path: [] } as const;
const prober = { flows: [flow], intervalMs: 1 };
const window = (stallMs: number, sent: number, lost: number) => ({
  fromMs: 0,
  toMs: 500,
  stallMs,
  flows: [{ flow: 0, sent, lost, longestGapMs: lost, gapFromMs: undefined, gapToMs: undefined }],
});

test('loss in a healthy lab fails, none passes', (t) => {
  t.is(lossAssertion('pod', prober, window(0, 500, 3)).verdict, 'fail');
  t.is(lossAssertion('pod', prober, window(0, 500, 0)).verdict, 'pass');
});

test('a prober that stood still, or sent nothing, has neither shown loss nor its absence', (t) => {
  for (const seen of [window(400, 500, 0), window(400, 500, 3), window(0, 0, 0), { ...window(0, 0, 0), flows: [] }]) {
    t.like(lossAssertion('pod', prober, seen), { verdict: 'unknown', measured: null });
  }
});
