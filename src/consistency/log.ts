/** A log that clients append to: durable as a set, and in one order. */
import type { History } from '../history/operation.ts';
import type { CheckerOf } from './checker-of.ts';
import { type Elements, elementsOf, few } from './elements.ts';
import { type DurabilityResult, judgeElements, type SetOptions } from './set.ts';
import { type Atom, atom } from './transactions/transaction.ts';

export interface LogResult extends DurabilityResult {
  /** Elements that stand after one that was appended only when they had been acknowledged already. */
  readonly misordered: number;
  /** Reads that neither begin the longest one nor are begun by it. */
  readonly diverged: number;
}

/**
 * Judges `append` of an element and `read` of the whole log. Beside what holds for sets, every read must begin the longest
 * one, and an element that was acknowledged before another was appended must stand before it.
 */
export function log(options: SetOptions = {}): CheckerOf<LogResult> {
  const { linearizable = false, steps = 100_000_000 } = options;
  return Object.freeze({
    name: 'log',
    check(history: History): LogResult {
      const elements = elementsOf(history, ['append', 'add']);
      const durable = judgeElements(elements, linearizable, steps);
      if (durable.steps > steps) return Object.freeze({ ...durable, misordered: 0, diverged: 0 });
      const longest = elements.reads.reduce<readonly unknown[]>((best, read) => {
        return read.elements.length > best.length ? read.elements : best;
      }, []);
      const late = misordered(elements, longest);
      const diverged = elements.reads.filter((read) => !begins(read.elements, longest));
      if (late.length + diverged.length === 0) return Object.freeze({ ...durable, misordered: 0, diverged: 0 });
      const offending = new Set([
        ...durable.offending,
        ...late.map(({ invoked }) => invoked),
        ...diverged.map(({ invoked }) => invoked),
      ]);
      const why = [
        ...(late.length > 0 ? [`${late.length} out of order (${few(late.map(({ value }) => value))})`] : []),
        ...(diverged.length > 0 ? [`${diverged.length} reads that do not begin the longest one`] : []),
        durable.why,
      ];
      return Object.freeze({
        ...durable,
        verdict: 'fail',
        why: why.join(', '),
        offending: [...offending].sort((a, b) => a - b),
        misordered: late.length,
        diverged: diverged.length,
      });
    },
  });
}

/** Elements acknowledged before another was appended that stands before them. */
function misordered(
  { find }: Elements,
  order: readonly unknown[],
): readonly { readonly value: Atom; readonly invoked: number }[] {
  const late: { value: Atom; invoked: number }[] = [];
  let newest = -1;
  for (const raw of order) {
    const element = find(raw);
    if (element === undefined) continue;
    if (element.returned < newest) late.push({ value: element.value, invoked: element.invoked });
    newest = Math.max(newest, element.invoked);
  }
  return late;
}

function begins(list: readonly unknown[], longest: readonly unknown[]): boolean {
  return list.every((element, i) => atom(element) === atom(longest[i]));
}
