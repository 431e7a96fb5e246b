/** Long forks: two reads that see two writes in opposite orders, which parallel snapshot isolation allows and snapshot isolation forbids. */
import type { History } from '../history/operation.ts';
import type { Operation } from '../history/pair.ts';
import type { Checker, CheckResult } from './checker.ts';
import { type Atom, atom, transactionsOf } from './transactions/transaction.ts';

export interface LongForkOptions {
  /** Keys that are read together: a read of another number is not judged. Default: any number. */
  readonly groupSize?: number;
  /** Keys compared before the checker gives up. Default 50,000,000. */
  readonly steps?: number;
}

interface Read {
  readonly operation: Operation;
  /** What it saw of the group's keys, in their order; null where it saw nothing. */
  readonly seen: readonly Atom[];
  readonly count: number;
}

/**
 * Judges transactions that read a group of keys at once, and transactions that write keys, each key once. Reads of one group must form
 * a chain: of two, one sees all that the other sees. A key that is read with two values is beyond this checker: `unknown`.
 */
export function longFork(options: LongForkOptions = {}): Checker {
  const { groupSize, steps = 50_000_000 } = options;
  return Object.freeze({
    name: 'long-fork',
    check(history: History): CheckResult {
      const groups = new Map<string, { readonly keys: readonly Atom[]; readonly reads: Read[] }>();
      const values = new Map<Atom, Atom>();
      let open: string | undefined;
      for (const { operation, micros } of transactionsOf(history, 'w')) {
        for (const { f, key, value } of micros) {
          if (f === 'r' && operation.outcome !== 'ok') continue;
          const now = atom(value);
          const known = values.get(key);
          if (known !== undefined && now !== null && known !== now)
            open ??= `key ${key} has two values, ${known} and ${now}`;
          if (now !== null) values.set(key, now);
        }
        if (operation.outcome !== 'ok' || micros.length < 2 || micros.some(({ f }) => f !== 'r')) continue;
        if (groupSize !== undefined && micros.length !== groupSize) continue;
        const sorted = micros.toSorted((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
        const keys = sorted.map(({ key }) => key);
        const seen = sorted.map(({ value }) => atom(value));
        const name = JSON.stringify(keys.map(String));
        const group = groups.get(name) ?? { keys, reads: [] };
        groups.set(name, group);
        group.reads.push({ operation, seen, count: seen.filter((value) => value !== null).length });
      }
      let spent = 0;
      let reads = 0;
      for (const { keys, reads: list } of groups.values()) {
        reads += list.length;
        const chain = list.toSorted((a, b) => a.count - b.count);
        for (let i = 1; i < chain.length; i++) {
          spent += keys.length;
          const [less, more] = [chain[i - 1]!, chain[i]!];
          const at = less.seen.findIndex((value, k) => value !== null && more.seen[k] === null);
          if (at === -1) continue;
          const other = more.seen.findIndex((value, k) => value !== null && less.seen[k] === null);
          const [a, b] = [less.operation, more.operation];
          return Object.freeze<CheckResult>({
            verdict: 'fail',
            why: `a long fork: the read of event ${a.invoked} saw the write of key ${keys[at]} and not that of ${keys[other]}, the read of event ${b.invoked} saw ${keys[other]} and not ${keys[at]}`,
            offending: [a.invoked, b.invoked].sort((x, y) => x - y),
            steps: spent,
          });
        }
        if (spent > steps) open ??= `the budget of ${steps} steps ran out`;
      }
      const verdict = open === undefined ? 'pass' : 'unknown';
      const why = open ?? `${reads} reads of ${groups.size} groups agree on the order of writes`;
      return Object.freeze<CheckResult>({ verdict, why, offending: [], steps: spent });
    },
  });
}
