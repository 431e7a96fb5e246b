/** What clients do: pure functions from a seed to operations. */
import { mix } from '../random.ts';

/** A mix of operations over keys. */
export interface Workload {
  readonly seed: number;
  readonly keys: readonly string[];
  /** Shares of reads, writes and compare-and-sets; they need not add up to one. */
  readonly shares: { readonly read: number; readonly write: number; readonly cas: number };
}

/** One operation to do. */
export interface Request {
  readonly f: 'read' | 'write' | 'cas';
  readonly key: string;
  /** null for a read, the value for a write, `[old, new]` for a cas. */
  readonly value: unknown;
}

/** Reads, writes and compare-and-sets, three, two and one of six, over keys `k0` and so on; another prefix for a second load on the same store. */
export function registerWorkload(seed: number, keys: number, prefix = 'k'): Workload {
  const shares = { read: 3, write: 2, cas: 1 };
  return Object.freeze({ seed, keys: Object.freeze(Array.from({ length: keys }, (_, i) => `${prefix}${i}`)), shares });
}

/** Value that no other operation of the workload writes, and that people can read: operation 17 of client 3 writes 3000000017. */
export function uniqueValue(client: number, index: number): number {
  return client * 1e9 + index;
}

/**
 * The operation of a client at an index, whatever the others do and however long the earlier ones took. Written values are
 * unique over the run, so that a read names the write that it saw.
 * @param seen the latest value that the client knows of each key: what a compare-and-set expects; without one it is a write
 */
export function requestAt(
  workload: Workload,
  client: number,
  index: number,
  seen: ReadonlyMap<string, unknown>,
): Request {
  const { seed, keys, shares } = workload;
  const key = keys[mix(seed, client, index, 0) % keys.length]!;
  const draw = (mix(seed, client, index, 1) / 2 ** 32) * (shares.read + shares.write + shares.cas);
  if (draw < shares.read) return { f: 'read', key, value: null };
  const value = uniqueValue(client, index);
  if (draw < shares.read + shares.write || !seen.has(key)) return { f: 'write', key, value };
  return { f: 'cas', key, value: [seen.get(key), value] };
}

/** One read of every key: what is left when all is over. */
export function finalReads(workload: Workload): readonly Request[] {
  return workload.keys.map((key) => ({ f: 'read', key, value: null }));
}
