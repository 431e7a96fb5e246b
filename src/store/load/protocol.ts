/** What a process of load and the one that started it say to each other. All of it plain data. */
import type { Outcome } from '../../history/operation.ts';

/** Operations by how they ended; `shed`: those that found no free client in time, and are in no history. */
export type Counts = Readonly<Record<Outcome | 'invoke' | 'shed', number>>;

/** Keys that a final read answered for, and those that none did. */
export interface FinalReads {
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

export type LoadCommand<Options> =
  | { readonly do: 'start'; readonly options: Options }
  | { readonly do: 'stop' }
  | { readonly do: 'final reads'; readonly timeoutMs: number }
  | { readonly do: 'end' };

/** Instants are CLOCK_MONOTONIC milliseconds. */
export interface CountsReport {
  readonly what: 'counts';
  readonly counts: Counts;
  /** The writes acknowledged since the last report: when each was invoked and when it was acknowledged. */
  readonly acknowledged: readonly (readonly [invokedMs: number, returnedMs: number])[];
}
