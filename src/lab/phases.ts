/** A run's phases: each tells that it begins and how it ended, and gathers what it asserted. */
import type { Assertion } from '../assert/index.ts';
import { nowMs } from '../linux/clock.ts';
import { type Verdict, worst } from '../verdict.ts';
import type { RunRecord } from './record.ts';

export interface PhaseResult {
  readonly assertions?: readonly Assertion[];
  /** Where more than assertions decided. */
  readonly verdict?: Verdict;
  /** For people, a few words. */
  readonly summary: string;
}

export type Phase = (name: string, work: () => Promise<PhaseResult>) => Promise<void>;

/** @param assertions grows with every phase */
export function phaseRunner(record: RunRecord, assertions: Assertion[], checkInterrupt: () => void): Phase {
  return async (phase, work) => {
    checkInterrupt();
    record.emit({ type: 'phase', phase });
    const began = nowMs();
    const { assertions: made = [], verdict, summary } = await work();
    for (const assertion of made) {
      assertions.push(assertion);
      const { name, target, verdict, why } = assertion;
      record.emit({ type: 'assertion', name, target, verdict, why });
    }
    const judged = verdict ?? (made.length === 0 ? 'pass' : worst(made.map((one) => one.verdict)));
    record.emit({ type: 'phase-end', phase, tookMs: nowMs() - began, verdict: judged, summary });
  };
}
