/** Replication lag over time, from samples. */
import type { Verdict } from '../verdict.ts';

export interface LagSample {
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly atMs: number;
  /** Milliseconds behind the primary; null where the replica could not say, as while replication is stopped. */
  readonly lagMs: number | null;
}

export interface LagResult {
  /** Milliseconds; of all samples with a number. undefined where there is none. */
  readonly maxMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Time for which the lag was above the limit. */
  readonly aboveMs: number;
  /** Longest such time without a break. */
  readonly longestAboveMs: number;
  /** Time for which the replica could not say. */
  readonly unknownMs: number;
  /** From the first sample to the last. */
  readonly spanMs: number;
  readonly samples: number;
  /** `fail` where a sample is above the limit, `unknown` where some say nothing. */
  readonly verdict: Verdict;
  readonly why: string;
}

/**
 * Each sample stands until the next one. Percentiles are over samples, by the nearest rank: 99 of 100 samples are at or below p99.
 * @param limitMs what the lag may be at most
 */
export function replicationLag(samples: readonly LagSample[], limitMs: number): LagResult {
  const inOrder = samples.toSorted((a, b) => a.atMs - b.atMs);
  const known = inOrder.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs])).sort((a, b) => a - b);
  let aboveMs = 0;
  let unknownMs = 0;
  let longestAboveMs = 0;
  let run = 0;
  for (const [i, { atMs, lagMs }] of inOrder.entries()) {
    const lasts = (inOrder[i + 1]?.atMs ?? atMs) - atMs;
    if (lagMs === null) unknownMs += lasts;
    const above = lagMs !== null && lagMs > limitMs;
    run = above ? run + lasts : 0;
    if (above) aboveMs += lasts;
    longestAboveMs = Math.max(longestAboveMs, run);
  }
  const rank = (share: number): number | undefined => known[Math.max(0, Math.ceil(share * known.length) - 1)];
  const maxMs = known.at(-1);
  const silent = inOrder.length - known.length;
  const verdict: Verdict =
    maxMs !== undefined && maxMs > limitMs ? 'fail' : silent > 0 || maxMs === undefined ? 'unknown' : 'pass';
  const most =
    maxMs === undefined
      ? 'no sample says how far behind the replica was'
      : `at most ${maxMs} ms behind, ${aboveMs} ms above ${limitMs} ms`;
  return Object.freeze<LagResult>({
    maxMs,
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
    aboveMs,
    longestAboveMs,
    unknownMs,
    spanMs: inOrder.length === 0 ? 0 : inOrder.at(-1)!.atMs - inOrder[0]!.atMs,
    samples: inOrder.length,
    verdict,
    why: silent > 0 ? `${most}; ${silent} of ${inOrder.length} samples say nothing` : most,
  });
}
