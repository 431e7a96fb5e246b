import { EXIT } from '../errors.ts';
import type { Verdict } from '../verdict.ts';

/** The exit status of a verdict. */
export function exitOf(verdict: Verdict): number {
  return EXIT[verdict];
}
