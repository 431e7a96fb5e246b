/** What the process of the load and the one that started it say to each other. */
import type { Outcome } from '../../history/operation.ts';
import type { ClientDefects } from './client-defects.ts';
import type { WorkloadName } from './workload.ts';

/** Plain data: it crosses to another process. */
export interface DatabaseLoadOptions {
  /** File that the history goes to, one event a line. */
  readonly history: string;
  readonly seed: number;
  /** Paths of the namespaces that clients live in; they are dealt out in turn. */
  readonly places: readonly string[];
  readonly clients: number;
  /** Registers. */
  readonly keys: number;
  readonly serviceAddress: string;
  /** Folder of the store: the clients' password is there. */
  readonly dir: string;
  /** Operations a second of all clients together. */
  readonly rate: number;
  /** Milliseconds that a client waits for an answer. Default 1,000. */
  readonly timeoutMs?: number;
  /** What clients do, dealt out in turn. Default: registers, bank, registers, set. */
  readonly workloads?: readonly WorkloadName[];
  /** Mistakes of the clients, to plant. The final reads are without. */
  readonly defects?: ClientDefects;
}

export type DatabaseCounts = Readonly<Record<Outcome | 'invoke', number>>;

export type DatabaseLoadCommand =
  | { readonly do: 'start'; readonly options: DatabaseLoadOptions }
  | { readonly do: 'stop' }
  | { readonly do: 'final reads'; readonly timeoutMs: number }
  | { readonly do: 'end' };

/** Instants are CLOCK_MONOTONIC milliseconds. */
export interface CountsReport {
  readonly what: 'counts';
  readonly counts: DatabaseCounts;
  /** The last acknowledged operations: when each was invoked and when it was acknowledged. */
  readonly acknowledged: readonly (readonly [invokedMs: number, returnedMs: number])[];
}
