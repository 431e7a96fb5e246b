/** What became of elements that clients added: the ground of judging sets and logs. */
import type { History, Outcome } from '../history/operation.ts';
import { pair } from '../history/pair.ts';
import { AtomIndex } from './atom-index.ts';
import { type Atom, atom } from './transactions/transaction.ts';

/** One element, filled in as the history goes on: a million of them are judged within a second, so there is one object for each. */
export interface Element {
  readonly value: Atom;
  /** Index of the first invocation of an addition that did not fail. */
  invoked: number;
  /** Index of the first acknowledgement; Infinity where there is none. */
  returned: number;
  /** The best that any of its additions came to. */
  outcome: Outcome;
  /** Additions of the value that were acknowledged. */
  acknowledged: number;
  /** Additions of the value that did not fail for certain: so often it may stand in a read. */
  attempts: number;
  /** Of what a judge looked at: the latest read that shows the element, how often it does, and whether one that had ended before the final read did. */
  shownBy: number;
  times: number;
  seen: boolean;
}

/** An acknowledged read of everything. */
export interface WholeRead {
  readonly invoked: number;
  readonly returned: number;
  readonly elements: readonly unknown[];
}

export interface Elements {
  /** In the order of their first invocations. */
  readonly added: readonly Element[];
  find(value: unknown): Element | undefined;
  /** Indexes of the first acknowledgements of elements, rising. */
  readonly acknowledgements: readonly number[];
  /** By invocation. */
  readonly reads: readonly WholeRead[];
}

/**
 * @param adds names of the functions that add, such as `add`; `read` reads. Other operations are left out.
 * @throws InputError as `pair` does
 */
export function elementsOf(history: History, adds: readonly string[]): Elements {
  const index = new AtomIndex();
  const added: Element[] = [];
  const acknowledgements: number[] = [];
  const reads: WholeRead[] = [];
  /** By process: the element that it is adding, or when it began to read. */
  const open = new Map<number, Element | number>();
  for (let at = 0; at < history.length; at++) {
    const { type, process, f, value } = history[at]!;
    const reading = f === 'read';
    if (!reading && !adds.includes(f)) continue;
    if (type === 'invoke') {
      // What is wrong with the history, pairing tells exactly.
      if (open.has(process)) pair(history);
      open.set(process, reading ? at : invoke(index, added, atom(value), at));
      continue;
    }
    const begun = open.get(process);
    if (begun === undefined || (typeof begun === 'number') !== reading) pair(history);
    if (type !== 'info') open.delete(process);
    if (typeof begun === 'number') {
      if (type === 'ok') reads.push({ invoked: begun, returned: at, elements: Array.isArray(value) ? value : [] });
    } else if (begun !== undefined && complete(begun, type, at)) acknowledgements.push(at);
  }
  return {
    added,
    find: (value) => added[index.get(atom(value))],
    acknowledgements,
    reads: reads.sort((a, b) => a.invoked - b.invoked),
  };
}

function invoke(index: AtomIndex, added: Element[], value: Atom, at: number): Element {
  const number = index.add(value);
  const before = added[number];
  if (before === undefined) {
    const element: Element = {
      value,
      invoked: at,
      returned: Infinity,
      outcome: 'info',
      acknowledged: 0,
      attempts: 1,
      shownBy: -1,
      times: 0,
      seen: false,
    };
    added.push(element);
    return element;
  }
  if (before.attempts++ === 0) {
    before.invoked = at;
    before.outcome = 'info';
  }
  return before;
}

/** Whether it is the first acknowledgement of the element. */
function complete(element: Element, type: Outcome, at: number): boolean {
  if (type === 'fail' && --element.attempts === 0) element.outcome = 'fail';
  if (type !== 'ok' || element.acknowledged++ > 0) return false;
  element.outcome = 'ok';
  element.returned = at;
  return true;
}

/** A few of many, in words. */
export function few(values: readonly unknown[]): string {
  const shown = values.slice(0, 5).map((value) => (typeof value === 'string' ? value : String(JSON.stringify(value))));
  return values.length > 5 ? `${shown.join(', ')} and ${values.length - 5} more` : shown.join(', ');
}
