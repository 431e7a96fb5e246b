/** Short histories of transactions, written by hand. */
import type { History, Outcome } from '../../../src/history/operation.ts';

type Micro = readonly [f: string, key: unknown, value: unknown];
export type Written = readonly Micro[] | readonly [outcome: Outcome, ...micros: Micro[]];

function parse(written: Written): { outcome: Outcome; micros: readonly Micro[] } {
  const [first, ...rest] = written;
  if (typeof first === 'string') return { outcome: first as Outcome, micros: rest as readonly Micro[] };
  return { outcome: 'ok', micros: written as readonly Micro[] };
}

function invoked(micros: readonly Micro[]): readonly Micro[] {
  return micros.map(([f, key, value]) => [f, key, f === 'r' ? null : value]);
}

/** All at the same time, by processes of their own: no order but that of the data. */
export function concurrent(...list: readonly Written[]): History {
  const all = list.map(parse);
  return [
    ...all.map(({ micros }, process) => ({
      type: 'invoke' as const,
      process,
      f: 'txn',
      value: invoked(micros),
      atMs: process,
    })),
    ...all.map(({ outcome, micros }, process) => ({
      type: outcome,
      process,
      f: 'txn',
      value: micros,
      atMs: all.length + process,
    })),
  ];
}

/** One after the other, each `[process, transaction]`. */
export function sequential(...list: readonly (readonly [process: number, written: Written])[]): History {
  return list.flatMap(([process, written], i): History => {
    const { outcome, micros } = parse(written);
    return [
      { type: 'invoke', process, f: 'txn', value: invoked(micros), atMs: 2 * i },
      { type: outcome, process, f: 'txn', value: micros, atMs: 2 * i + 1 },
    ];
  });
}
