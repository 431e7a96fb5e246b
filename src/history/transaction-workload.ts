/** Transactions over lists or registers, as Elle's generators make them: a pure function from a seed to operations. */
import { mix } from '../random.ts';
import type { AnyRequest } from './request.ts';
import { uniqueValue } from './workload.ts';

export interface TransactionWorkload {
  readonly seed: number;
  /** `append` for lists, `w` for registers. */
  readonly write: 'append' | 'w';
  /** Keys in use at a time. */
  readonly keys: number;
  /** Transactions of one client after which the oldest key in use gives way to a new one, so that lists stay short. */
  readonly keyLife: number;
  /** Reads and writes in a transaction: from one to so many. */
  readonly most: number;
  /** Share of reads among them. */
  readonly reads: number;
}

export function transactionWorkload(
  seed: number,
  options: Partial<Omit<TransactionWorkload, 'seed'>> = {},
): TransactionWorkload {
  return Object.freeze({ seed, write: 'append', keys: 8, keyLife: 8, most: 4, reads: 0.5, ...options });
}

/** The operation of a client at an index: `txn` of `[f, key, value]`, the values of reads null; no value is ever written twice. */
export function transactionAt(workload: TransactionWorkload, client: number, index: number): AnyRequest {
  const { seed, write, keys, keyLife, most, reads } = workload;
  const oldest = Math.floor(index / keyLife);
  const length = 1 + (mix(seed, client, index, 0) % most);
  const value = Array.from({ length }, (_, i) => {
    const key = oldest + (mix(seed, client, index, i, 1) % keys);
    const read = mix(seed, client, index, i, 2) / 2 ** 32 < reads;
    return read ? ['r', key, null] : [write, key, uniqueValue(client, index * most + i)];
  });
  return { f: 'txn', value };
}

/** Transactions that read every key which the clients used in so many transactions each: what is left when all is over. */
export function finalTransactions(workload: TransactionWorkload, indexes: number): readonly AnyRequest[] {
  const last = Math.floor(Math.max(0, indexes - 1) / workload.keyLife) + workload.keys;
  return Array.from({ length: last }, (_, key) => ({ f: 'txn', value: [['r', key, null]] }));
}
