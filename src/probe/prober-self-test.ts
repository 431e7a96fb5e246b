/** Proves that the prober sees loss: a link is silenced for a moment, and the flows across it, and no others, must tell. */
import { setTimeout } from 'node:timers/promises';
import { nowMs } from '../linux/clock.ts';
import type { Verdict } from '../verdict.ts';
import type { Prober, ProbeWindow } from './observer.ts';
import { isVoid } from './windows.ts';

export interface SelfTestOptions {
  /** Name of the link that is silenced, both ways. Carrier should stay, so that routing does not react. */
  readonly link: string;
  /** Resolves once the link lets nothing through, with that instant (CLOCK_MONOTONIC ms). */
  readonly block: () => Promise<{ readonly atMs: number }>;
  readonly unblock: () => Promise<unknown>;
  /** Default: 100 ms, or three intervals where that is longer. Must be shorter than what the routers take for a failure, or they go another way. */
  readonly forMs?: number;
}

export interface SelfTest {
  /** `unknown`: the prober stalled, so nothing was measured. */
  readonly verdict: Verdict;
  /** What was seen, for people. */
  readonly why: string;
  readonly window: ProbeWindow;
}

/** Time in the window before the link is silenced and after it is mended, in intervals: packets must arrive on both sides of the gap. */
const MARGIN = 4;

export async function selfTest(prober: Prober, options: SelfTestOptions): Promise<SelfTest> {
  const { intervalMs } = prober;
  await prober.open();
  await setTimeout(MARGIN * intervalMs);
  let blockedMs: number;
  try {
    const { atMs } = await options.block();
    await setTimeout(options.forMs ?? Math.max(100, 3 * intervalMs));
    blockedMs = nowMs() - atMs;
  } finally {
    await options.unblock();
  }
  await setTimeout(MARGIN * intervalMs);
  const window = await prober.close();
  return Object.freeze({ ...judge(prober, window, options.link, blockedMs), window });
}

function judge(
  prober: Prober,
  window: ProbeWindow,
  link: string,
  blockedMs: number,
): Pick<SelfTest, 'verdict' | 'why'> {
  if (isVoid(window, prober.intervalMs)) {
    return { verdict: 'unknown', why: `the prober itself stalled for ${window.stallMs.toFixed(1)} ms` };
  }
  const name = (flow: number) => {
    const { from, to, family, sourcePort } = prober.flows[flow]!;
    return `${from} to ${to} (IPv${family}, port ${sourcePort})`;
  };
  let across = 0;
  for (const { flow, lost, longestGapMs } of window.flows) {
    const crosses = prober.flows[flow]!.path.some((step) => step.link === link);
    if (crosses) across++;
    if (crosses && longestGapMs < blockedMs) {
      const why = `${name(flow)} crosses ${link}, silent for ${blockedMs.toFixed(1)} ms, but tells of a gap of ${longestGapMs.toFixed(1)} ms`;
      return { verdict: 'fail', why };
    }
    if (!crosses && lost > 0) {
      return {
        verdict: 'fail',
        why: `${name(flow)} does not cross ${link}, yet lost ${lost} packets while it was silent`,
      };
    }
  }
  if (across === 0) return { verdict: 'fail', why: `no flow crosses ${link}` };
  return { verdict: 'pass', why: `all ${across} flows across ${link} saw it silent for ${blockedMs.toFixed(1)} ms` };
}
