/** A cache's history judged: what it answers may be old, but not for long. Losing writes is its right, and is counted. */
import type { Assertion } from '../assert/index.ts';
import { ledgerOf } from '../consistency/index.ts';
import { staleness } from '../consistency/staleness.ts';
import type { History } from '../history/index.ts';
import { worst } from '../verdict.ts';
import { judgeRecovery, type StoreFault, type StoreJudgement } from './store-verdict.ts';

/**
 * @param maxStaleMs what a read may be stale by at most
 * @param outages none where no fault struck the primary
 * @param unrecovered the fault after which it never served again
 */
export function judgeCache(
  name: string,
  history: History,
  maxStaleMs: number,
  outages: readonly StoreFault[],
  unrecovered?: string,
): StoreJudgement {
  const result = staleness(history, maxStaleMs);
  const { acknowledged, lost, duplicated, unknown } = ledgerOf(history);
  const recovery = judgeRecovery(name, history, outages, unrecovered);
  const assertions: Assertion[] = [
    {
      name: 'staleness',
      target: name,
      measured: Math.round(result.maxMs),
      unit: 'ms',
      verdict: result.verdict,
      why: `${result.why}; ${lost} of ${acknowledged} acknowledged writes are gone, which a cache may`,
    },
    ...recovery.assertions,
  ];
  const record = Object.freeze({
    name,
    acknowledged,
    lost,
    duplicated,
    unknown,
    rpo: lost,
    rtoMs: recovery.rtoMs,
    checker: 'staleness',
    verdict: worst(assertions.map(({ verdict }) => verdict)),
  });
  return Object.freeze({ record, assertions: Object.freeze(assertions) });
}
