/** Sets of small numbers that can be told apart by a short string. */

/**
 * A set that grows from its low end: what the search has linearized is all of a beginning and a few beyond. Its key names the
 * words between the first that is not full and the last that is not empty, so it stays short however long the history is.
 */
export class Bitset {
  readonly #words: Uint16Array;
  /** No word below is anything but full. */
  #low = 0;
  /** No word from here on is anything but empty. */
  #high = 0;

  constructor(size: number) {
    // One word more, always empty: the search for the first word that is not full ends there.
    this.#words = new Uint16Array((size >> 4) + 1);
  }

  has(i: number): boolean {
    return (this.#words[i >> 4]! & (1 << (i & 15))) !== 0;
  }

  add(i: number): void {
    const word = i >> 4;
    this.#words[word]! |= 1 << (i & 15);
    while (this.#words[this.#low] === 0xffff) this.#low++;
    if (word >= this.#high) this.#high = word + 1;
  }

  delete(i: number): void {
    const word = i >> 4;
    this.#words[word]! &= ~(1 << (i & 15));
    if (word < this.#low) this.#low = word;
    while (this.#high > 0 && this.#words[this.#high - 1] === 0) this.#high--;
  }

  /** Different for different sets of the same size, also when other keys follow it in one string. */
  key(): string {
    const low = this.#low;
    const length = Math.max(0, this.#high - low);
    let key = String.fromCharCode(low & 0xffff, low >> 16, length & 0xffff, length >> 16);
    for (let i = low; i < low + length; i++) key += String.fromCharCode(this.#words[i]!);
    return key;
  }
}
