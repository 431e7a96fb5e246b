/** Where a history first goes wrong. */
import type { Model } from './model.ts';
import { search } from './search.ts';
import type { Interval } from './timeline.ts';

/** The shortest beginning of a history that has no linearization. */
export interface ImpossiblePrefix {
  /** Interval whose return ends it. */
  readonly last: number;
  /** Its intervals: those called before that return, with open ends where they return later. */
  readonly intervals: readonly Interval[];
  /** A linearization of all but that last return. */
  readonly longest: readonly number[];
}

/**
 * Halves the history until the first return that no order explains is found: whatever has no linearization has none with more behind it.
 * A beginning on which the search runs out of steps counts as possible.
 * @param intervals without a linearization, in the order of their calls
 */
export function impossiblePrefix(model: Model, intervals: readonly Interval[], steps: number): ImpossiblePrefix {
  const byReturn = intervals
    .flatMap(({ end }, i) => (end === Infinity ? [] : [i]))
    .sort((a, b) => intervals[a]!.end - intervals[b]!.end);
  let longest: readonly number[] = [];
  let possible = -1;
  let impossible = byReturn.length - 1;
  while (impossible - possible > 1) {
    const middle = (possible + impossible) >> 1;
    const { found, order } = search(model, until(intervals, intervals[byReturn[middle]!]!.end), steps);
    if (found === 'none') impossible = middle;
    else {
      possible = middle;
      longest = order;
    }
  }
  const last = byReturn[impossible]!;
  return { last, intervals: until(intervals, intervals[last]!.end), longest };
}

function until(intervals: readonly Interval[], end: number): readonly Interval[] {
  return intervals
    .filter((interval) => interval.call < end)
    .map((interval) => (interval.end <= end ? interval : { ...interval, end: Infinity }));
}
