/** `pass`, `fail` or `unknown`: never a guess. */
export type Verdict = 'pass' | 'fail' | 'unknown';

/** The worst part decides: `fail` over `unknown` over `pass`. No part at all is `unknown`: nothing was shown. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict | undefined;
  for (const verdict of verdicts) {
    if (verdict === 'fail') return 'fail';
    if (verdict === 'unknown' || result === undefined) result = verdict;
  }
  return result ?? 'unknown';
}
