/** What the process of the load and the one that started it say to each other. */
import type { Outcome } from '../../history/operation.ts';

/** Plain data: it crosses to another process. */
export interface LoadOptions {
  /** File that the history goes to, one event a line. */
  readonly history: string;
  readonly seed: number;
  /** Paths of the namespaces that clients live in; they are dealt out in turn. */
  readonly places: readonly string[];
  readonly clients: number;
  readonly keys: number;
  /** Keys begin with it; they must be new to the store, for a history starts with nothing written. Default `k`. */
  readonly keyPrefix?: string;
  /** Addresses of the members; clients start on different ones. */
  readonly members: readonly string[];
  /** Operations a second of all clients together. Default: as many as come back. */
  readonly rate?: number;
  /** Milliseconds that a client waits for an answer. Default 1,000. */
  readonly timeoutMs?: number;
  /** A planted defect: clients that take a missing answer for a failure. */
  readonly treatTimeoutAs?: 'info' | 'fail';
  /** A planted defect: reads from what the nearest member has, unconfirmed. */
  readonly serializableReads?: boolean;
}

export type Counts = Readonly<Record<Outcome | 'invoke', number>>;

/** Keys that a final read answered for, and those that none did. */
export interface FinalReads {
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

export type Command =
  | { readonly do: 'start'; readonly options: LoadOptions }
  | { readonly do: 'stop' }
  | { readonly do: 'final reads'; readonly timeoutMs: number }
  | { readonly do: 'end' };

export type Report =
  | { readonly what: 'counts'; readonly counts: Counts }
  /** The command is done. */
  | { readonly what: 'done'; readonly of: Command['do']; readonly finalReads?: FinalReads }
  | { readonly what: 'failed'; readonly of: Command['do']; readonly why: string };
