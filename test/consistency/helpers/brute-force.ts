/** The definition of linearizability, tried out: every order of every choice of open-ended operations. For a few operations only. */
import type { Model } from '../../../src/consistency/model.ts';
import type { History } from '../../../src/history/operation.ts';
import { pair } from '../../../src/history/pair.ts';

export function isLinearizable(model: Model, history: History): boolean {
  const operations = pair(history).filter(({ outcome }) => outcome !== 'fail');
  const place = (left: ReadonlySet<number>, state: unknown): boolean => {
    if ([...left].every((i) => operations[i]!.returned === undefined)) return true;
    for (const i of left) {
      const operation = operations[i]!;
      // Real time: nothing left may have returned before this one was invoked.
      if ([...left].some((other) => (operations[other]!.returned ?? Infinity) < operation.invoked)) continue;
      const next = model.step(state, operation);
      if (next !== undefined && place(new Set([...left].filter((other) => other !== i)), next)) return true;
    }
    return false;
  };
  return place(new Set(operations.keys()), model.initial);
}
