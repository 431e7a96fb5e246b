/** A store's history judged: linearizable, and nothing acknowledged lost. The same for a run that just ended and for a record of last year. */
import { type Assertion, judgeLimit } from '../assert/index.ts';
import { casRegister, describeOperation, ledgerOf, linearizable, recoveryMs } from '../consistency/index.ts';
import { type History, pair } from '../history/index.ts';
import { worst } from '../verdict.ts';
import type { StoreRecord } from './verdict-file.ts';

export interface StoreJudgement {
  readonly record: StoreRecord;
  readonly assertions: readonly Assertion[];
}

/** A fault that struck a store: the longest recovery after any of them is its RTO. */
export interface StoreFault {
  readonly kind: string;
  readonly target: string;
  /** CLOCK_MONOTONIC milliseconds. */
  readonly atMs: number;
  /** Nodes that lost their power; absent where none did. */
  readonly took?: readonly string[];
  /** What a machine without processors to spare explains, in the order of time. */
  readonly machine?: readonly MachineExcuse[];
}

export interface MachineExcuse {
  /** CLOCK_MONOTONIC milliseconds up to which it was watched, from the fault on. */
  readonly untilMs: number;
  /** So late (ms) it may have made what happened until then. */
  readonly explainsMs: number;
  readonly why: string;
}

/** An outage, and milliseconds from it to the first write acknowledged after it; undefined where none was. */
export interface Recovery {
  readonly fault: StoreFault;
  readonly ms: number | undefined;
}

/**
 * Recovery after each outage, by writes: reads may be served where nothing can be written.
 * @returns the longest as well (ms), which is what an engineer has to plan with; null where there was none
 */
export function recoveriesOf(
  history: History,
  outages: readonly StoreFault[],
): { readonly recoveries: readonly Recovery[]; readonly rtoMs: number | null } {
  const writes = history.filter(({ f }) => f !== 'read');
  const recoveries = outages.map((fault) => ({ fault, ms: recoveryMs(writes, fault.atMs) }));
  const known = recoveries.map(({ ms }) => ms).filter((ms) => ms !== undefined);
  return { recoveries, rtoMs: known.length === 0 ? null : Math.round(Math.max(...known)) };
}

/** The longest recovery (ms), and an assertion for each outage after which nothing was acknowledged any more. */
export function judgeRecovery(
  name: string,
  history: History,
  outages: readonly StoreFault[],
  unrecovered: string | undefined,
): { readonly rtoMs: number | null; readonly assertions: readonly Assertion[] } {
  const { recoveries, rtoMs } = recoveriesOf(history, outages);
  if (unrecovered !== undefined) {
    const why = `never served again after ${unrecovered}, with every node running and the network whole: what it had acknowledged is out of reach`;
    return {
      rtoMs,
      assertions: [{ name: 'recovered', target: name, measured: null, unit: 'ms', verdict: 'fail', why }],
    };
  }
  const assertions = recoveries
    .filter(({ ms }) => ms === undefined)
    .map(({ fault }) => ({
      ...judgeLimit('recovered', name, 'ms', null, 0),
      why: `no write was acknowledged any more after ${fault.kind} ${fault.target}`,
    }));
  return { rtoMs, assertions };
}

/**
 * @param outages none where no fault struck the store
 * @param unrecovered the fault after which it never served again, where its nodes ran and the network was whole: whatever its members still have,
 * no client can read it, and that is not a question of time any more
 */
export function judgeStore(
  name: string,
  history: History,
  outages: readonly StoreFault[],
  unrecovered?: string,
): StoreJudgement {
  const checker = linearizable(casRegister());
  const result = checker.check(history);
  const ledger = ledgerOf(history);
  const recovery = judgeRecovery(name, history, outages, unrecovered);
  const operations = new Map(pair(history).map((operation) => [operation.invoked, operation]));
  const evidence = result.offending.slice(0, 5).flatMap((index) => operations.get(index) ?? []);
  const words = evidence.length === 0 ? '' : `; ${evidence.map(describeOperation).join('; ')}`;
  const assertions: Assertion[] = [
    {
      name: 'linearizable',
      target: name,
      measured: history.length,
      unit: 'events',
      verdict: result.verdict,
      why: `${result.why}${words}`,
    },
    {
      name: 'no-acknowledged-write-lost',
      target: name,
      measured: ledger.lost,
      unit: 'operations',
      verdict: ledger.verdict,
      why: ledger.why,
    },
    ...recovery.assertions,
  ];
  const { acknowledged, lost, duplicated, unknown } = ledger;
  const record: StoreRecord = Object.freeze({
    name,
    acknowledged,
    lost,
    duplicated,
    unknown,
    rpo: lost,
    rtoMs: recovery.rtoMs,
    checker: checker.name,
    verdict: worst(assertions.map(({ verdict }) => verdict)),
  });
  return Object.freeze({ record, assertions: Object.freeze(assertions) });
}
