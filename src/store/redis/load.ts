/** Load on a cache. */
import { fileURLToPath } from 'node:url';
import { type Load, startLoadProcess } from '../load/index.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** Plain data: it crosses to another process. */
export interface CacheLoadOptions {
  /** File that the history goes to, one event a line. */
  readonly history: string;
  readonly seed: number;
  /** Where clients live and which member is nearest to them; they are dealt out in turn. */
  readonly places: readonly { readonly netns: string; readonly nearest: number }[];
  readonly clients: number;
  /** Keys of each client: it alone writes them, everybody reads them. */
  readonly keysPerClient: number;
  readonly members: readonly string[];
  /** Operations a second of all clients together. */
  readonly rate: number;
  /** Milliseconds that a client waits for an answer. */
  readonly timeoutMs: number;
  readonly readFrom: 'primary' | 'nearest';
}

/** Starts clients; resolves when they are at work. @throws Error where the load cannot start */
export function startCacheLoad(options: CacheLoadOptions): Promise<Load> {
  if (options.members.length === 0) throw new Error('a load needs at least one member');
  return startLoadProcess(PROCESS, options);
}
