/** How old what a cache answers is. A cache may forget and may lag; it may not do so for long. */
import type { History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import type { Verdict } from '../verdict.ts';

export interface StalenessResult {
  readonly verdict: Verdict;
  readonly why: string;
  readonly reads: number;
  /** Reads that found nothing: legal, for a cache. */
  readonly misses: number;
  /** Reads that found a value although a newer one had been acknowledged before they began. */
  readonly stale: number;
  /** Milliseconds for which the newer value had been acknowledged already; 0 where nothing was stale. */
  readonly maxMs: number;
  /** Over all reads that found something, by the nearest rank. */
  readonly p99Ms: number;
  /** Indexes of the invocations of reads beyond the bound, and of those of values that nobody wrote. */
  readonly offending: readonly number[];
}

/**
 * Judges the age of what was read. Each key must have one writer, whose writes follow one another, and each value must be unique within its key.
 * A read is stale by the time from the first acknowledgement of a newer value to the invocation of the read. Finding nothing is a miss.
 * @param boundMs what a read may be stale by at most
 */
export function staleness(history: History, boundMs: number): StalenessResult {
  const keys = new Map<string, Operation[]>();
  for (const operation of pair(history)) {
    const key = operation.key ?? '';
    const operations = keys.get(key);
    if (operations === undefined) keys.set(key, [operation]);
    else operations.push(operation);
  }
  const ages: number[] = [];
  const late: number[] = [];
  const phantoms: number[] = [];
  let misses = 0;
  for (const operations of keys.values()) {
    const ageOf = agesOf(operations.filter(({ f }) => f === 'write'));
    for (const { f, outcome, value, invoked, invokedMs } of operations) {
      if (f !== 'read' || outcome !== 'ok') continue;
      if (value === null) {
        misses++;
        continue;
      }
      const ageMs = ageOf(value, invokedMs);
      if (ageMs === undefined) phantoms.push(invoked);
      else {
        ages.push(ageMs);
        if (ageMs > boundMs) late.push(invoked);
      }
    }
  }
  ages.sort((a, b) => a - b);
  const reads = ages.length + misses + phantoms.length;
  const stale = ages.length - ages.filter((ageMs) => ageMs === 0).length;
  const maxMs = ages.at(-1) ?? 0;
  const p99Ms = ages[Math.max(0, Math.ceil(ages.length * 0.99) - 1)] ?? 0;
  const verdict: Verdict = late.length + phantoms.length > 0 ? 'fail' : ages.length === 0 ? 'unknown' : 'pass';
  const parts = [
    ...(phantoms.length > 0 ? [`${phantoms.length} reads found what nobody wrote`] : []),
    ...(late.length > 0 ? [`${late.length} reads were stale by more than ${boundMs} ms`] : []),
    `${stale} of ${reads} reads were stale, by ${Math.round(maxMs)} ms at most; ${misses} found nothing`,
  ];
  return Object.freeze({
    verdict,
    why: parts.join('; '),
    reads,
    misses,
    stale,
    maxMs,
    p99Ms,
    offending: Object.freeze([...phantoms, ...late].sort((a, b) => a - b)),
  });
}

/** Age of a value of one key at an instant; undefined where nobody wrote it. */
function agesOf(writes: readonly Operation[]): (value: unknown, atMs: number) => number | undefined {
  const order = new Map(writes.map(({ value }, at) => [value, at]));
  // The earliest acknowledgement among the writes from each place on.
  const newer: number[] = new Array(writes.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let at = writes.length - 1; at >= 0; at--) {
    const { outcome, returnedMs } = writes[at]!;
    newer[at] = Math.min(newer[at + 1]!, outcome === 'ok' ? returnedMs! : Number.POSITIVE_INFINITY);
  }
  return (value, atMs) => {
    const at = order.get(value);
    return at === undefined ? undefined : Math.max(0, atMs - newer[at + 1]!);
  };
}
