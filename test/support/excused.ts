/** What a machine without processors to spare leaves unknown: it says nothing of leafstorm, and nothing for it. */
import type { VerdictFile } from '../../src/lab/verdict-file.ts';

type Part = Pick<VerdictFile['faults'][number], 'verdict' | 'why'>;

const EXCUSE =
  /the prober (itself stalled|stood still)|the machine may be to blame|the lab was not whole after the fault before/;

/** A part that could not be measured for want of processors. A failure never is one. */
export function isExcused({ verdict, why = '' }: Part): boolean {
  return verdict === 'unknown' && EXCUSE.test(why);
}

/** All that did not pass and has no such excuse. */
export function unexcused({ assertions, faults, stores }: VerdictFile): readonly unknown[] {
  const parts: readonly Part[] = [...assertions, ...faults];
  return [
    ...parts.filter((part) => part.verdict !== 'pass' && !isExcused(part)),
    ...stores.filter(({ verdict }) => verdict !== 'pass'),
  ];
}
