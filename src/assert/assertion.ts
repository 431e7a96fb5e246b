/** One statement about a lab, judged. Pure: measurements in, verdicts out. */
import type { Verdict } from '../verdict.ts';

/** `target` names the node, link, pair or store that it is about; `unit` belongs to `measured`. */
export interface Assertion {
  readonly name: string;
  readonly target: string;
  readonly measured: number | string | null;
  readonly unit: string;
  readonly verdict: Verdict;
  readonly why: string;
}

/** One thing found wrong, on its way to become an assertion. */
export interface Defect {
  readonly target: string;
  readonly why: string;
}

/**
 * What a whole lab is asked at once: one `pass` for all of it, or one `fail` for each target that is wrong, so that the target is named.
 * @param looked how many things were looked at; none at all is `unknown`, for nothing was shown
 */
export function judgeAll(
  name: string,
  lab: string,
  unit: string,
  looked: number,
  defects: readonly Defect[],
): readonly Assertion[] {
  if (looked === 0) {
    return [
      Object.freeze({
        name,
        target: lab,
        measured: 0,
        unit,
        verdict: 'unknown',
        why: `there was no ${unit} to look at`,
      }),
    ];
  }
  if (defects.length === 0) {
    return [
      Object.freeze({
        name,
        target: lab,
        measured: looked,
        unit,
        verdict: 'pass',
        why: `all ${looked} ${unit} are right`,
      }),
    ];
  }
  const byTarget = Map.groupBy(defects, ({ target }) => target);
  return [...byTarget].map(([target, all]) =>
    Object.freeze({
      name,
      target,
      measured: all.length,
      unit: `wrong ${unit}`,
      verdict: 'fail',
      why: summary(all.map(({ why }) => why)),
    }),
  );
}

/** A figure against its limit. Not measured is `unknown`. */
export function judgeLimit(
  name: string,
  target: string,
  unit: string,
  measured: number | null,
  limit: number,
): Assertion {
  if (measured === null) {
    return Object.freeze({
      name,
      target,
      measured,
      unit,
      verdict: 'unknown',
      why: `not measured; the limit is ${limit} ${unit}`,
    });
  }
  const verdict = measured <= limit ? 'pass' : 'fail';
  return Object.freeze({
    name,
    target,
    measured,
    unit,
    verdict,
    why: `${Math.round(measured)} ${unit}, limit ${limit} ${unit}`,
  });
}

/** The first few, and how many more. */
export function summary(lines: readonly string[], most = 3): string {
  const rest = lines.length - most;
  return lines.slice(0, most).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
