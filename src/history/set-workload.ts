/** Adds to one set or appends to one log: pure functions from a seed to operations. */
import { mix } from '../random.ts';
import type { AnyRequest } from './request.ts';
import { uniqueValue } from './workload.ts';

export interface SetWorkload {
  readonly seed: number;
  /** `add` for a set, `append` for a log. */
  readonly f: 'add' | 'append';
  /** Share of reads, which get longer as the set grows: 0 reads only at the end. */
  readonly reads: number;
}

export function setWorkload(seed: number, { f = 'add', reads = 0 }: Partial<SetWorkload> = {}): SetWorkload {
  return Object.freeze({ seed, f, reads });
}

/** The operation of a client at an index; every element is added once over the whole run. */
export function setRequestAt({ seed, f, reads }: SetWorkload, client: number, index: number): AnyRequest {
  if (mix(seed, client, index, 0) / 2 ** 32 < reads) return readOfAll();
  return { f, value: uniqueValue(client, index) };
}

/** The read of everything that ends a run over a set, a log, a counter or a bank. */
export function readOfAll(): AnyRequest {
  return { f: 'read', value: null };
}
