/** What clients of a cache do: each refreshes keys of its own, and everybody reads all of them. */
import { mix } from '../random.ts';
import { uniqueValue } from './workload.ts';

export interface CacheWorkload {
  readonly seed: number;
  readonly clients: number;
  readonly keysPerClient: number;
}

export interface CacheOperation {
  readonly f: 'read' | 'write';
  readonly key: string;
  readonly value: unknown;
}

/** Two reads to a write. */
const WRITE_SHARE = 1 / 3;

/** The operation of a client at an index. A key has one writer, and its values grow: a read tells how old what it found is. */
export function cacheOperationAt(workload: CacheWorkload, client: number, index: number): CacheOperation {
  const { seed, clients, keysPerClient } = workload;
  const draw = (what: number, below: number) => mix(seed, client, index, what) % below;
  if (mix(seed, client, index, 0) / 2 ** 32 < WRITE_SHARE)
    return { f: 'write', key: cacheKey(client, draw(1, keysPerClient)), value: uniqueValue(client, index + 1) };
  return { f: 'read', key: cacheKey(draw(2, clients), draw(3, keysPerClient)), value: null };
}

/** One read of every key. */
export function cacheFinalReads({ clients, keysPerClient }: CacheWorkload): readonly CacheOperation[] {
  return Array.from({ length: clients * keysPerClient }, (_, at) => ({
    f: 'read' as const,
    key: cacheKey(at % clients, Math.floor(at / clients)),
    value: null,
  }));
}

function cacheKey(client: number, number: number): string {
  return `c${client}-${number}`;
}
