/** The smallest part of a history that shows why no linearization exists. */
import type { Model } from './model.ts';
import { search } from './search.ts';
import type { Interval } from './timeline.ts';

/** Tries are bounded twice: by what one may cost and by their number. */
const STEPS_EACH = 50_000;
const TRIES = 400;

/**
 * Operations that together have no explanation, whatever all others did. An operation is set aside by opening its end: it may
 * then take effect at any later time or never, which allows every order that was allowed before and more. So if the rest
 * still cannot be explained, it does not need that operation to be wrong. No operation of the result can be set aside as well
 * (delta debugging: Zeller and Hildebrandt, 2002), unless the tries ran out.
 * @param last the operation at whose return the search stopped: what returned later has no part in it
 * @returns indexes of intervals, rising
 */
export function offending(model: Model, intervals: readonly Interval[], last: number): readonly number[] {
  const limit = intervals[last]!.end;
  const prefix = intervals.flatMap((interval, i) => (interval.call < limit ? [i] : []));
  let tries = TRIES;

  const impossible = (kept: readonly number[]): boolean => {
    if (tries-- <= 0) return false;
    const definite = new Set(kept);
    const opened = prefix.map((i) => (definite.has(i) ? intervals[i]! : { ...intervals[i]!, end: Infinity }));
    return search(model, opened, STEPS_EACH).found === 'none';
  };

  // Those that returned last come first: what is wrong is seldom far from where it shows.
  const byReturn = prefix.filter((i) => intervals[i]!.end <= limit).sort((a, b) => intervals[b]!.end - intervals[a]!.end);
  let kept = byReturn;
  for (let size = 1; size < byReturn.length; size *= 2) {
    const few = byReturn.slice(0, size);
    if (impossible(few)) {
      kept = few;
      break;
    }
  }
  for (let chunk = Math.ceil(kept.length / 2); ; chunk = Math.ceil(chunk / 2)) {
    for (let at = kept.length; at > 0; at -= chunk) {
      const fewer = [...kept.slice(0, Math.max(0, at - chunk)), ...kept.slice(at)];
      if (fewer.length > 0 && impossible(fewer)) kept = fewer;
    }
    if (chunk === 1) break;
  }
  return [...kept].sort((a, b) => a - b);
}
