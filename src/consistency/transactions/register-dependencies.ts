/** Dependencies between transactions over registers, as far as values and initial states show them. */
import { type EdgeList, RW, WR } from './graph.ts';
import { committedWrite, type RegisterKey } from './register-keys.ts';
import { type Atom, committed, nameOf, type Transaction } from './transaction.ts';

/** No more edges than this in all, some 300 MB: those from readers of the initial state to writers are readers times writers. */
const MOST = 20_000_000;

/**
 * Adds to a graph:
 * - wr: a read returns the value that a transaction wrote last.
 * - rw: two transactions read the same version and one of them then wrote the key (writes follow reads), or one read the initial
 *   state and the other wrote the key.
 *
 * Where a transaction overwrites what it read there is a ww edge too, but beside the wr edge it says nothing new, and a cycle of
 * such edges is circular information flow (G1c) for certain, a dirty write (G0) only by assumption: it is left out.
 */
export function addRegisterDependencies(
  keys: readonly RegisterKey[],
  transactions: readonly Transaction[],
  edges: EdgeList,
): { step(from: number, to: number, kind: number): string; readonly left: number } {
  let left = 0;
  for (const at of keys) {
    const readers = new Map<Atom, number[]>();
    const observed = new Set<number>();
    for (const { id, value } of at.reads) {
      const list = readers.get(value);
      if (list === undefined) readers.set(value, [id]);
      else list.push(id);
      const write = value === null ? undefined : committedWrite(at, value, transactions);
      if (write === undefined) continue;
      observed.add(write.id);
      if (write.last) edges.add(write.id, id, WR);
    }
    const updated = new Map<Atom, number[]>();
    for (const { id, value } of at.updates) {
      const list = updated.get(value);
      if (list === undefined) updated.set(value, [id]);
      else list.push(id);
    }
    const first = readers.get(null);
    // Who read another transaction's value before writing comes after that one anyway.
    const chained = new Set(at.updates.filter(({ value }) => value !== null).map(({ id }) => id));
    const writers = new Set<number>();
    if (first !== undefined)
      for (const { id } of at.writes.values())
        if ((committed(transactions[id]!) || observed.has(id)) && !chained.has(id)) writers.add(id);
    left += connect(first ?? [], writers, edges);
    for (const [value, list] of updated) {
      const write = value === null ? undefined : committedWrite(at, value, transactions);
      if (write?.last) left += connect(readers.get(value) ?? [], new Set(list), edges);
    }
  }
  const byKey = new Map(keys.map((at) => [at.key, at]));
  return { step: (from, to, kind) => inWords(byKey, transactions, from, to, kind), left };
}

/** An rw edge from each reader to each writer; gives the number of those left out. */
function connect(readers: readonly number[], writers: ReadonlySet<number>, edges: EdgeList): number {
  if (edges.length + readers.length * writers.size > MOST) return readers.length * writers.size;
  for (const reader of readers) for (const writer of writers) edges.add(reader, writer, RW);
  return 0;
}

function inWords(
  keys: ReadonlyMap<Atom, RegisterKey>,
  transactions: readonly Transaction[],
  from: number,
  to: number,
  kind: number,
): string {
  const [a, b] = [nameOf(from), nameOf(to)];
  for (const key of new Set(transactions[from]!.micros.map((micro) => micro.key))) {
    const at = keys.get(key)!;
    const written = [...transactions[to]!.micros].reverse().find((micro) => micro.f === 'w' && micro.key === key);
    for (const { id, value } of at.reads) {
      if (kind === WR && id === to && value !== null && at.writes.get(value)?.id === from)
        return `${a} wrote ${value} to ${key} and ${b} observed it, because it read ${value}`;
      if (kind !== RW || id !== from || written === undefined) continue;
      if (value === null)
        return `${a} did not observe ${written.value}, which ${b} wrote to ${key}, because it read nothing yet (nil)`;
      if (at.updates.some((update) => update.id === to && update.value === value))
        return `${a} did not observe ${written.value}, with which ${b} overwrote ${value} in ${key}, because it read ${value}`;
    }
  }
  throw new Error(`no dependency of kind ${kind} from ${a} to ${b}`);
}
