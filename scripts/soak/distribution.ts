/** How long each kind of fault takes, over many repetitions on one lab: issue by issue the same faults, measured as a run measures them. */
import { deploy } from '../../src/deploy.ts';
import { planFaults } from '../../src/fault/index.ts';
import { sessionsWhole } from '../../src/lab/baseline.ts';
import { targetChoices } from '../../src/lab/intent.ts';
import { measureFault } from '../../src/lab/measure.ts';
import { observe } from '../../src/lab/observe.ts';
import { createRandom } from '../../src/random.ts';

export interface DistributionOptions {
  readonly lab: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly kinds: readonly { readonly kind: string; readonly target: string }[];
  /** Measurements that count, of each kind. */
  readonly repetitions: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface Distribution {
  readonly kind: string;
  readonly counted: number;
  /** Measured again because the prober stood still. */
  readonly unknown: number;
  readonly failedProofs: number;
  readonly fibMs: Quantiles;
  readonly lossMs: Quantiles;
  readonly healFibMs: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Measurements without a figure: tables that never were as predicted. */
  readonly missing: number;
}

const NO_LIMITS = { fibMs: Number.POSITIVE_INFINITY, lossMs: Number.POSITIVE_INFINITY, healMs: 30_000 };
/** More void measurements than this, of one kind, and the machine is too busy to measure on. */
const MOST_VOID = 40;

export async function distributions(options: DistributionOptions): Promise<readonly Distribution[]> {
  const { lab: given, set, kinds, repetitions, seed, say } = options;
  const lab = await deploy(given, { set, seed, name: `soak-${given}` });
  try {
    const healthy = lab.intent.predict();
    await lab.converged();
    await sessionsWhole(lab, healthy, 30_000);
    const observers = await observe(lab, seed);
    try {
      const results: Distribution[] = [];
      for (const [stream, step] of kinds.entries()) {
        const choices = targetChoices(lab.running.topology, lab.intent, []);
        const steps = Array.from({ length: repetitions + MOST_VOID }, () => step);
        const plan = planFaults(steps, choices, createRandom(seed, stream));
        const fib: (number | null)[] = [];
        const loss: (number | null)[] = [];
        const heal: (number | null)[] = [];
        let unknown = 0;
        let failedProofs = 0;
        for (const { kind, target } of plan) {
          if (fib.length === repetitions) break;
          const measured = await measureFault(lab.prepare(kind.kind, target), {
            intent: lab.intent,
            observers,
            limits: NO_LIMITS,
            afterHeal: async () => ({ what: (await sessionsWhole(lab, healthy, 30_000)).map(({ why }) => why) }),
          });
          if (measured.unhealed.what.length > 0)
            throw new Error(`${kind.kind} ${target}: not whole again: ${measured.unhealed.what[0]}`);
          if (measured.proof.verdict !== 'pass') failedProofs++;
          if (measured.stalled) {
            unknown++;
            continue;
          }
          fib.push(measured.during.fibMs);
          loss.push(measured.during.lossMs);
          heal.push(measured.heal.fibMs);
          say(
            `${kind.kind} ${target}: fib ${measured.during.fibMs?.toFixed(0)} loss ${measured.during.lossMs?.toFixed(0)} heal ${measured.heal.fibMs?.toFixed(0)} ms`,
          );
        }
        results.push({
          kind: step.kind,
          counted: fib.length,
          unknown,
          failedProofs,
          fibMs: quantiles(fib),
          lossMs: quantiles(loss),
          healFibMs: quantiles(heal),
        });
      }
      return results;
    } finally {
      await observers.stop();
    }
  } finally {
    await lab.destroy({ cleanup: true });
  }
}

export function quantiles(values: readonly (number | null)[]): Quantiles {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), max: at(1), missing: values.length - sorted.length };
}
