/** A database's history judged: registers linearizable, no acknowledged addition lost, the bank's total constant, transactions isolated, one primary at a time. */
import { type Assertion, judgeLimit } from '../assert/index.ts';
import {
  appendsKept,
  bank,
  casRegister,
  describeOperation,
  ledgerOf,
  linearizable,
  listAppend,
  onePrimary,
  sessionGuarantees,
  set,
} from '../consistency/index.ts';
import { type History, pair } from '../history/index.ts';
import { ACCOUNTS, BANK, LISTS, OPENING_BALANCE, SET } from '../store/mariadb/index.ts';
import { worst } from '../verdict.ts';
import { type Recovery, recoveriesOf, type StoreFault, type StoreJudgement } from './store-verdict.ts';

export const DATABASE_ASSERTIONS = [
  'session-guarantees',
  'additions-kept',
  'bank-total',
  'appends-kept',
  'transactions',
  'one-primary',
  'recovery-time',
] as const;

/** A fail-over is over within so many milliseconds. */
const RTO_LIMIT_MS = 4_000;

/**
 * @param outages faults that struck the primary, each with a recovery time of its own
 * @param unrecovered the fault after which it never served again, where its nodes ran and the network was whole
 */
export function judgeDatabase(
  name: string,
  history: History,
  outages: readonly StoreFault[],
  unrecovered?: string,
): StoreJudgement {
  const part = (keep: (key: string) => boolean): History => history.filter(({ key = '' }) => keep(key));
  const registers = part((key) => ![BANK, SET, LISTS].includes(key));
  const single = (key: string): History => part((each) => each === key).map(({ key: _, ...event }) => event);
  const checked = linearizable(casRegister()).check(registers);
  const ledger = ledgerOf(registers);
  const additions = set().check(single(SET));
  const total = bank({ total: ACCOUNTS.length * OPENING_BALANCE, accounts: ACCOUNTS }).check(single(BANK));
  const sessions = sessionGuarantees().check(registers);
  const lists = single(LISTS);
  const appends = appendsKept().check(lists);
  const transactions = listAppend().check(lists);
  const names = transactions.anomalies.map(({ name: anomaly, count }) => `${anomaly} ${count}`);
  const others = names.length === 0 ? '' : `; found in all: ${names.join(', ')}`;
  const primary = onePrimary().check(history);
  const operations = new Map(pair(registers).map((operation) => [operation.invoked, operation]));
  const evidence = checked.offending.slice(0, 5).flatMap((index) => operations.get(index) ?? []);
  const words = evidence.length === 0 ? '' : `; ${evidence.map(describeOperation).join('; ')}`;
  const { recoveries, rtoMs } = recoveriesOf(history, outages);
  const assertions: Assertion[] = [
    {
      name: 'linearizable',
      target: name,
      measured: registers.length,
      unit: 'events',
      verdict: checked.verdict,
      why: `${checked.why}${words}`,
    },
    {
      name: 'no-acknowledged-write-lost',
      target: name,
      measured: ledger.lost,
      unit: 'operations',
      verdict: ledger.verdict,
      why: ledger.why,
    },
    {
      name: 'session-guarantees',
      target: name,
      measured: Object.values(sessions.violations).reduce((all, one) => all + one, 0),
      unit: 'violations',
      verdict: sessions.verdict,
      why: sessions.why,
    },
    {
      name: 'additions-kept',
      target: name,
      measured: additions.lost,
      unit: 'operations',
      verdict: additions.verdict,
      why: additions.why,
    },
    { name: 'bank-total', target: name, measured: total.reads, unit: 'reads', verdict: total.verdict, why: total.why },
    // Not every load has transactions over lists.
    ...(lists.length === 0
      ? []
      : [
          {
            name: 'appends-kept',
            target: name,
            measured: appends.lost,
            unit: 'elements',
            verdict: appends.verdict,
            why: appends.why,
          },
          {
            name: 'transactions',
            target: name,
            measured: transactions.breaks.join(', ') || null,
            unit: 'levels broken',
            verdict: transactions.verdict,
            why: `${transactions.why}${others}`,
          },
        ]),
    {
      name: 'one-primary',
      target: name,
      measured: primary.steps,
      unit: 'operations',
      verdict: primary.verdict,
      why: primary.why,
    },
    ...recoveries.map((recovery) => judgeRecoveryTime(name, recovery)),
  ];
  if (unrecovered !== undefined) {
    const why = `never served again after ${unrecovered}, with every node running and the network whole`;
    assertions.push({ name: 'recovered', target: name, measured: null, unit: 'ms', verdict: 'fail', why });
  }
  const lost = ledger.lost + additions.lost + appends.lost;
  return Object.freeze({
    record: Object.freeze({
      name,
      acknowledged: ledger.acknowledged + additions.acknowledged + appends.acknowledged,
      lost,
      duplicated: ledger.duplicated + additions.duplicated,
      unknown: ledger.unknown + additions.unknown,
      rpo: lost,
      rtoMs,
      checker: 'linearizable cas-register, set, bank, one primary',
      verdict: worst(assertions.map(({ verdict }) => verdict)),
    }),
    assertions: Object.freeze(assertions),
  });
}

/** Later than the limit is a failure, unless the machine's want of processors explains what is beyond it. */
function judgeRecoveryTime(name: string, { fault, ms }: Recovery): Assertion {
  const { kind, target, atMs, machine = [] } = fault;
  if (ms === undefined) {
    const why = `${kind} ${target}: no write was acknowledged any more`;
    return { ...judgeLimit('recovery-time', name, 'ms', null, RTO_LIMIT_MS), why };
  }
  const judged = judgeLimit('recovery-time', name, 'ms', Math.round(ms), RTO_LIMIT_MS);
  const why = `${kind} ${target}: first write acknowledged after ${Math.round(ms)} ms`;
  // What the machine did after the recovery explains nothing of it.
  const excuse = machine.find(({ untilMs }) => untilMs >= atMs + ms) ?? machine.at(-1);
  if (judged.verdict !== 'fail' || excuse === undefined || ms - RTO_LIMIT_MS >= excuse.explainsMs)
    return { ...judged, why };
  return { ...judged, verdict: 'unknown', why: `${why}; ${excuse.why}` };
}
