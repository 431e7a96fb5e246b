/** What a benchmark gives: a figure against a peer or a limit of the same run, as a ratio. */
export interface Benchmark {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, and its figure. */
  readonly against: string;
  readonly reference: number;
  /** Value over reference: below 1 is better than the peer, or within the limit. */
  readonly ratio: number;
}

export function benchmark(name: string, value: number, unit: string, against: string, reference: number): Benchmark {
  return Object.freeze({
    name,
    value: round(value),
    unit,
    against,
    reference: round(reference),
    ratio: round(value / reference),
  });
}

/** Median milliseconds of some runs of a function. */
export async function medianMs(runs: number, work: () => unknown): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  return median(took);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
