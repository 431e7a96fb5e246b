import test from 'ava';
import type { RunningLab } from '../../src/engine/engine.ts';
import { faultKind } from '../../src/fault/index.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { sleepUntil } from '../../src/linux/sleep.ts';

/** Does it at once, and says so late: as an engine that waits until processes have ended. */
async function late(done: () => void): Promise<void> {
  done();
  sleepUntil(nowMs() + 20);
}

test('a process stops, or dies, before the call that does it returns: convergence is timed from before', async (t) => {
  for (const kind of ['control-plane-frozen', 'daemon-killed']) {
    let effectMs = 0;
    const act = () =>
      late(() => {
        effectMs = nowMs();
      });
    const lab = {
      nodes: [{ name: 'spine-1', vtyDir: '/nowhere' }],
      pause: act,
      kill: () => act().then(() => 1),
    } as unknown as RunningLab;
    const fault = faultKind(kind).prepare({ lab, racks: new Map(), detectionMs: undefined }, 'spine-1');
    const { atMs } = await fault.inject();
    t.true(atMs <= effectMs, kind);
  }
});
