/** Load on etcd. */
import { fileURLToPath } from 'node:url';
import { type Load, startLoadProcess } from '../load/index.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

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

/** Starts clients; resolves when they are at work. @throws Error where the load cannot start */
export function startLoad(options: LoadOptions): Promise<Load> {
  if (options.members.length === 0) throw new Error('a load needs at least one member');
  return startLoadProcess(PROCESS, options);
}
