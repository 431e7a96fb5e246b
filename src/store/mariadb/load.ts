/** Load on the database. */
import { fileURLToPath } from 'node:url';
import { type Load, startLoadProcess } from '../load/index.ts';
import type { ClientDefects } from './client-defects.ts';
import type { WorkloadName } from './workload.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

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

/** Opens the bank's accounts and starts the clients. @throws Error where the database takes no write */
export function startDatabaseLoad(options: DatabaseLoadOptions): Promise<Load> {
  return startLoadProcess(PROCESS, options);
}
