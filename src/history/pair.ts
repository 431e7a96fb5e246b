/** Invocations and completions joined to operations. */
import { InputError } from '../errors.ts';
import type { History, Outcome } from './operation.ts';

/** One operation from its invocation to its completion. */
export interface Operation {
  /** Index of the invocation in the history. */
  readonly invoked: number;
  /** Index of the completion; undefined where it never came, or where it was `info`: the operation may take effect at any later time or never. */
  readonly returned: number | undefined;
  /** `info` as well where the history ends before the completion. */
  readonly outcome: Outcome;
  readonly process: number;
  readonly f: string;
  readonly key: string | undefined;
  /** What a completed operation returned or wrote; what it was asked to do where nobody knows. */
  readonly value: unknown;
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly invokedMs: number;
  /** Instant of the completion, also of an `info` one; undefined where none was recorded. */
  readonly returnedMs: number | undefined;
}

/**
 * Operations in the order of their invocations.
 * @throws InputError naming the index of an event that no process could have recorded
 */
export function pair(history: History): readonly Operation[] {
  // Completed in place: a copy of each would double the time over millions of events.
  const operations: { -readonly [P in keyof Operation]: Operation[P] }[] = [];
  /** Process -> its open operation's place in `operations`; -1 after `info`. */
  const open = new Map<number, number>();
  const problems: string[] = [];
  for (let index = 0; index < history.length; index++) {
    const event = history[index]!;
    const at = open.get(event.process);
    if (event.type === 'invoke') {
      if (at !== undefined) {
        const before =
          at === -1
            ? 'after an operation that nobody knows the end of'
            : `while its operation ${operations[at]!.invoked} is open`;
        problems.push(
          `history event ${index}: process ${event.process} invokes ${event.f} ${before}; give it another process number`,
        );
        continue;
      }
      open.set(event.process, operations.length);
      operations.push({
        invoked: index,
        returned: undefined,
        outcome: 'info',
        process: event.process,
        f: event.f,
        key: event.key,
        value: event.value,
        invokedMs: event.atMs,
        returnedMs: undefined,
      });
      continue;
    }
    const operation = at === undefined ? undefined : operations[at];
    if (operation === undefined || operation.f !== event.f || operation.key !== event.key) {
      problems.push(`history event ${index}: process ${event.process} completes ${event.f} that it did not invoke`);
      continue;
    }
    const known = event.type !== 'info';
    if (known) operation.returned = index;
    operation.outcome = event.type;
    if (event.type === 'ok') operation.value = event.value;
    operation.returnedMs = event.atMs;
    if (known) open.delete(event.process);
    else open.set(event.process, -1);
  }
  if (problems.length > 0) throw new InputError(problems);
  return operations;
}
