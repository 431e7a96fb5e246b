/** The definition of serializability, tried out: every order of every choice of transactions of unknown end. For a few transactions only. */
import type { History } from '../../../src/history/operation.ts';
import { type Operation, pair } from '../../../src/history/pair.ts';

type Micro = readonly [f: string, key: string, value: unknown];

/** @param realtime only orders that keep real time count */
export function isSerializable(history: History, realtime: boolean): boolean {
  const operations = pair(history).filter(({ outcome }) => outcome !== 'fail');
  const place = (left: readonly Operation[], store: ReadonlyMap<string, unknown>): boolean => {
    if (left.every(({ outcome }) => outcome === 'info')) return true;
    return left.some((operation) => {
      if (realtime && left.some(({ returned }) => (returned ?? Infinity) < operation.invoked)) return false;
      const next = run(operation, store);
      return (
        next !== undefined &&
        place(
          left.filter((other) => other !== operation),
          next,
        )
      );
    });
  };
  return place(operations, new Map());
}

/** The store after a transaction, undefined where its reads cannot be. */
function run(
  { value, outcome }: Operation,
  store: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> | undefined {
  const after = new Map(store);
  for (const [f, key, given] of value as readonly Micro[]) {
    const now = after.get(key) ?? null;
    if (f === 'append') after.set(key, [...((now ?? []) as unknown[]), given]);
    else if (f === 'w') after.set(key, given);
    else if (outcome === 'ok') {
      const same = Array.isArray(given) || Array.isArray(now) ? [now ?? [], given ?? []] : [now, given];
      if (JSON.stringify(same[0]) !== JSON.stringify(same[1])) return undefined;
    }
  }
  return after;
}
