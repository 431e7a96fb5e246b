/** Seeded randomness: everything random in a run comes from one seed, so that it can be replayed. */

/** A stream of random numbers; the same seed and stream give the same numbers on every machine. */
export interface Random {
  /** In [0, 1), 32 bits of it. */
  next(): number;
  /** Whole number in [0, below). */
  integer(below: number): number;
  /** One element. @throws RangeError where there is none */
  pick<T>(list: readonly T[]): T;
  /** A new list, in an order drawn evenly (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[];
}

/**
 * Thirty-two well mixed bits of any numbers (the finalizer of MurmurHash3 over each in turn). Draws without a stream:
 * `mix(seed, client, index)` is that client's number at that index whatever the others did before.
 */
export function mix(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    // Both halves count, so that seeds above 2^32 differ.
    for (const half of [number >>> 0, Math.floor(number / 2 ** 32) >>> 0]) {
      hash = Math.imul(hash ^ half, 0xcc9e2d51) + 0x6d2b79f5;
      hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
  }
  return hash >>> 0;
}

/**
 * A stream of its own (xoshiro128**, Blackman and Vigna) for a seed and the numbers that name the stream: streams of one seed
 * do not depend on the order in which they are used.
 */
export function createRandom(seed: number, ...stream: readonly number[]): Random {
  let [a, b, c, d] = [
    mix(seed, ...stream, 1),
    mix(seed, ...stream, 2),
    mix(seed, ...stream, 3),
    mix(seed, ...stream, 4),
  ];
  if ((a | b | c | d) === 0) a = 1;
  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result >>> 0;
  };
  const next = (): number => bits() / 2 ** 32;
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from: the list is empty');
      return list[integer(list.length)]!;
    },
    shuffle: (list) => {
      const result = [...list];
      for (let i = result.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [result[i], result[j]] = [result[j]!, result[i]!];
      }
      return result;
    },
  };
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
