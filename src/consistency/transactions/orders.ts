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

/**
 * Each transaction that returned before another was invoked comes before it. Only as many edges as are needed: one that follows from
 * two others is left out, so that there are about as many for each transaction as there are clients.
 */
export function addRealTimeOrder(transactions: readonly Transaction[], edges: EdgeList): void {
  const events: { readonly at: number; readonly id: number; readonly invoked: boolean }[] = [];
  for (const { id, operation } of transactions) {
    if (operation.outcome === 'fail') continue;
    events.push({ at: operation.invoked, id, invoked: true });
    if (operation.returned !== undefined) events.push({ at: operation.returned, id, invoked: false });
  }
  events.sort((a, b) => a.at - b.at);
  /** Returned, and no other that returned was invoked after that. */
  let frontier: number[] = [];
  const before = new Map<number, readonly number[]>();
  const coveredBy = new Int32Array(transactions.length).fill(-1);
  for (const { id, invoked } of events) {
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
