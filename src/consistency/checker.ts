/** A checker judges a history. */
import type { History } from '../history/operation.ts';
import type { Verdict } from '../verdict.ts';

export interface Checker {
  readonly name: string;
  check(history: History): CheckResult;
}

export interface CheckResult {
  readonly verdict: Verdict;
  /** One sentence, for people. */
  readonly why: string;
  /** Operations that cannot be explained, the smallest set that the checker can give; indexes into the history. */
  readonly offending: readonly number[];
  /** A linearization as long as any that was found (indexes of invocations), where the checker makes one. */
  readonly longest?: readonly number[];
  /** Steps spent, of the budget. */
  readonly steps: number;
}
