/** Transfers between accounts of a bank: a pure function from a seed to operations. */
import { mix } from '../random.ts';
import type { AnyRequest } from './request.ts';
import { readOfAll } from './set-workload.ts';

export interface BankWorkload {
  readonly seed: number;
  /** Names of the accounts, at least two. */
  readonly accounts: readonly string[];
  /** What all accounts hold together. */
  readonly total: number;
  readonly mostTransferred: number;
  /** Share of reads of all balances. */
  readonly reads: number;
}

/** What a transfer asks for; it must fail where the account would go below zero. */
export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Accounts `0` and so on. */
export function bankWorkload(seed: number, accounts = 8, total = 100): BankWorkload {
  if (accounts < 2) throw new RangeError(`a bank of ${accounts} accounts has no transfers: give it two or more`);
  const names = Object.freeze(Array.from({ length: accounts }, (_, i) => String(i)));
  return Object.freeze({ seed, accounts: names, total, mostTransferred: 5, reads: 0.5 });
}

/** Balances to start with: the first account holds the rest of an even division. */
export function openingBalances({ accounts, total }: BankWorkload): Readonly<Record<string, number>> {
  const each = Math.floor(total / accounts.length);
  return Object.fromEntries(accounts.map((name, i) => [name, i === 0 ? total - each * (accounts.length - 1) : each]));
}

/** The operation of a client at an index: `transfer` of a {@link Transfer} between two different accounts, or `read`. */
export function bankRequestAt(workload: BankWorkload, client: number, index: number): AnyRequest {
  const { seed, accounts, mostTransferred, reads } = workload;
  if (mix(seed, client, index, 0) / 2 ** 32 < reads) return readOfAll();
  const from = mix(seed, client, index, 1) % accounts.length;
  const to = (from + 1 + (mix(seed, client, index, 2) % (accounts.length - 1))) % accounts.length;
  const amount = 1 + (mix(seed, client, index, 3) % mostTransferred);
  return { f: 'transfer', value: { from: accounts[from]!, to: accounts[to]!, amount } satisfies Transfer };
}
