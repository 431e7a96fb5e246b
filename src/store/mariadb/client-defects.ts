/** Mistakes that applications make with a database, to plant: each as it stands in real ones. */
import type { Transfer } from './workload.ts';

export interface ClientDefects {
  /** What a time-out is taken for, wherever it struck. Default: what is known, so mostly that nobody knows. */
  readonly timeoutIs?: 'fail' | 'ok';
  /** How often a change without an answer is sent again, as if the first time had done nothing. Default never. */
  readonly retries?: number;
  /** Addresses of servers that reads go to in turn, whatever they have by then. Default: the primary's. */
  readonly readFrom?: readonly string[];
  /** The two halves of a transfer as a transaction each. */
  readonly transferInSteps?: boolean;
  /** Of transactions over lists. Default SERIALIZABLE. */
  readonly isolation?: Isolation;
  /** An append reads the list without a lock, and writes it back whole with the new element. */
  readonly appendInApplication?: boolean;
}

export type Isolation = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/** Sends a statement that is a transaction by itself. */
export type Change = (sql: string, values: readonly unknown[]) => Promise<{ readonly affectedRows: number }>;

/** @returns whether the balance was enough */
export async function transferInSteps(change: Change, { from, to, amount }: Transfer): Promise<boolean> {
  const debit = 'UPDATE accounts SET balance = balance - ? WHERE name=? AND balance >= ?';
  const { affectedRows } = await change(debit, [amount, from, amount]);
  if (affectedRows === 0) return false;
  await change('UPDATE accounts SET balance = balance + ? WHERE name=?', [amount, to]);
  return true;
}
