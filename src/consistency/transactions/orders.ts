/** Orders that hold whatever the data say: of one process, and of real time. */
import { type EdgeList, PROCESS, REALTIME } from './graph.ts';
import type { Transaction } from './transaction.ts';

/** Each transaction of a process before its next one. Failed ones are passed over: they are no part of the order. */
export function addProcessOrder(transactions: readonly Transaction[], edges: EdgeList): void {
  const last = new Map<number, number>();
  for (const { id, operation } of transactions) {
    if (operation.outcome === 'fail') continue;
    const before = last.get(operation.process);
    if (before !== undefined) edges.add(before, id, PROCESS);
    last.set(operation.process, id);
  }
}

interface Event {
  readonly at: number;
  readonly id: number;
  readonly invoked: boolean;
}

/** Invocations and returns of transactions that did not fail, in their order; `id` is the place in the list. */
function eventsOf(transactions: readonly Transaction[]): readonly Event[] {
  const events: Event[] = [];
  for (const [id, { operation }] of transactions.entries()) {
    if (operation.outcome === 'fail') continue;
    events.push({ at: operation.invoked, id, invoked: true });
    if (operation.returned !== undefined) events.push({ at: operation.returned, id, invoked: false });
  }
  return events.sort((a, b) => a.at - b.at);
}

/**
 * The order of real time through nodes of its own, a chain of instants: a transaction leads to the instant at which it returned, an
 * instant to the next one and to the transactions invoked after it. Few edges, however many clients; enough to find components.
 * @returns the number of nodes with those added
 */
export function addInstants(transactions: readonly Transaction[], edges: EdgeList): number {
  let instant = transactions.length - 1;
  let returning = false;
  for (const { id, invoked } of eventsOf(transactions)) {
    if (invoked) {
      returning = false;
      if (instant >= transactions.length) edges.add(instant, id, REALTIME);
      continue;
    }
    if (!returning) {
      instant++;
      if (instant > transactions.length) edges.add(instant - 1, instant, REALTIME);
      returning = true;
    }
    edges.add(id, instant, REALTIME);
  }
  return instant + 1;
}

/**
 * Each transaction that returned before another was invoked comes before it; edges are between places in the list. One that
 * follows from two others is left out, so that there are about as many for each transaction as there are clients.
 */
export function addRealTimeOrder(transactions: readonly Transaction[], edges: EdgeList): void {
  /** Returned, and no other that returned was invoked after that. */
  let frontier: number[] = [];
  const before = new Map<number, readonly number[]>();
  const coveredBy = new Int32Array(transactions.length).fill(-1);
  for (const { id, invoked } of eventsOf(transactions)) {
    if (invoked) {
      before.set(id, frontier);
      for (const earlier of frontier) edges.add(earlier, id, REALTIME);
    } else {
      for (const earlier of before.get(id)!) coveredBy[earlier] = id;
      before.delete(id);
      frontier = frontier.filter((earlier) => coveredBy[earlier] !== id);
      frontier.push(id);
    }
  }
}
