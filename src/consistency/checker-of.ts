/** A checker that tells more than a verdict. */
import type { History } from '../history/operation.ts';
import type { Checker, CheckResult } from './checker.ts';

export interface CheckerOf<R extends CheckResult> extends Checker {
  check(history: History): R;
}
