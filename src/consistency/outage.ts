/** How long clients went without service. */
import type { History } from '../history/operation.ts';
import { pair } from '../history/pair.ts';

/** A time without an acknowledgement, CLOCK_MONOTONIC in milliseconds. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ms: number;
}

/**
 * Recovery time: milliseconds from an instant to the first acknowledgement of an operation that was invoked after it (what was
 * under way then may have been answered before the fault took effect). Undefined where none came.
 */
export function recoveryMs(history: History, atMs: number): number | undefined {
  let first = Infinity;
  for (const { invokedMs, returnedMs, outcome } of pair(history)) {
    if (outcome === 'ok' && invokedMs >= atMs && returnedMs! < first) first = returnedMs!;
  }
  return first === Infinity ? undefined : first - atMs;
}

/** The longest time within a window in which no operation was acknowledged; the window's ends bound it. */
export function longestOutage(history: History, fromMs: number, toMs: number): Outage {
  const instants = history
    .filter(({ type, atMs }) => type === 'ok' && atMs > fromMs && atMs < toMs)
    .map(({ atMs }) => atMs)
    .sort((a, b) => a - b);
  let longest: Outage = { fromMs, toMs: fromMs, ms: 0 };
  let last = fromMs;
  for (const instant of [...instants, toMs]) {
    if (instant - last > longest.ms) longest = { fromMs: last, toMs: instant, ms: instant - last };
    last = instant;
  }
  return Object.freeze(longest);
}
