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
  /** Operations that cannot be explained, the smallest set that the checker can give; indexes of invocations in the history, rising. */
  readonly offending: readonly number[];
  /** Index of the first completion that no order explains, where the checker finds one. */
  readonly stoppedAt?: number;
  /** Key of the object that `offending`, `stoppedAt` and `longest` speak of, where the history has keys. */
  readonly key?: string;
  /** A linearization as long as any that was found (indexes of invocations), where the checker makes one. */
  readonly longest?: readonly number[];
  /** Steps spent, of the budget. */
  readonly steps: number;
}
