/** A bank: transfers between accounts change no total (as Jepsen's test). */
import type { History } from '../history/operation.ts';
import { pair } from '../history/pair.ts';
import type { CheckResult } from './checker.ts';
import type { CheckerOf } from './checker-of.ts';

export interface BankOptions {
  /** The sum of all balances. Default: what the first acknowledged read shows. */
  readonly total?: number;
  /** The accounts. Default: those of the first acknowledged read. */
  readonly accounts?: readonly string[];
  /** Default false. */
  readonly negativeBalances?: boolean;
  /** Balances looked at before the checker gives up. Default 50,000,000. */
  readonly steps?: number;
}

export interface BankResult extends CheckResult {
  readonly reads: number;
  /** Reads of each kind of wrong. */
  readonly wrong: Readonly<Record<BankWrong, number>>;
}

export type BankWrong = 'wrong-total' | 'negative-balance' | 'missing-balance' | 'wrong-accounts';

/** Judges `read` of `{account: balance}`; transfers need not be known. */
export function bank(options: BankOptions = {}): CheckerOf<BankResult> {
  const { negativeBalances = false, steps = 50_000_000 } = options;
  return Object.freeze({
    name: 'bank',
    check(history: History): BankResult {
      const reads = pair(history).filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
      const opened = balancesOf(reads[0]?.value);
      const accounts = new Set((options.accounts ?? Object.keys(opened)).map(String));
      const total = options.total ?? sum(opened);
      const wrong: Record<BankWrong, number> = {
        'wrong-total': 0,
        'negative-balance': 0,
        'missing-balance': 0,
        'wrong-accounts': 0,
      };
      const offending: number[] = [];
      let first: string | undefined;
      let spent = 0;
      let judged = 0;
      for (const { invoked, value, process } of reads) {
        const balances = balancesOf(value);
        spent += accounts.size;
        if (spent > steps) break;
        judged++;
        const problem = problemOf(balances, accounts, total, negativeBalances);
        if (problem === undefined) continue;
        wrong[problem.kind]++;
        offending.push(invoked);
        first ??= `a read by process ${process} (event ${invoked}) ${problem.why}`;
      }
      const counts = { reads: reads.length, wrong, steps: spent };
      if (first !== undefined) {
        const many = offending.length > 1 ? `${offending.length} of ${reads.length} reads are wrong; ` : '';
        return Object.freeze({ verdict: 'fail', why: `${many}${first}`, offending, ...counts });
      }
      if (judged < reads.length || reads.length === 0) {
        const why = reads.length === 0 ? 'no read was acknowledged' : `the budget of ${steps} steps ran out`;
        return Object.freeze({ verdict: 'unknown', why, offending, ...counts });
      }
      return Object.freeze({
        verdict: 'pass',
        why: `all ${reads.length} reads sum up to ${total}`,
        offending,
        ...counts,
      });
    },
  });
}

type Balances = Readonly<Record<string, unknown>>;

function balancesOf(value: unknown): Balances {
  return typeof value === 'object' && value !== null ? (value as Balances) : {};
}

function sum(balances: Balances): number {
  return Object.values(balances).reduce<number>((total, balance) => total + Number(balance ?? 0), 0);
}

function problemOf(
  balances: Balances,
  accounts: ReadonlySet<string>,
  total: number,
  negativeBalances: boolean,
): { readonly kind: BankWrong; readonly why: string } | undefined {
  const names = Object.keys(balances);
  const strange = names.find((name) => !accounts.has(name));
  if (strange !== undefined) return { kind: 'wrong-accounts', why: `shows account ${strange}, which there is not` };
  const empty = [...accounts].find((name) => typeof balances[name] !== 'number');
  if (empty !== undefined) return { kind: 'missing-balance', why: `shows no balance of account ${empty}` };
  const found = sum(balances);
  if (found !== total) return { kind: 'wrong-total', why: `sums up to ${found} instead of ${total}` };
  const negative = negativeBalances ? undefined : names.find((name) => Number(balances[name]) < 0);
  if (negative === undefined) return undefined;
  return { kind: 'negative-balance', why: `shows ${balances[negative]} on account ${negative}` };
}
