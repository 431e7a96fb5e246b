/** Transactions of a history: lists of small reads and writes that happen together. */
import { InputError } from '../../errors.ts';
import type { History } from '../../history/operation.ts';
import { type Operation, pair } from '../../history/pair.ts';

/** What names a key or an element: equal atoms are the same. */
export type Atom = string | number | bigint | boolean | null;

/** One read or write of a transaction, as Jepsen writes it: `["r", key, value]`, `["append", key, element]`, `["w", key, value]`. */
export interface Micro {
  readonly f: 'r' | 'append' | 'w';
  readonly key: Atom;
  readonly value: unknown;
}

export interface Transaction {
  /** Place among the transactions of the history, by invocation. */
  readonly id: number;
  readonly operation: Operation;
  readonly micros: readonly Micro[];
}

/**
 * The transactions of a history, also those that failed or of unknown end; of the latter the reads say nothing.
 * @param write what writes in this history
 * @throws InputError where an operation is no list of `[f, key, value]`, or holds another kind of write
 */
export function transactionsOf(history: History, write: 'append' | 'w'): readonly Transaction[] {
  const problems: string[] = [];
  const transactions = pair(history).map((operation, id): Transaction => {
    const { value, invoked } = operation;
    const micros: Micro[] = [];
    if (!Array.isArray(value)) problems.push(`history event ${invoked}: not a transaction [[f, key, value], ...]`);
    else {
      for (const micro of value as readonly unknown[]) {
        const [f, key, given] = Array.isArray(micro) ? (micro as readonly unknown[]) : [];
        if (f !== 'r' && f !== write)
          problems.push(`history event ${invoked}: ${JSON.stringify(micro)} is neither a read r nor a write ${write}`);
        else if (f === 'r' && write === 'append' && given !== null && given !== undefined && !Array.isArray(given))
          problems.push(`history event ${invoked}: the read ${JSON.stringify(micro)} shows no list`);
        else micros.push({ f: f as Micro['f'], key: atom(key), value: given });
      }
    }
    return { id, operation, micros };
  });
  if (problems.length > 0) throw new InputError(problems.slice(0, 20));
  return transactions;
}

/** Structured values are the same where their JSON is. */
export function atom(value: unknown): Atom {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Atom);
}

/** `T1` is the transaction that was invoked first. */
export function nameOf(id: number): string {
  return `T${id + 1}`;
}

/** Whether a transaction failed for certain. */
export function aborted({ operation }: Transaction): boolean {
  return operation.outcome === 'fail';
}

/** Whether a transaction was acknowledged. */
export function committed({ operation }: Transaction): boolean {
  return operation.outcome === 'ok';
}

/** A list in words, the middle of a long one left out. */
export function listInWords(list: readonly unknown[]): string {
  const words = list.map((element) => (typeof element === 'string' ? element : JSON.stringify(element)));
  return `[${(words.length > 12 ? [...words.slice(0, 2), '...', ...words.slice(-8)] : words).join(' ')}]`;
}
