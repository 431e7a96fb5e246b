/** Comments: a read that shows a later write but misses one that was complete before that write began (as Jepsen's test). */
import type { History } from '../history/operation.ts';
import { pair } from '../history/pair.ts';
import type { Checker, CheckResult } from './checker.ts';
import { type Atom, atom } from './transactions/transaction.ts';

/**
 * Judges `write` of a unique element and `read` of all elements: a violation of strict serializability that serializability allows.
 * Elements in a read whose writing the history does not hold are left out.
 * @param steps writes looked at before the checker gives up
 */
export function comments(steps = 100_000_000): Checker {
  return Object.freeze({
    name: 'comments',
    check(history: History): CheckResult {
      const operations = pair(history);
      const writes = operations.filter(({ f, outcome }) => f === 'write' && outcome !== 'fail');
      const invokedAt = new Map<Atom, number>(writes.map(({ value, invoked }) => [atom(value), invoked]));
      const completed = writes.filter(({ outcome }) => outcome === 'ok').sort((a, b) => a.returned! - b.returned!);
      const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
      let spent = 0;
      for (const read of reads) {
        const seen = new Set((Array.isArray(read.value) ? (read.value as readonly unknown[]) : []).map(atom));
        let latest: { value: Atom; invoked: number } | undefined;
        for (const value of seen) {
          const invoked = invokedAt.get(value);
          if (invoked !== undefined && invoked > (latest?.invoked ?? -1)) latest = { value, invoked };
        }
        spent += seen.size;
        for (const { value, returned, invoked } of completed) {
          if (latest === undefined || returned! > latest.invoked) break;
          spent++;
          if (seen.has(atom(value))) continue;
          return Object.freeze<CheckResult>({
            verdict: 'fail',
            why: `the read of event ${read.invoked} saw ${latest.value} but not ${JSON.stringify(value)}, though the write of ${JSON.stringify(value)} had returned (event ${returned}) when that of ${latest.value} was invoked (event ${latest.invoked})`,
            offending: [invoked, latest.invoked, read.invoked].sort((a, b) => a - b),
            steps: spent,
          });
        }
        if (spent > steps)
          return Object.freeze<CheckResult>({
            verdict: 'unknown',
            why: `the budget of ${steps} steps ran out`,
            offending: [],
            steps: spent,
          });
      }
      const why = `no one of ${reads.length} reads shows a write without those that were complete before it began`;
      return Object.freeze<CheckResult>({ verdict: 'pass', why, offending: [], steps: spent });
    },
  });
}
