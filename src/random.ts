/** Random numbers that a seed repeats: everything random in leafstorm comes from one of these. */

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, at least 0 and below `limit`. */
  below(limit: number): number;
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffle<T>(list: readonly T[]): readonly T[];
}

/**
 * Mulberry32, started from a seed and a purpose: two purposes with one seed give streams that do not move each other,
 * so one more draw for a fault does not change the load.
 */
export function seededRandom(seed: number, purpose = ''): Random {
  let state = mix(seed >>> 0, purpose);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return Object.freeze({
    next,
    below,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[below(list.length)] as T;
    },
    shuffle<T>(list: readonly T[]): readonly T[] {
      const order = [...list];
      for (let i = order.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] as T, order[i] as T];
      }
      return order;
    },
  });
}

/** FNV-1a over the purpose, folded into the seed. */
function mix(seed: number, purpose: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
