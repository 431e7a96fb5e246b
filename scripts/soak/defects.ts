// Planted defects of stores, their clients, disks and managers: each caught and named by its checker wherever it took effect, and no healthy
// twin of the same situation blamed.
import { cache } from './defects/cache.ts';
import { databaseClients } from './defects/database-clients.ts';
import { databaseFailover } from './defects/database-failover.ts';
import { databasePower } from './defects/database-power.ts';
import { databaseReplica } from './defects/database-replica.ts';
import { quorum } from './defects/quorum.ts';
import type { Planted, Scene, SceneOptions, Trial, Trials } from './defects/scene.ts';

/** The quickest scenes first. */
export const SCENES: readonly Scene[] = Object.freeze([
  databaseReplica,
  databaseClients,
  databasePower,
  cache,
  quorum,
  databaseFailover,
]);

export interface DefectTally {
  readonly name: string;
  readonly plant: string;
  readonly assertion: string;
  tries: number;
  tookEffect: number;
  caught: number;
  /** What was said where it took effect and was not caught. */
  readonly missed: string[];
}

export interface DefectReport {
  readonly defects: readonly DefectTally[];
  readonly healthy: HealthyTally;
}

export interface HealthyTally {
  runs: number;
  /** Reasons of healthy runs that did not pass: `fail` is a false alarm. */
  readonly blamed: string[];
  readonly unknown: string[];
}

export interface DefectsOptions {
  /** Labs are called so. */
  readonly name: string;
  /** How often each must take effect. */
  readonly count: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Default: all. */
  readonly names?: readonly string[];
}

/** Whether each was caught in nine of ten runs in which it took effect, and no healthy run was blamed. */
export function allCaught({ defects, healthy }: DefectReport, count: number): boolean {
  const enough = defects.every(({ tookEffect, caught }) => tookEffect >= count && caught >= 0.9 * tookEffect);
  return enough && healthy.blamed.length === 0;
}

/** Plays each scene until all its defects took effect so often, or after twice as many tries and two more. */
export async function runDefects({ name, count, seed, say, names }: DefectsOptions): Promise<DefectReport> {
  const healthy: HealthyTally = { runs: 0, blamed: [], unknown: [] };
  const tallies: DefectTally[] = [];
  for (const scene of SCENES) {
    const wanted = scene.defects.filter((defect) => names === undefined || names.includes(defect.name));
    const own = wanted.map(
      ({ name: defect, plant, assertion }): DefectTally => ({
        name: defect,
        plant,
        assertion,
        tries: 0,
        tookEffect: 0,
        caught: 0,
        missed: [],
      }),
    );
    tallies.push(...own);
    for (let round = 0; round < 2 * count + 2; round++) {
      const plant = own.filter(({ tookEffect }) => tookEffect < count).map((tally) => tally.name);
      if (plant.length === 0) break;
      const trials = await attempt(scene, { name, seed: seed + round, plant });
      for (const [which, trial] of trials) {
        if (which.startsWith('healthy')) noteHealthy(healthy, `${scene.name} ${which}, seed ${seed + round}`, trial);
      }
      for (const tally of own.filter((one) => trials.has(one.name))) {
        const line = note(tally, wanted.find((one) => one.name === tally.name)!, trials.get(tally.name)!);
        say(`${scene.name} ${round + 1}, ${tally.name}: ${line}`);
      }
    }
  }
  return { defects: tallies, healthy };
}

/** A scene that something else than its defects got in the way of showed nothing of them. */
async function attempt(scene: Scene, options: SceneOptions): Promise<Trials> {
  try {
    return await scene.play(options);
  } catch (error) {
    const trial: Trial = { tookEffect: false, evidence: (error as Error).message, assertions: [] };
    return new Map(options.plant.map((name) => [name, trial]));
  }
}

/** Healthy twins of all scenes, again and again, until there were so many: none may be blamed. */
export async function runHealthyStores({
  name,
  count,
  seed,
  say,
}: Omit<DefectsOptions, 'names'>): Promise<HealthyTally> {
  const healthy: HealthyTally = { runs: 0, blamed: [], unknown: [] };
  for (let round = 0; healthy.runs < count; round++) {
    const scene = SCENES[round % SCENES.length]!;
    const plant = scene.defects.map((defect) => defect.name);
    const trials = await scene.play({ name, seed: seed + round, plant, healthyOnly: true });
    for (const [which, trial] of trials) {
      if (!which.startsWith('healthy')) continue;
      noteHealthy(healthy, `${scene.name} ${which}, seed ${seed + round}`, trial);
      say(`healthy ${healthy.runs}: ${scene.name} ${which}: ${words(trial)}`);
    }
  }
  return healthy;
}

/** What the assertion that must catch a defect says of a trial; undefined where it does not. */
export function caughtBy({ assertion, says }: Planted, { assertions }: Trial): string | undefined {
  return assertions.find(
    ({ name, verdict, why }) => assertion.split('|').includes(name) && verdict === 'fail' && says.test(why),
  )?.why;
}

function note(tally: DefectTally, defect: Planted, trial: Trial): string {
  tally.tries++;
  if (!trial.tookEffect) return `no effect: ${trial.evidence}`;
  tally.tookEffect++;
  const why = caughtBy(defect, trial);
  if (why === undefined) {
    tally.missed.push(words(trial));
    return `MISSED, though ${trial.evidence}: ${words(trial)}`;
  }
  tally.caught++;
  return `caught: ${why.slice(0, 160)} (${trial.evidence})`;
}

function noteHealthy(tally: HealthyTally, which: string, trial: Trial): void {
  tally.runs++;
  const verdicts = trial.assertions.map(({ verdict }) => verdict);
  if (verdicts.includes('fail')) tally.blamed.push(`${which}: ${words(trial)}`);
  else if (verdicts.includes('unknown')) tally.unknown.push(`${which}: ${words(trial)}`);
}

function words({ assertions }: Trial): string {
  const wrong = assertions.filter(({ verdict }) => verdict !== 'pass');
  return wrong.length === 0
    ? 'pass'
    : wrong.map(({ name, verdict, why }) => `${verdict} ${name}: ${why.slice(0, 200)}`).join('; ');
}
