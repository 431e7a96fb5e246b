/** What a history of list appends says about each key: who appended what, who read what, and in which order the elements stand. */
import { type Atom, aborted, atom, committed, type Transaction } from './transaction.ts';

/** One append of an element. */
export interface Append {
  readonly id: number;
  readonly element: Atom;
  /** How many appends its transaction made to the key before. */
  readonly ordinal: number;
  /** No later append of the same transaction to the key. */
  last: boolean;
  /** In the order that the reads show. */
  seen: boolean;
}

/** One acknowledged read. */
export interface ListRead {
  readonly id: number;
  /** Without what the transaction had appended itself: until it commits, others may still come in between. */
  readonly elements: readonly unknown[];
}

export interface ListKey {
  readonly key: Atom;
  readonly appends: ReadonlyMap<Atom, Append>;
  readonly reads: readonly ListRead[];
  /** A longest read: what the others must be beginnings of. */
  readonly order: readonly unknown[];
  /** Transactions that were acknowledged, read the key, and appended to it afterwards; with the length of what they read. */
  readonly updates: readonly { readonly id: number; readonly length: number }[];
}

interface Building {
  readonly appends: Map<Atom, Append>;
  readonly reads: ListRead[];
  readonly updates: { id: number; length: number }[];
  order: readonly unknown[];
}

/** What the transaction at hand has done to a key so far. */
interface Own {
  readonly appended: Atom[];
  latest: Append | undefined;
  /** Length of the first read, where it came before all appends. */
  read: number | undefined;
}

/** An element that was appended more than once: its reads would not say who wrote what they saw. */
export interface Repeated {
  readonly key: Atom;
  readonly element: Atom;
  readonly ids: readonly [number, number];
}

/** The keys in the order in which they come up, and what forbids to judge the history. */
export function listKeys(transactions: readonly Transaction[]): {
  readonly keys: readonly ListKey[];
  readonly repeated: readonly Repeated[];
} {
  const keys = new Map<Atom, Building>();
  const repeated: Repeated[] = [];
  for (const transaction of transactions) {
    const { id, micros } = transaction;
    const own = new Map<Atom, Own>();
    for (const { f, key, value } of micros) {
      let at = keys.get(key);
      if (at === undefined) {
        at = { appends: new Map(), reads: [], updates: [], order: [] };
        keys.set(key, at);
      }
      let mine = own.get(key);
      if (mine === undefined) {
        mine = { appended: [], latest: undefined, read: undefined };
        own.set(key, mine);
      }
      if (f === 'r') {
        if (!committed(transaction)) continue;
        const elements = withoutOwn((value ?? []) as readonly unknown[], mine.appended);
        // Where its own appends are not at the end, the read says nothing of others (and is an internal anomaly).
        if (elements === undefined) continue;
        at.reads.push({ id, elements });
        if (mine.appended.length === 0) mine.read ??= elements.length;
        if (elements.length > at.order.length) at.order = elements;
        continue;
      }
      const element = atom(value);
      const other = at.appends.get(element);
      if (other !== undefined) {
        repeated.push({ key, element, ids: [other.id, id] });
        continue;
      }
      if (mine.latest !== undefined) mine.latest.last = false;
      else if (mine.read !== undefined && committed(transaction)) at.updates.push({ id, length: mine.read });
      mine.latest = { id, element, ordinal: mine.appended.length, last: true, seen: false };
      mine.appended.push(element);
      at.appends.set(element, mine.latest);
    }
  }
  const list = [...keys].map(([key, { appends, reads, order, updates }]) => {
    for (const element of order) {
      const append = appends.get(atom(element));
      if (append !== undefined) append.seen = true;
    }
    return { key, appends, reads, order, updates };
  });
  return { keys: list, repeated };
}

/** A list without the elements that must stand at its end; undefined where they do not. */
function withoutOwn(list: readonly unknown[], own: readonly Atom[]): readonly unknown[] | undefined {
  if (own.length === 0) return list;
  const rest = list.length - own.length;
  if (rest < 0 || own.some((element, i) => atom(list[rest + i]) !== element)) return undefined;
  return list.slice(0, rest);
}

/** Who appended an element and may have committed. */
export function writerOf(at: ListKey, element: unknown, transactions: readonly Transaction[]): Append | undefined {
  const append = at.appends.get(atom(element));
  return append === undefined || aborted(transactions[append.id]!) ? undefined : append;
}
