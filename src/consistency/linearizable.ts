/** Linearizability: every operation seems to take effect at one instant between its invocation and its completion (Herlihy and Wing, 1990). */
import type { History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import type { Checker, CheckResult } from './checker.ts';
import { describeOperation } from './describe.ts';
import type { Model } from './model.ts';
import { offending } from './offending.ts';
import { impossiblePrefix } from './prefix.ts';
import { type SearchResult, search } from './search.ts';
import type { Interval } from './timeline.ts';

export interface LinearizableOptions {
  /** Operations that the search may try for each key before it ends in `unknown`. Default 5,000,000: some seconds. */
  readonly steps?: number;
}

interface Part {
  readonly key: string | undefined;
  readonly operations: readonly Operation[];
  readonly intervals: readonly Interval[];
  readonly result: SearchResult;
}

/**
 * A checker of one object for each key. `fail` operations did not happen; `info` operations may take effect at any later time
 * or never. Keys are judged apart: a history is linearizable where each of its objects is.
 */
export function linearizable<S>(model: Model<S>, options: LinearizableOptions = {}): Checker {
  const steps = options.steps ?? 5_000_000;
  const plain = model as Model;
  return Object.freeze<Checker>({
    name: `linearizable ${model.name}`,
    check(history) {
      const parts = [...partition(history)].map(([key, operations]): Part => {
        const intervals = operations.map(({ f, value, invoked, returned }) => ({
          f,
          value,
          call: invoked,
          end: returned ?? Infinity,
        }));
        return { key, operations, intervals, result: search(plain, intervals, steps) };
      });
      const spent = parts.reduce((sum, { result }) => sum + result.steps, 0);
      const wrong = parts.filter(({ result }) => result.found === 'none');
      const open = parts.filter(({ result }) => result.found === 'out of steps');
      if (wrong.length > 0) return failed(plain, wrong, steps, spent);
      if (open.length > 0) return unknown(open, steps, spent);
      const judged = parts.reduce((sum, { operations }) => sum + operations.length, 0);
      return {
        verdict: 'pass',
        why:
          judged === 0
            ? 'no operation happened that could be wrong'
            : `${judged} operations on ${keys(parts)} are linearizable`,
        offending: [],
        steps: spent,
        // The orders of several objects do not make one order.
        ...(parts.length === 1 ? { longest: invocations(parts[0]!, parts[0]!.result.order) } : {}),
      };
    },
  });
}

function partition(history: History): ReadonlyMap<string | undefined, readonly Operation[]> {
  const keys = new Map<string | undefined, Operation[]>();
  for (const operation of pair(history)) {
    if (operation.outcome === 'fail') continue;
    const operations = keys.get(operation.key);
    if (operations === undefined) keys.set(operation.key, [operation]);
    else operations.push(operation);
  }
  return keys;
}

/** Speaks of the key that went wrong first. */
function failed(model: Model, wrong: readonly Part[], budget: number, steps: number): CheckResult {
  const found = wrong.map((part) => ({ part, prefix: impossiblePrefix(model, part.intervals, budget) }));
  const stop = ({ part, prefix }: (typeof found)[number]): number => part.intervals[prefix.last]!.end;
  const earliest = found.reduce((a, b) => (stop(b) < stop(a) ? b : a));
  const { part, prefix } = earliest;
  const guilty = offending(model, prefix.intervals);
  const company =
    guilty.length === 1 ? '' : `, given ${guilty.length - 1} other operation${guilty.length === 2 ? '' : 's'}`;
  const others = wrong.length === 1 ? '' : `; ${wrong.length} keys are not linearizable`;
  return {
    verdict: 'fail',
    why: `no order explains ${describeOperation(part.operations[prefix.last]!)}${company}${others}`,
    offending: invocations(part, guilty),
    stoppedAt: stop(earliest),
    ...(part.key === undefined ? {} : { key: part.key }),
    longest: invocations(part, prefix.longest),
    steps,
  };
}

function unknown(open: readonly Part[], budget: number, steps: number): CheckResult {
  const part = open[0]!;
  return {
    verdict: 'unknown',
    why: `the search for a linearization of ${part.key === undefined ? 'the history' : `key ${part.key}`} ended after ${budget} steps`,
    offending: [],
    ...(part.key === undefined ? {} : { key: part.key }),
    longest: invocations(part, part.result.order),
    steps,
  };
}

function keys(parts: readonly Part[]): string {
  return parts.length === 1 ? 'one key' : `${parts.length} keys`;
}

function invocations(part: Part, intervals: readonly number[]): readonly number[] {
  return intervals.map((i) => part.operations[i]!.invoked);
}
