// Defects of the database's servers and of its manager, in whole fabrics: each in a lab of its own, and the same situation without.
import {
  type DefectOutcome,
  type DefectRun,
  degradedSemiSync,
  leaseWithoutMargin,
  naiveChoice,
} from '../database-defects.ts';
import { noFencing } from '../partition-defects.ts';
import type { Planted, Scene, Trial } from './scene.ts';

type Outcome = Pick<DefectOutcome, 'assertions' | 'tookEffect'> & { readonly evidence?: string };

const DEFECTS: readonly (Planted & { readonly run: (run: DefectRun) => Promise<Outcome> })[] = [
  {
    name: 'degraded-semi-sync',
    plant: 'a primary that goes on without its replicas after 100 ms',
    assertion: 'additions-kept',
    says: /[1-9]\d* lost/,
    run: degradedSemiSync,
  },
  {
    name: 'naive-choice',
    plant: 'a manager that takes the first replica of its list',
    assertion: 'additions-kept',
    says: /[1-9]\d* lost/,
    run: naiveChoice,
  },
  {
    name: 'lease-without-margin',
    plant: 'a lease by clocks that differ, without a margin',
    assertion: 'one-primary',
    says: /^two primaries/,
    run: leaseWithoutMargin,
  },
  {
    name: 'no-fencing',
    plant: 'a primary that goes on when its lease has expired',
    assertion: 'one-primary',
    says: /^two primaries/,
    run: noFencing,
  },
];

export const databaseFailover: Scene = {
  name: 'database-failover',
  defects: DEFECTS,
  async play({ name, seed, plant, healthyOnly = false }) {
    const trials = new Map<string, Trial>();
    for (const defect of DEFECTS.filter((one) => plant.includes(one.name))) {
      for (const healthy of healthyOnly ? [true] : [true, false]) {
        const { assertions, tookEffect, evidence = '' } = await defect.run({ name, seed, healthy });
        trials.set(healthy ? `healthy-${defect.name}` : defect.name, { tookEffect, evidence, assertions });
      }
    }
    return trials;
  },
};
