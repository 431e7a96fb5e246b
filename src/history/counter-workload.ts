/** Additions to one counter: a pure function from a seed to operations. */
import { mix } from '../random.ts';
import type { AnyRequest } from './request.ts';
import { readOfAll } from './set-workload.ts';

export interface CounterWorkload {
  readonly seed: number;
  /** Share of reads. */
  readonly reads: number;
  /** Amounts are whole numbers from 1 to this. */
  readonly most: number;
  /** Share of additions that take away. */
  readonly negative: number;
}

export function counterWorkload(seed: number, options: Partial<Omit<CounterWorkload, 'seed'>> = {}): CounterWorkload {
  return Object.freeze({ seed, reads: 0.3, most: 1, negative: 0, ...options });
}

/** The operation of a client at an index: `add` of an amount, or `read`. */
export function counterRequestAt(workload: CounterWorkload, client: number, index: number): AnyRequest {
  const { seed, reads, most, negative } = workload;
  if (mix(seed, client, index, 0) / 2 ** 32 < reads) return readOfAll();
  const amount = 1 + (mix(seed, client, index, 1) % most);
  return { f: 'add', value: mix(seed, client, index, 2) / 2 ** 32 < negative ? -amount : amount };
}
