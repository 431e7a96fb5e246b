/** Eyes that were shown to see. A session that ended meanwhile because the machine stood still moves routes, and with them what was to be shown. */
import type { Assertion } from '../assert/index.ts';
import { excuse } from './fault-verdict.ts';
import type { Observation } from './observe.ts';
import { mayHaveParted, type ProcessorWait } from './processor-wait.ts';

const TRIES = 3;

export interface ProvenObservation {
  readonly observation: Observation;
  readonly assertions: readonly Assertion[];
  readonly summary: string;
}

/**
 * Opens eyes and proves them, with flows chosen anew and on a settled lab where neighbours may have taken each other for dead meanwhile. What fails then
 * all the same is `unknown`: nothing shows whose fault it is.
 * @param silenceMs after which neighbours do that
 */
export async function observeProven(
  open: () => Promise<Observation>,
  settle: () => Promise<unknown>,
  silenceMs: number,
): Promise<ProvenObservation> {
  for (let tries = 1; ; tries++) {
    const observation = await open();
    try {
      const waited = await observation.waits();
      const { assertions, summary } = await observation.prove();
      const wait = await waited();
      const isSound = assertions.every(({ verdict }) => verdict !== 'fail');
      if (isSound || wait === undefined || !mayHaveParted(wait, 0, silenceMs))
        return { observation, assertions, summary };
      if (tries === TRIES) return { observation, assertions: assertions.map((one) => excused(one, wait)), summary };
    } catch (error) {
      await observation.stop();
      throw error;
    }
    await observation.stop();
    await settle();
  }
}

function excused(assertion: Assertion, wait: ProcessorWait): Assertion {
  if (assertion.verdict !== 'fail') return assertion;
  return Object.freeze({ ...assertion, verdict: 'unknown', why: `${assertion.why}; ${excuse(wait)}` });
}
