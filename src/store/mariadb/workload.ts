/** What the clients of a database do: registers, a bank, a set, transactions over lists, each client one of them. Pure functions of the seed. */
import { finalTransactions, transactionAt, transactionWorkload } from '../../history/transaction-workload.ts';
import {
  finalReads,
  type Request as RegisterRequest,
  registerWorkload,
  requestAt,
  uniqueValue,
  type Workload,
} from '../../history/workload.ts';
import { mix } from '../../random.ts';

export type WorkloadName = 'register' | 'bank' | 'set' | 'list';

export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

export type DatabaseRequest =
  | RegisterRequest
  | { readonly f: 'transfer'; readonly key: typeof BANK; readonly value: Transfer }
  | { readonly f: 'read'; readonly key: typeof BANK | typeof SET; readonly value: null }
  | { readonly f: 'add'; readonly key: typeof SET; readonly value: number }
  | { readonly f: 'txn'; readonly key: typeof LISTS; readonly value: readonly Step[] };

/** One step of a transaction over lists: an element to append, or a read, whose list is not known before. */
export type Step = readonly ['append', key: number, element: number] | readonly ['r', key: number, list: null];

/** Keys of the history under which the bank, the set and the lists stand; registers have their own, `k0` and on. */
export const BANK = 'bank';
export const SET = 'set';
export const LISTS = 'lists';
export const ACCOUNTS: readonly string[] = Object.freeze(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
export const OPENING_BALANCE = 100;

/** Two clients of four are at the registers, one at the bank, one at the set. */
export const USUAL: readonly WorkloadName[] = Object.freeze(['register', 'bank', 'register', 'set']);

/** One transaction over lists in so many ends in a rollback that the application wants. */
const ROLLBACKS = 4;

/** What all clients of a database do together. */
export interface DatabaseWorkload {
  readonly seed: number;
  readonly registers: Workload;
  /** Dealt out to clients in turn. */
  readonly names: readonly WorkloadName[];
}

/** @param keys number of registers */
export function databaseWorkload(seed: number, keys: number, names: readonly WorkloadName[] = USUAL): DatabaseWorkload {
  return Object.freeze({ seed, registers: registerWorkload(seed, keys), names });
}

export function databaseRequest(
  { seed, registers, names }: DatabaseWorkload,
  client: number,
  index: number,
  seen: ReadonlyMap<string, unknown>,
): DatabaseRequest {
  const name = names[client % names.length]!;
  if (name === 'list') {
    const { value } = transactionAt(listWorkload(seed), client, index);
    return { f: 'txn', key: LISTS, value: value as readonly Step[] };
  }
  if (name === 'register') return requestAt(registers, client, index, seen);
  if (name === 'set') return { f: 'add', key: SET, value: uniqueValue(client, index) };
  if (mix(seed, client, index, 0) % 4 === 0) return { f: 'read', key: BANK, value: null };
  const from = mix(seed, client, index, 1) % ACCOUNTS.length;
  const step = 1 + (mix(seed, client, index, 2) % (ACCOUNTS.length - 1));
  const to = (from + step) % ACCOUNTS.length;
  const amount = 1 + (mix(seed, client, index, 3) % 9);
  return { f: 'transfer', key: BANK, value: { from: ACCOUNTS[from]!, to: ACCOUNTS[to]!, amount } };
}

/** Whether the application gives a transaction up after it has done all of it. */
export function rollsBack(steps: readonly Step[]): boolean {
  const element = steps.find(([f]) => f === 'append')?.[2];
  return typeof element === 'number' && mix(element) % ROLLBACKS === 0;
}

function listWorkload(seed: number) {
  return transactionWorkload(seed, { keys: 3, keyLife: 16 });
}

/**
 * Every register, the bank, the set and every list once more: what is left when all is over.
 * @param lists the highest number of transactions over lists that any client did
 */
export function databaseFinalReads({ seed, registers }: DatabaseWorkload, lists = 0): readonly DatabaseRequest[] {
  const whole = lists === 0 ? [] : finalTransactions(listWorkload(seed), lists);
  return [
    ...finalReads(registers),
    { f: 'read', key: BANK, value: null },
    { f: 'read', key: SET, value: null },
    ...whole.map(({ value }) => ({ f: 'txn' as const, key: LISTS as typeof LISTS, value: value as readonly Step[] })),
  ];
}
