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
  readonly elements: readonly unknown[];
}

/** A read of a list that ends with appends of the same transaction. */
interface OwnRead extends ListRead {
  /** How many those are. */
  readonly own: number;
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
  readonly ownReads: OwnRead[];
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
        at = { appends: new Map(), reads: [], ownReads: [], updates: [], order: [] };
        keys.set(key, at);
      }
      let mine = own.get(key);
      if (mine === undefined) {
        mine = { appended: [], latest: undefined, read: undefined };
        own.set(key, mine);
      }
      if (f === 'r') {
        if (!committed(transaction)) continue;
        const elements = (value ?? []) as readonly unknown[];
        if (mine.appended.length > 0) {
          // Where its own appends are not at the end, the read says nothing of others (and is an internal anomaly).
          if (endsWith(elements, mine.appended)) at.ownReads.push({ id, elements, own: mine.appended.length });
          continue;
        }
        at.reads.push({ id, elements });
        mine.read ??= elements.length;
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
  const list = [...keys].map(([key, building]) => {
    placeOwnReads(building);
    const { appends, reads, order, updates } = building;
    for (const element of order) {
      const append = appends.get(atom(element));
      if (append !== undefined) append.seen = true;
    }
    return { key, appends, reads, order, updates };
  });
  return { keys: list, repeated };
}

function endsWith(list: readonly unknown[], own: readonly Atom[]): boolean {
  const rest = list.length - own.length;
  return rest >= 0 && own.every((element, i) => atom(list[rest + i]) === element);
}

/**
 * Adds the reads of own appends. Where one fits the others it is a version like any; where not, others came in between before the
 * transaction committed, as a database without locks on what is written allows: then only what is before its own appends counts.
 */
function placeOwnReads(at: Building): void {
  const before = ({ elements, own }: OwnRead): readonly unknown[] => elements.slice(0, elements.length - own);
  for (const read of at.ownReads) {
    if (read.elements.length - read.own > at.order.length) at.order = before(read);
  }
  for (const read of at.ownReads.toSorted((a, b) => a.elements.length - b.elements.length)) {
    if (begins(at.order, read.elements)) at.order = read.elements;
    const fits = begins(read.elements, at.order);
    at.reads.push({ id: read.id, elements: fits ? read.elements : before(read) });
  }
}

/** Whether one list is a beginning of another. */
export function begins(list: readonly unknown[], longer: readonly unknown[]): boolean {
  if (list.length > longer.length) return false;
  for (let i = 0; i < list.length; i++) {
    const [a, b] = [list[i], longer[i]];
    if (a !== b && atom(a) !== atom(b)) return false;
  }
  return true;
}

/** Who appended an element and may have committed. */
export function writerOf(at: ListKey, element: unknown, transactions: readonly Transaction[]): Append | undefined {
  const append = at.appends.get(atom(element));
  return append === undefined || aborted(transactions[append.id]!) ? undefined : append;
}
