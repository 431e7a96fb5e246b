// Whether a weak isolation level showed in transactions over lists, by two plain looks at the history: no graph, no checker.
import { type History, pair } from '../../../src/history/index.ts';

type Step = readonly [f: string, key: number, value: unknown];

function transactions(history: History): readonly { readonly outcome: string; readonly steps: readonly Step[] }[] {
  const txns = history.filter(({ f }) => f === 'txn');
  return pair(txns).map(({ outcome, value }) => ({ outcome, steps: value as readonly Step[] }));
}

function reads(history: History): readonly { readonly key: number; readonly list: readonly number[] }[] {
  return transactions(history).flatMap(({ outcome, steps }) =>
    outcome !== 'ok' ? [] : steps.flatMap(([f, key, value]) => (f === 'r' ? [{ key, list: value as number[] }] : [])),
  );
}

/** Elements whose append was acknowledged. */
export function appended(history: History): readonly number[] {
  const done = transactions(history).filter(({ outcome }) => outcome === 'ok');
  return done.flatMap(({ steps }) => steps.flatMap(([f, , value]) => (f === 'append' ? [value as number] : [])));
}

/** Elements that a committed transaction read although their own was rolled back. */
export function readOfRolledBack(history: History): number {
  const failed = transactions(history).filter(({ outcome }) => outcome === 'fail');
  const gone = new Set(failed.flatMap(({ steps }) => steps.flatMap(([f, , value]) => (f === 'append' ? [value] : []))));
  return reads(history).flatMap(({ list }) => list.filter((element) => gone.has(element))).length;
}

/** Transactions that read a list and then appended to it, where others came to stand between what they read and what they appended. */
export function beyondItsRead(history: History): number {
  const longest = new Map<number, readonly number[]>();
  for (const { key, list } of reads(history)) {
    if (list.length > (longest.get(key)?.length ?? 0)) longest.set(key, list);
  }
  const found = transactions(history).filter(({ outcome, steps }) => {
    if (outcome !== 'ok') return false;
    const touched = new Map<number, number>();
    for (const [f, key, value] of steps) {
      if (f === 'r') {
        if (!touched.has(key)) touched.set(key, (value as number[]).length);
      } else if (touched.has(key)) {
        const place = longest.get(key)?.indexOf(value as number) ?? -1;
        if (place > touched.get(key)!) return true;
        touched.set(key, Infinity);
      } else touched.set(key, Infinity);
    }
    return false;
  });
  return found.length;
}
