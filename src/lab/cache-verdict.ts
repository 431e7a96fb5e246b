/** A cache's history judged: what it answers may be old, but not for long. Losing writes is its right, and is counted. */
import { type Assertion, judgeLimit } from '../assert/index.ts';
import { ledgerOf, recoveryMs } from '../consistency/index.ts';
import { staleness } from '../consistency/staleness.ts';
import type { History } from '../history/index.ts';
import { worst } from '../verdict.ts';
import type { StoreFault, StoreJudgement } from './store-verdict.ts';

/**
 * @param maxStaleMs what a read may be stale by at most
 * @param rtoFault absent where no fault struck the primary
 * @param unrecovered the fault after which it never served again
 */
export function judgeCache(
  name: string,
  history: History,
  maxStaleMs: number,
  rtoFault: StoreFault | undefined,
  unrecovered?: string,
): StoreJudgement {
  const result = staleness(history, maxStaleMs);
  const { acknowledged, lost, duplicated, unknown } = ledgerOf(history);
  // A replica nearby goes on answering reads whatever became of the primary.
  const writes = history.filter(({ f }) => f === 'write');
  const rtoMs = rtoFault === undefined ? undefined : recoveryMs(writes, rtoFault.atMs);
  const assertions: Assertion[] = [
    {
      name: 'staleness',
      target: name,
      measured: Math.round(result.maxMs),
      unit: 'ms',
      verdict: result.verdict,
      why: `${result.why}; ${lost} of ${acknowledged} acknowledged writes are gone, which a cache may`,
    },
  ];
  if (unrecovered !== undefined) {
    const why = `never served again after ${unrecovered}, with every node running and the network whole`;
    assertions.push({ name: 'recovered', target: name, measured: null, unit: 'ms', verdict: 'fail', why });
  } else if (rtoFault !== undefined && rtoMs === undefined) {
    const why = `no write was acknowledged any more after ${rtoFault.kind} ${rtoFault.target}`;
    assertions.push({ ...judgeLimit('recovered', name, 'ms', null, 0), why });
  }
  const record = Object.freeze({
    name,
    acknowledged,
    lost,
    duplicated,
    unknown,
    rpo: lost,
    rtoMs: rtoMs === undefined ? null : Math.round(rtoMs),
    checker: 'staleness',
    verdict: worst(assertions.map(({ verdict }) => verdict)),
  });
  return Object.freeze({ record, assertions: Object.freeze(assertions) });
}
