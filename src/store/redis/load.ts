/** Load on a cache, from a process of its own. */
import { fileURLToPath } from 'node:url';
import { type Load, startLoadProcess } from '../etcd/load.ts';
import type { CacheLoadOptions } from './load-protocol.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** Starts clients; resolves when they are at work. @throws Error where the load cannot start */
export function startCacheLoad(options: CacheLoadOptions): Promise<Load> {
  return startLoadProcess(PROCESS, options);
}
