/** What the clients of a database do: registers, a bank and a set, each client one of them. Pure functions of the seed. */
import { type Request as RegisterRequest, registerWorkload, requestAt, uniqueValue } from '../../history/workload.ts';
import { mix } from '../../random.ts';

export type WorkloadName = 'register' | 'bank' | 'set';

export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

export type DatabaseRequest =
  | RegisterRequest
  | { readonly f: 'transfer'; readonly key: typeof BANK; readonly value: Transfer }
  | { readonly f: 'read'; readonly key: typeof BANK | typeof SET; readonly value: null }
  | { readonly f: 'add'; readonly key: typeof SET; readonly value: number };

/** Keys of the history under which the bank and the set stand; registers have their own, `k0` and on. */
export const BANK = 'bank';
export const SET = 'set';
export const ACCOUNTS: readonly string[] = Object.freeze(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
export const OPENING_BALANCE = 100;

/** Two clients of four are at the registers, one at the bank, one at the set. */
export function workloadOf(client: number): WorkloadName {
  return (['register', 'bank', 'register', 'set'] as const)[client % 4]!;
}

export function databaseRequest(
  seed: number,
  keys: number,
  client: number,
  index: number,
  seen: ReadonlyMap<string, unknown>,
): DatabaseRequest {
  const name = workloadOf(client);
  if (name === 'register') return requestAt(registerWorkload(seed, keys), client, index, seen);
  if (name === 'set') return { f: 'add', key: SET, value: uniqueValue(client, index) };
  if (mix(seed, client, index, 0) % 4 === 0) return { f: 'read', key: BANK, value: null };
  const from = mix(seed, client, index, 1) % ACCOUNTS.length;
  const step = 1 + (mix(seed, client, index, 2) % (ACCOUNTS.length - 1));
  const to = (from + step) % ACCOUNTS.length;
  const amount = 1 + (mix(seed, client, index, 3) % 9);
  return { f: 'transfer', key: BANK, value: { from: ACCOUNTS[from]!, to: ACCOUNTS[to]!, amount } };
}

/** Every register, the bank and the set once more: what is left when all is over. */
export function databaseFinalReads(seed: number, keys: number): readonly DatabaseRequest[] {
  const registers = registerWorkload(seed, keys).keys.map((key) => ({ f: 'read' as const, key, value: null }));
  return [...registers, { f: 'read', key: BANK, value: null }, { f: 'read', key: SET, value: null }];
}
