/** The smallest part of a history that shows why no linearization exists. */
import { type Model, same } from './model.ts';
import { search } from './search.ts';
import type { Interval } from './timeline.ts';

/** Tries are bounded twice: by what one may cost and by their number. */
const STEPS_EACH = 50_000;
const TRIES = 300;
/** Intervals looked at in all tries together: bounds the time on long histories. */
const WORK = 600_000;

/**
 * Operations that together have no explanation, whatever all others did. An operation is set aside by opening its end: it may
 * then take effect at any later time or never, which allows every order that was allowed before and more. So if the rest
 * still cannot be explained, it does not need that operation to be wrong. No operation of the result can be set aside as well
 * (delta debugging: Zeller and Hildebrandt, 2002), unless the tries ran out.
 * @param intervals without a linearization
 * @returns indexes of intervals, rising
 */
export function offending(model: Model, intervals: readonly Interval[]): readonly number[] {
  let tries = Math.min(TRIES, Math.ceil(WORK / intervals.length));

  const impossible = (kept: readonly number[]): boolean => {
    if (tries-- <= 0) return false;
    const definite = new Set(kept);
    const opened = intervals.map((interval, i) => (definite.has(i) ? interval : { ...interval, end: Infinity }));
    return search(model, opened, STEPS_EACH).found === 'none';
  };

  const byReturn = intervals
    .flatMap(({ end }, i) => (end === Infinity ? [] : [i]))
    .sort((a, b) => intervals[b]!.end - intervals[a]!.end);
  const makers = makersFor(model, intervals, byReturn);
  let kept: readonly number[] = byReturn;
  // Those that returned last come first: what is wrong is seldom far from where it shows, but for who made what is seen there.
  for (let size = 1; size < byReturn.length; size *= 2) {
    const few = byReturn.filter((i, place) => place < size || makers.has(i));
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

/** Operations that make the state which the last one needs. */
function makersFor(model: Model, intervals: readonly Interval[], byReturn: readonly number[]): ReadonlySet<number> {
  const needed = model.needs?.(intervals[byReturn[0]!]!);
  if (needed === undefined) return new Set();
  return new Set(byReturn.filter((i) => !model.observes(intervals[i]!) && same(model.makes?.(intervals[i]!), needed)));
}
