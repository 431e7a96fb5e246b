/** Dependencies between transactions over lists, inferred from the orders of versions (Kingsbury and Alvaro 2020, section 4). */
import { type EdgeList, RW, WR, WW } from './graph.ts';
import { type Append, type ListKey, writerOf } from './list-keys.ts';
import { type Atom, committed, listInWords, nameOf, type Transaction } from './transaction.ts';

/** A key's order of versions: the elements that were committed, and what was acknowledged but never read and so comes after them all. */
interface Versions {
  readonly at: ListKey;
  readonly order: readonly Append[];
  /** Number of committed elements among the first n of the longest read. */
  readonly committed: Int32Array;
  readonly unseen: readonly Append[];
}

export interface ListDependencies {
  /** What an edge stands for, in words. */
  step(from: number, to: number, kind: number): string;
  /** Edges that were left out because there would have been too many. */
  readonly left: number;
}

/** No more edges than this in all, some 300 MB: those from the last readers of a key to those whose appends nobody read are readers times appends. */
const MOST = 20_000_000;

/**
 * Adds ww, wr and rw edges of keys whose orders stand firm. An acknowledged append that no read shows comes after all that reads
 * show, for lists only grow: whoever read the longest list did not see it.
 */
export function addListDependencies(
  keys: readonly ListKey[],
  transactions: readonly Transaction[],
  edges: EdgeList,
): ListDependencies {
  const all = new Map<Atom, Versions>();
  let left = 0;
  for (const at of keys) {
    if (at.reads.length === 0) continue;
    const versions = versionsOf(at, transactions);
    all.set(at.key, versions);
    const { order, unseen } = versions;
    for (let i = 1; i < order.length; i++) edges.add(order[i - 1]!.id, order[i]!.id, WW);
    const last = order.at(-1);
    if (last !== undefined) for (const { id } of unseen) edges.add(last.id, id, WW);
    const latest = new Set<number>();
    for (const read of at.reads) {
      const place = versions.committed[read.elements.length]!;
      // Who read its own append last is before the next one as its writer.
      if (order[place - 1]?.id === read.id) continue;
      if (place > 0) edges.add(order[place - 1]!.id, read.id, WR);
      if (place < order.length) edges.add(read.id, order[place]!.id, RW);
      else latest.add(read.id);
    }
    if (edges.length + latest.size * unseen.length > MOST) left += latest.size * unseen.length;
    else for (const reader of latest) for (const { id } of unseen) edges.add(reader, id, RW);
  }
  return { step: (from, to, kind) => inWords(all, transactions, from, to, kind), left };
}

function versionsOf(at: ListKey, transactions: readonly Transaction[]): Versions {
  const order: Append[] = [];
  const counts = new Int32Array(at.order.length + 1);
  for (const [i, element] of at.order.entries()) {
    const append = writerOf(at, element, transactions);
    if (append !== undefined) order.push(append);
    counts[i + 1] = order.length;
  }
  const seenIds = new Set<number>();
  const unseen: Append[] = [];
  for (const append of at.appends.values()) {
    if (append.seen || !committed(transactions[append.id]!) || seenIds.has(append.id)) continue;
    seenIds.add(append.id);
    unseen.push(append);
  }
  return { at, order, committed: counts, unseen };
}

function inWords(
  all: ReadonlyMap<Atom, Versions>,
  transactions: readonly Transaction[],
  from: number,
  to: number,
  kind: number,
): string {
  const [a, b] = [nameOf(from), nameOf(to)];
  for (const key of new Set(transactions[from]!.micros.map((micro) => micro.key))) {
    const versions = all.get(key);
    if (versions === undefined) continue;
    const { at, order, unseen, committed: counts } = versions;
    if (kind === WW) {
      const i = order.findIndex(({ id }, place) => id === from && order[place + 1]?.id === to);
      if (i !== -1) {
        const [one, other] = [order[i]!.element, order[i + 1]!.element];
        return `${a} appended ${one} to ${key} and ${b} appended ${other} right after it, because ${key} was read as ${listInWords(at.order)}`;
      }
      const next = order.at(-1)?.id === from ? unseen.find(({ id }) => id === to) : undefined;
      if (next !== undefined)
        return `${a} appended ${order.at(-1)!.element} to ${key} and ${b} appended ${next.element} later, because no read of ${key} shows it`;
      continue;
    }
    for (const { id, elements } of at.reads) {
      if (id !== (kind === WR ? to : from)) continue;
      const place = counts[elements.length]!;
      if (kind === WR && order[place - 1]?.id === from)
        return `${a} appended ${order[place - 1]!.element} to ${key} and ${b} observed it, because it read ${key} as ${listInWords(elements)}`;
      const missed = place < order.length ? order[place] : unseen.find((append) => append.id === to);
      if (kind !== WR && missed?.id === to)
        return `${a} did not observe ${missed.element}, which ${b} appended to ${key}, because it read ${key} as ${listInWords(elements)}`;
    }
  }
  throw new Error(`no dependency of kind ${kind} from ${a} to ${b}`);
}
