/** Numbers atoms in the order in which they come. */
import type { Atom } from './transactions/transaction.ts';

/**
 * As a Map from atoms to 0, 1, 2 and so on. Numbers go into a table with open addressing: a Map computes the hashes of numbers above
 * 2^31, which is where unique values lie, several times more slowly.
 */
export class AtomIndex {
  readonly #others = new Map<Atom, number>();
  #keys = new Float64Array(1024);
  /** Number plus one; 0 where the place is free. */
  #places = new Int32Array(1024);
  #numbers = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** -1 where the atom has no number. */
  get(atom: Atom): number {
    if (typeof atom !== 'number') return this.#others.get(atom) ?? -1;
    return this.#places[this.#find(atom)]! - 1;
  }

  /** The atom's number, the next one where it has none. */
  add(atom: Atom): number {
    if (typeof atom !== 'number') {
      const before = this.#others.get(atom);
      if (before !== undefined) return before;
      this.#others.set(atom, this.#size);
      return this.#size++;
    }
    let place = this.#find(atom);
    if (this.#places[place] !== 0) return this.#places[place]! - 1;
    if (2 * ++this.#numbers > this.#keys.length) {
      this.#grow();
      place = this.#find(atom);
    }
    this.#keys[place] = atom;
    this.#places[place] = this.#size + 1;
    return this.#size++;
  }

  /** Where a number is, or where it would go. */
  #find(number: number): number {
    const mask = this.#keys.length - 1;
    // The low and the high bits of whole numbers, then Fibonacci hashing.
    const hash = Math.imul((number | 0) ^ Math.imul((number / 2 ** 32) | 0, 0x85ebca6b), 0x9e3779b1);
    let place = (hash ^ (hash >>> 15)) & mask;
    while (this.#places[place] !== 0 && this.#keys[place] !== number) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [keys, places] = [this.#keys, this.#places];
    this.#keys = new Float64Array(keys.length * 4);
    this.#places = new Int32Array(keys.length * 4);
    for (let i = 0; i < places.length; i++) {
      if (places[i] === 0) continue;
      const place = this.#find(keys[i]!);
      this.#keys[place] = keys[i]!;
      this.#places[place] = places[i]!;
    }
  }
}
