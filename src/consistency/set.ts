/** A set that clients add to: what was acknowledged must be read at the end. */
import type { History } from '../history/operation.ts';
import type { Verdict } from '../verdict.ts';
import type { CheckResult } from './checker.ts';
import type { CheckerOf } from './checker-of.ts';
import { type Elements, elementsOf, few, type WholeRead } from './elements.ts';
import { type Atom, atom } from './transactions/transaction.ts';

export interface DurabilityResult extends CheckResult {
  /** Additions that a client was told had happened. */
  readonly acknowledged: number;
  /** Elements that were acknowledged, or read at some time, and that the final read lacks. */
  readonly lost: number;
  /** Elements that one read returned more than once. */
  readonly duplicated: number;
  /** Elements read that nobody added, or whose addition had failed for certain. */
  readonly phantom: number;
  /** Additions of which nobody knows whether they happened. */
  readonly unknown: number;
  /** Elements that a read lacked though they had been acknowledged before it began. Lost ones count too. */
  readonly stale: number;
}

export interface SetOptions {
  /** Every read must show all that was acknowledged before it began; else only the last one must. Default false. */
  readonly linearizable?: boolean;
  /** Elements looked at before the checker gives up. Default 100,000,000. */
  readonly steps?: number;
}

interface Tally {
  readonly lost: Atom[];
  readonly duplicated: Set<Atom>;
  readonly phantom: Set<Atom>;
  readonly stale: Set<Atom>;
  readonly offending: Set<number>;
  steps: number;
}

/**
 * Judges `add` of an element and `read` of all elements. The **final read** is the last acknowledged one that began after every
 * acknowledged addition had returned; without one the verdict is `unknown`, unless a read shows something wrong by itself.
 */
export function set(options: SetOptions = {}): CheckerOf<DurabilityResult> {
  const { linearizable = false, steps = 100_000_000 } = options;
  return Object.freeze({
    name: 'set',
    check(history: History): DurabilityResult {
      const elements = elementsOf(history, ['add']);
      return judgeElements(elements, linearizable, steps);
    },
  });
}

/** The verdict on elements, whatever their order. */
export function judgeElements(elements: Elements, linearizable: boolean, steps: number): DurabilityResult {
  const { added, acknowledgements, reads } = elements;
  const tally: Tally = {
    lost: [],
    duplicated: new Set(),
    phantom: new Set(),
    stale: new Set(),
    offending: new Set(),
    steps: added.length,
  };
  let acknowledged = 0;
  let unknown = 0;
  for (const element of added) {
    acknowledged += element.acknowledged;
    unknown += element.attempts - element.acknowledged;
  }
  const lastReturn = acknowledgements.at(-1) ?? -1;
  const final = reads.findLast(({ invoked }) => invoked > lastReturn);
  for (const [round, read] of reads.entries()) {
    tally.steps += read.elements.length;
    if (tally.steps > steps) break;
    look(read, round, elements, final, tally);
  }
  const counts = {
    acknowledged,
    lost: tally.lost.length,
    duplicated: tally.duplicated.size,
    phantom: tally.phantom.size,
    unknown,
    stale: tally.stale.size,
  };
  const wrong = counts.lost + counts.duplicated + counts.phantom + (linearizable ? counts.stale : 0) > 0;
  const open =
    tally.steps > steps
      ? `the budget of ${steps} steps ran out`
      : acknowledged === 0
        ? 'nothing was acknowledged'
        : final === undefined
          ? 'no read began after the last acknowledged addition'
          : undefined;
  const verdict: Verdict = wrong ? 'fail' : open !== undefined ? 'unknown' : 'pass';
  return Object.freeze({
    verdict,
    why: inWords(tally, counts, open),
    offending: sorted(tally.offending),
    steps: tally.steps,
    ...counts,
  });
}

/** Judges one read. */
function look(
  read: WholeRead,
  round: number,
  { added, find, acknowledgements }: Elements,
  final: WholeRead | undefined,
  tally: Tally,
): void {
  const { invoked, returned } = read;
  const settled = final !== undefined && returned < final.invoked;
  const strangers = new Set<Atom>();
  let old = 0;
  for (const raw of read.elements) {
    const element = find(raw);
    if (element === undefined) {
      const value = atom(raw);
      if (strangers.has(value)) tally.duplicated.add(value);
      strangers.add(value);
      tally.phantom.add(value);
      tally.offending.add(invoked);
      continue;
    }
    element.times = element.shownBy === round ? element.times + 1 : 1;
    element.shownBy = round;
    if (settled) element.seen = true;
    if (element.times > 1) {
      if (element.times <= element.attempts) continue;
      tally.duplicated.add(element.value);
      tally.offending.add(invoked);
    } else if (element.outcome === 'fail' || element.invoked > returned) {
      tally.phantom.add(element.value);
      tally.offending.add(invoked).add(element.invoked);
    } else if (element.returned < invoked) old++;
  }
  if (old === countBelow(acknowledgements, invoked) && read !== final) return;
  tally.steps += added.length;
  for (const { value, outcome, invoked: addedAt, returned: acknowledgedAt, shownBy, seen } of added) {
    if (shownBy === round || outcome === 'fail') continue;
    const due = acknowledgedAt < invoked;
    if (due) tally.stale.add(value);
    if (read !== final || !(due || seen)) continue;
    tally.lost.push(value);
    tally.offending.add(addedAt);
  }
}

/** How many of rising numbers are below a limit. */
function countBelow(rising: readonly number[], limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Counts = Pick<DurabilityResult, 'acknowledged' | 'lost' | 'duplicated' | 'phantom' | 'unknown' | 'stale'>;

function inWords(tally: Tally, counts: Counts, open: string | undefined): string {
  const { acknowledged, lost, duplicated, phantom, unknown, stale } = counts;
  const name = (values: readonly Atom[]): string => (values.length === 0 ? '' : ` (${few(values)})`);
  const parts = [
    `${acknowledged} acknowledged`,
    `${lost} lost${name(tally.lost)}`,
    `${duplicated} duplicated${name([...tally.duplicated])}`,
    `${phantom} phantom${name([...tally.phantom])}`,
    `${unknown} unknown`,
    ...(stale > lost ? [`${stale} missing from a read though acknowledged before it`] : []),
    ...(open === undefined ? [] : [open]),
  ];
  return parts.join(', ');
}

function sorted(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}
