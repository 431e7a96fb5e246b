/** What a database's members hold, judged when all is quiet: the same data at the same place of the log, and no log shorter than its data. */
import type { Assertion } from '../assert/index.ts';
import { type ReplicaState, replicaDivergence } from '../consistency/index.ts';
import { worst } from '../verdict.ts';
import type { StoreJudgement } from './store-verdict.ts';

/** @param missing those of which nothing is known, and why */
export function judgeReplicas(
  name: string,
  states: readonly ReplicaState[],
  missing: readonly string[] = [],
): Assertion {
  const { verdict, why } = replicaDivergence(states);
  return Object.freeze({
    name: 'replicas-agree',
    target: name,
    measured: states.length,
    unit: 'replicas',
    verdict: worst([verdict, missing.length > 0 ? 'unknown' : 'pass']),
    why: [why, ...missing.map((one) => `not compared: ${one}`)].join('; '),
  });
}

/** A store's judgement with what its members hold in the end. */
export function withReplicas(
  { record, assertions }: StoreJudgement,
  { states, missing }: { readonly states: readonly ReplicaState[]; readonly missing: readonly string[] },
): StoreJudgement {
  const replicas = judgeReplicas(record.name, states, missing);
  return Object.freeze({
    record: Object.freeze({ ...record, verdict: worst([record.verdict, replicas.verdict]) }),
    assertions: Object.freeze([...assertions, replicas]),
  });
}
