import test from 'ava';
import { nowMs } from '../../src/linux/clock.ts';
import type { FlowLoss, Prober } from '../../src/probe/observer.ts';
import { selfTest } from '../../src/probe/prober-self-test.ts';

const path = (link: string) => [{ link, direction: 'aToZ' as const }];
const flow = { from: 'a', to: 'b', family: 4, sourcePort: 61_000, destinationPort: 64_000 } as const;

/** A prober that tells what it is told to tell: two flows, of which the first crosses `cut`. */
function telling(losses: readonly Pick<FlowLoss, 'lost' | 'longestGapMs'>[], stallMs = 0): Prober {
  return {
    flows: [
      { ...flow, path: path('cut') },
      { ...flow, path: path('whole') },
    ],
    intervalMs: 1,
    open: async () => ({ atMs: nowMs() }),
    close: async () => ({
      fromMs: 0,
      toMs: 1,
      stallMs,
      flows: losses.map((loss, i) => ({ flow: i, sent: 100, gapFromMs: undefined, gapToMs: undefined, ...loss })),
    }),
    stop: async () => {},
  };
}

const lossless = { lost: 0, longestGapMs: 0 };
const silenced = { lost: 1000, longestGapMs: 60_000 };
const options = { link: 'cut', block: async () => ({ atMs: nowMs() }), unblock: async () => {}, forMs: 20 };

test('a prober that sees the loss, where it is and nowhere else, passes', async (t) => {
  t.like(await selfTest(telling([silenced, lossless]), options), { verdict: 'pass' });
});

test('a prober that does not see loss fails', async (t) => {
  const { verdict, why } = await selfTest(telling([lossless, lossless]), options);
  t.is(verdict, 'fail');
  t.regex(why, /crosses cut/);
});

test('a gap shorter than the silence fails', async (t) => {
  t.like(await selfTest(telling([{ lost: 3, longestGapMs: 4 }, lossless]), options), { verdict: 'fail' });
});

test('loss on a flow that goes elsewhere fails: its path is not what it claims', async (t) => {
  t.like(await selfTest(telling([silenced, { lost: 1, longestGapMs: 2 }]), options), { verdict: 'fail' });
});

test('a link that no flow crosses proves nothing', async (t) => {
  t.like(await selfTest(telling([lossless, lossless]), { ...options, link: 'other' }), { verdict: 'fail' });
});

test('a stalled prober has measured itself', async (t) => {
  t.like(await selfTest(telling([silenced, lossless], 100), options), { verdict: 'unknown' });
});

test('the link is mended even where silencing it failed', async (t) => {
  let mended = false;
  const failing = {
    ...options,
    block: () => Promise.reject(new Error('no such link')),
    unblock: async () => {
      mended = true;
    },
  };
  await t.throwsAsync(selfTest(telling([lossless, lossless]), failing), { message: 'no such link' });
  t.true(mended);
});
