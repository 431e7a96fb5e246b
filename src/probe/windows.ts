/** What a window of probes says, and when it says nothing. Pure. */
import type { FlowLoss, ProbeWindow } from './observer.ts';

/** A prober that stalls longer than this many intervals measures itself. */
const STALL_INTERVALS = 5;
const STALL_MS = 20;

/** Whether the prober itself stalled for so long (five intervals, at least 20 ms) that a gap of this window may be its own. Such a window is no measurement. */
export function isVoid(window: ProbeWindow, intervalMs: number): boolean {
  return window.stallMs > Math.max(STALL_INTERVALS * intervalMs, STALL_MS);
}

export interface WindowLoss {
  readonly sent: number;
  readonly lost: number;
  /** Longest gap of any flow (ms), 0 where nothing was lost, and the flow that had it. */
  readonly longestGapMs: number;
  readonly worst: FlowLoss | undefined;
}

/**
 * Loss of a window's flows together.
 * @param counts which flows, by index into `Prober.flows`: those between endpoints that should be connected. Default: all
 */
export function lossOf(window: ProbeWindow, counts: (flow: number) => boolean = () => true): WindowLoss {
  let [sent, lost] = [0, 0];
  let worst: FlowLoss | undefined;
  for (const loss of window.flows) {
    if (!counts(loss.flow)) continue;
    sent += loss.sent;
    lost += loss.lost;
    if (loss.lost > 0 && loss.longestGapMs > (worst?.longestGapMs ?? -1)) worst = loss;
  }
  return Object.freeze({ sent, lost, longestGapMs: worst?.longestGapMs ?? 0, worst });
}
