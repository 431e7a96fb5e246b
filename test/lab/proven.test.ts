/** What shows that probes see, on a machine that may stand still meanwhile. */
import test from 'ava';
import type { Assertion } from '../../src/assert/index.ts';
import type { Observation } from '../../src/lab/observe.ts';
import { observeProven } from '../../src/lab/proven.ts';
import type { Verdict } from '../../src/verdict.ts';

const SILENCE_MS = 300;

/** Eyes that show one thing after another, while bgpd waited so long for a processor each time. */
function eyes(verdicts: readonly Verdict[], waitedMs: number) {
  const done: string[] = [];
  let shown = 0;
  const open = async () => {
    done.push('open');
    const verdict = verdicts[shown++] as Verdict;
    const assertion: Assertion = { name: 'no-loss', target: 'l', measured: 1, unit: 'probes lost', verdict, why: 'so' };
    return {
      waits: async () => async () => ({ node: 's', program: 'bgpd', waitedMs, stolenMs: 0 }),
      prove: async () => ({ assertions: [assertion], summary: '' }),
      stop: async () => void done.push('stop'),
    } as unknown as Observation;
  };
  const settle = async () => void done.push('settle');
  return { done, proven: () => observeProven(open, settle, SILENCE_MS) };
}

const verdictsOf = async (proven: () => ReturnType<typeof observeProven>) =>
  (await proven()).assertions.map(({ verdict }) => verdict);

test('a failure that no silence explains stands', async (t) => {
  const { done, proven } = eyes(['fail'], 100);
  t.deepEqual(await verdictsOf(proven), ['fail']);
  t.deepEqual(done, ['open']);
});

test('where neighbours may have taken each other for dead it is shown again, on a lab that has settled', async (t) => {
  const { done, proven } = eyes(['fail', 'pass'], 250);
  t.deepEqual(await verdictsOf(proven), ['pass']);
  t.deepEqual(done, ['open', 'stop', 'settle', 'open']);
});

test('what cannot be shown on such a machine is unknown, and says why', async (t) => {
  const { proven } = eyes(['fail', 'fail', 'fail'], 250);
  const { assertions } = await proven();
  t.is(assertions[0]?.verdict, 'unknown');
  t.is(assertions[0]?.why, 'so; the machine may be to blame: bgpd of s waited 250 ms for a processor');
});
