/** A counter: every read lies between what must have been added and what may have been. */
import type { History } from '../history/operation.ts';
import { pair } from '../history/pair.ts';
import type { CheckResult } from './checker.ts';
import type { CheckerOf } from './checker-of.ts';

export interface CounterResult extends CheckResult {
  readonly reads: number;
  /** Sum of acknowledged additions. */
  readonly acknowledged: number;
  /** Sums of the additions of unknown end that take away, and of those that add: the final value may differ by any part of them. */
  readonly unknown: readonly [number, number];
}

/**
 * Judges `add` of a number, which may be negative, and `read` of the sum. A read that took from one instant to another must show at
 * least all that was acknowledged before it began and all that may have been taken away by its end, and at most the other way round.
 * @param initial what the counter holds at first
 */
export function counter(initial = 0): CheckerOf<CounterResult> {
  return Object.freeze({
    name: 'counter',
    check(history: History): CounterResult {
      const operations = pair(history);
      const ends = operations
        .filter(({ f, outcome }) => f === 'add' && outcome === 'ok')
        .sort((a, b) => a.returned! - b.returned!);
      const starts = operations.filter(({ f, outcome }) => f === 'add' && outcome !== 'fail');
      const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
      // What a read must show is known at its invocation, what it may show at its return.
      const certain = sums(ends.map(({ returned, value }) => [returned!, Number(value)]));
      const possible = sums(starts.map(({ invoked, value }) => [invoked, Number(value)]));
      const offending: number[] = [];
      let first: string | undefined;
      for (const { invoked, returned, value, process } of reads) {
        const before = certain(invoked);
        const until = possible(returned!);
        // Certain additions count fully; of the others, those that take away lower the bound and those that add raise it.
        const least = initial + before.plus + until.minus;
        const most = initial + until.plus + before.minus;
        if (typeof value === 'number' && value >= least && value <= most) continue;
        offending.push(invoked);
        first ??= `a read by process ${process} (event ${invoked}) shows ${JSON.stringify(value)}, which is not between ${least} and ${most}`;
      }
      const all = certain(Infinity);
      const may = possible(Infinity);
      const counts = {
        reads: reads.length,
        acknowledged: all.plus + all.minus,
        unknown: [may.minus - all.minus, may.plus - all.plus] as const,
        steps: operations.length,
      };
      if (first !== undefined) {
        const many = offending.length > 1 ? `${offending.length} of ${reads.length} reads are wrong; ` : '';
        return Object.freeze({ verdict: 'fail', why: `${many}${first}`, offending, ...counts });
      }
      const why = `all ${reads.length} reads lie within their bounds`;
      return Object.freeze({ verdict: 'pass', why, offending, ...counts });
    },
  });
}

interface Sums {
  readonly plus: number;
  readonly minus: number;
}

/** Sums of what comes before an instant, of additions in the order of their instants. */
function sums(additions: readonly (readonly [at: number, amount: number])[]): (before: number) => Sums {
  const running: Sums[] = [{ plus: 0, minus: 0 }];
  for (const [, amount] of additions) {
    const { plus, minus } = running.at(-1)!;
    running.push({ plus: plus + Math.max(0, amount), minus: minus + Math.min(0, amount) });
  }
  return (before) => {
    let [low, high] = [0, additions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (additions[middle]![0] < before) low = middle + 1;
      else high = middle;
    }
    return running[low]!;
  };
}
