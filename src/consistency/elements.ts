/** What became of elements that clients added: the ground of judging sets and logs. */
import type { History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import { type Atom, atom } from './transactions/transaction.ts';

export interface Element {
  readonly value: Atom;
  /** The addition; the one that was acknowledged where there were several. */
  operation: Operation;
  /** Additions of the value that were acknowledged. */
  acknowledged: number;
  /** Additions of the value that did not fail for certain: so often it may stand in a read. */
  attempts: number;
  /** Of what a judge looked at: the latest read that shows the element, how often it does, and whether one that had ended before the final read did. */
  shownBy: number;
  times: number;
  seen: boolean;
}

export interface Elements {
  /** In the order of their first invocations. */
  readonly added: ReadonlyMap<Atom, Element>;
  /** Acknowledged reads by invocation. */
  readonly reads: readonly Operation[];
}

/** @param adds names of the functions that add, such as `add`; `read` reads. Other operations are left out. */
export function elementsOf(history: History, adds: readonly string[]): Elements {
  const added = new Map<Atom, Element>();
  const reads: Operation[] = [];
  for (const operation of pair(history)) {
    if (operation.f === 'read') {
      if (operation.outcome === 'ok') reads.push(operation);
    } else if (adds.includes(operation.f)) {
      const value = atom(operation.value);
      let element = added.get(value);
      if (element === undefined) {
        element = { value, operation, acknowledged: 0, attempts: 0, shownBy: -1, times: 0, seen: false };
        added.set(value, element);
      } else if (RANK[operation.outcome] > RANK[element.operation.outcome]) element.operation = operation;
      if (operation.outcome === 'ok') element.acknowledged++;
      if (operation.outcome !== 'fail') element.attempts++;
    }
  }
  return { added, reads };
}

const RANK = { ok: 2, info: 1, fail: 0 };

/** The elements that a read returned. */
export function elementsRead(read: Operation): readonly unknown[] {
  return Array.isArray(read.value) ? (read.value as readonly unknown[]) : [];
}

/** A few of many, in words. */
export function few(values: readonly unknown[]): string {
  const shown = values.slice(0, 5).map((value) => (typeof value === 'string' ? value : String(JSON.stringify(value))));
  return values.length > 5 ? `${shown.join(', ')} and ${values.length - 5} more` : shown.join(', ');
}
