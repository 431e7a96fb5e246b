/** What a history of register transactions says about each key: who wrote what, and who read what. */
import { type Atom, aborted, atom, committed, nameOf, type Transaction } from './transaction.ts';

export interface RegisterWrite {
  readonly id: number;
  readonly value: Atom;
  /** No later write of the same transaction to the key. */
  last: boolean;
}

/** An acknowledged read before which its transaction wrote nothing to the key. */
export interface RegisterRead {
  readonly id: number;
  /** null: nothing was written yet. */
  readonly value: Atom;
}

export interface RegisterKey {
  readonly key: Atom;
  readonly writes: ReadonlyMap<Atom, RegisterWrite>;
  readonly reads: readonly RegisterRead[];
  /** Acknowledged transactions that read the key and wrote it afterwards, with what they read. */
  readonly updates: readonly RegisterRead[];
}

interface Building {
  readonly writes: Map<Atom, RegisterWrite>;
  readonly reads: RegisterRead[];
  readonly updates: RegisterRead[];
}

/** What the transaction at hand has done to a key so far. */
interface Own {
  latest: RegisterWrite | undefined;
  read: RegisterRead | undefined;
}

/** The keys, and in words why the history cannot be judged, where a value was written twice or nothing (null) was written. */
export function registerKeys(transactions: readonly Transaction[]): {
  readonly keys: readonly RegisterKey[];
  readonly ambiguous: string | undefined;
} {
  const keys = new Map<Atom, Building>();
  let ambiguous: string | undefined;
  for (const transaction of transactions) {
    const { id, micros } = transaction;
    const own = new Map<Atom, Own>();
    for (const { f, key, value } of micros) {
      const at: Building = keys.get(key) ?? { writes: new Map(), reads: [], updates: [] };
      keys.set(key, at);
      const mine: Own = own.get(key) ?? { latest: undefined, read: undefined };
      own.set(key, mine);
      if (f === 'r') {
        if (!committed(transaction) || mine.latest !== undefined) continue;
        const read = { id, value: atom(value) };
        if (mine.read?.value !== read.value) at.reads.push(read);
        mine.read ??= read;
        continue;
      }
      const written = atom(value);
      const other = at.writes.get(written);
      if (written === null)
        ambiguous ??= `${nameOf(id)} writes nil to ${key}, which a read cannot tell from no write at all`;
      else if (other !== undefined)
        ambiguous ??= `${nameOf(other.id)} and ${nameOf(id)} both write ${written} to ${key}, so that a read does not say whose it saw`;
      if (mine.latest !== undefined) mine.latest.last = false;
      else if (mine.read !== undefined) at.updates.push(mine.read);
      mine.latest = { id, value: written, last: true };
      at.writes.set(written, mine.latest);
    }
  }
  return { keys: [...keys].map(([key, at]) => ({ key, ...at })), ambiguous };
}

/** Who wrote a value and may have committed. */
export function committedWrite(
  at: RegisterKey,
  value: Atom,
  transactions: readonly Transaction[],
): RegisterWrite | undefined {
  const write = at.writes.get(value);
  return write === undefined || aborted(transactions[write.id]!) ? undefined : write;
}
