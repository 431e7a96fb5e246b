/** Transactions over lists: what was acknowledged as appended must stand in the last read of its list. */
import type { History } from '../history/operation.ts';
import { pair } from '../history/pair.ts';
import type { CheckResult } from './checker.ts';
import type { CheckerOf } from './checker-of.ts';
import { few } from './elements.ts';

export interface AppendsResult extends CheckResult {
  /** Appends of transactions that a client was told were committed. */
  readonly acknowledged: number;
  readonly lost: number;
}

interface Append {
  readonly element: unknown;
  readonly invoked: number;
  readonly returned: number;
}

type Step = readonly [f: string, key: unknown, value: unknown];

/**
 * A list's **final read** is the last acknowledged one that began after every acknowledged append to the list had returned; without one nobody
 * knows, and that is `unknown`. Isolation is for `listAppend` to judge: it finds a lost append as a cycle, and says how, not that it is gone.
 */
export function appendsKept(): CheckerOf<AppendsResult> {
  return Object.freeze({
    name: 'appends kept',
    check(history: History): AppendsResult {
      const appends = new Map<unknown, Append[]>();
      const reads = new Map<unknown, { readonly invoked: number; readonly list: readonly unknown[] }>();
      let acknowledged = 0;
      for (const { f, outcome, value, invoked, returned } of pair(history)) {
        if (f !== 'txn' || outcome !== 'ok') continue;
        for (const [step, key, what] of value as readonly Step[]) {
          if (step === 'append') {
            acknowledged++;
            const list = appends.get(key) ?? [];
            appends.set(key, list);
            list.push({ element: what, invoked, returned: returned! });
          } else if (step === 'r') reads.set(key, { invoked, list: (what as readonly unknown[] | null) ?? [] });
        }
      }
      const lost: { readonly words: string; readonly invoked: number }[] = [];
      let unread = 0;
      for (const [key, all] of appends) {
        const final = reads.get(key);
        if (final === undefined || all.some(({ returned }) => returned > final.invoked)) {
          unread++;
          continue;
        }
        const there = new Set(final.list);
        for (const { element, invoked } of all)
          if (!there.has(element)) lost.push({ words: `${element} of list ${key}`, invoked });
      }
      const which = lost.length === 0 ? '' : ` (${few(lost.map(({ words }) => words))})`;
      const open = unread === 0 ? '' : `; nobody knows the end of ${unread} of ${appends.size} lists`;
      return Object.freeze({
        verdict: lost.length > 0 ? 'fail' : unread > 0 || acknowledged === 0 ? 'unknown' : 'pass',
        why: `${acknowledged} appends acknowledged, ${lost.length} lost${which}${open}`,
        offending: [...new Set(lost.map(({ invoked }) => invoked))].sort((a, b) => a - b),
        steps: acknowledged,
        acknowledged,
        lost: lost.length,
      });
    },
  });
}
