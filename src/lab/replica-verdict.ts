/** What a database's members hold, judged when all is quiet: the same data at the same place of the log, and no log shorter than its data. */
import type { Assertion } from '../assert/index.ts';
import { type ReplicaState, replicaDivergence } from '../consistency/index.ts';
import { worst } from '../verdict.ts';
import type { StoreJudgement } from './store-verdict.ts';

export function judgeReplicas(name: string, states: readonly ReplicaState[]): Assertion {
  const { verdict, why } = replicaDivergence(states);
  return Object.freeze({
    name: 'replicas-agree',
    target: name,
    measured: states.length,
    unit: 'replicas',
    verdict,
    why,
  });
}

/** A store's judgement with what its members hold in the end. */
export function withReplicas({ record, assertions }: StoreJudgement, states: readonly ReplicaState[]): StoreJudgement {
  const replicas = judgeReplicas(record.name, states);
  return Object.freeze({
    record: Object.freeze({ ...record, verdict: worst([record.verdict, replicas.verdict]) }),
    assertions: Object.freeze([...assertions, replicas]),
  });
}
