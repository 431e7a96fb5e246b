/** Anomalies that single reads of registers show. */
import type { Anomalies } from './anomaly.ts';
import type { RegisterKey } from './register-keys.ts';
import { type Atom, aborted, atom, nameOf, type Transaction } from './transaction.ts';

/** G1a, G1b, future reads, lost updates, and garbage reads unless those are of no matter. */
export function readRegisters(
  keys: readonly RegisterKey[],
  transactions: readonly Transaction[],
  anomalies: Anomalies,
  garbage: boolean,
): void {
  for (const at of keys) {
    for (const { id, value } of at.reads) {
      if (value === null) continue;
      const write = at.writes.get(value);
      const read = `${nameOf(id)} read ${value} in ${at.key}`;
      if (write === undefined) {
        if (garbage) anomalies.add('garbage-read', [id], () => `${read}, which nobody wrote`);
        continue;
      }
      const writer = nameOf(write.id);
      if (write.id === id) anomalies.add('future-read', [id], () => `${read} before it wrote that itself`);
      else if (aborted(transactions[write.id]!))
        anomalies.add('G1a', [id, write.id], () => `${read}, but ${writer}, which wrote it, aborted`);
      else if (!write.last)
        anomalies.add(
          'G1b',
          [id, write.id],
          () => `${read}, but ${writer}, which wrote it, wrote another value before it ended`,
        );
    }
    const first = new Map<Atom, number>();
    for (const { id, value } of at.updates) {
      const other = first.get(value);
      if (other === undefined) first.set(value, id);
      else if (other !== id)
        anomalies.add(
          'lost-update',
          [other, id],
          () => `${nameOf(other)} and ${nameOf(id)} both read ${value ?? 'nil'} in ${at.key} and both wrote it`,
        );
    }
  }
}

/** Reads that differ from what their own transaction read or wrote before. */
export function readRegistersWithin(transactions: readonly Transaction[], anomalies: Anomalies): void {
  for (const { id, micros, operation } of transactions) {
    if (operation.outcome !== 'ok' || micros.length < 2) continue;
    const expected = new Map<Atom, Atom>();
    for (const { f, key, value } of micros) {
      const before = expected.get(key);
      const now = atom(value);
      if (f === 'r' && before !== undefined && before !== now)
        anomalies.add(
          'internal',
          [id],
          () =>
            `${nameOf(id)} read ${now ?? 'nil'} in ${key}, but by what it had done itself before, it holds ${before ?? 'nil'}`,
        );
      expected.set(key, now);
    }
  }
}
