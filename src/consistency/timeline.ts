/** The calls and returns of one object's operations as a doubly linked list, from which operations are lifted as they are linearized. */

/** One operation on one object. */
export interface Interval {
  readonly f: string;
  readonly value: unknown;
  /** Place of the call among all events of the history. */
  readonly call: number;
  /** Place of the return; Infinity where the operation may take effect at any later time or never. */
  readonly end: number;
}

/**
 * Calls and returns in order. Operations without a return never leave a mark here: nothing waits for them.
 * Lifting costs the same whatever the length (Knuth's dancing links, as Lowe and Porcupine use them).
 */
export class Timeline {
  /** Entries 2i and 2i+1 are call and return of operation i; the last entry is head and tail in one. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;

  constructor(intervals: readonly Interval[]) {
    this.#head = 2 * intervals.length;
    this.#next = new Int32Array(this.#head + 1);
    this.#previous = new Int32Array(this.#head + 1);
    const entries = intervals
      .flatMap(({ call, end }, i) =>
        end === Infinity
          ? []
          : [
              { at: call, entry: 2 * i },
              { at: end, entry: 2 * i + 1 },
            ],
      )
      .sort((a, b) => a.at - b.at);
    let last = this.#head;
    for (const { entry } of entries) {
      this.#next[last] = entry;
      this.#previous[entry] = last;
      last = entry;
    }
    this.#next[last] = this.#head;
    this.#previous[this.#head] = last;
  }

  get empty(): boolean {
    return this.#next[this.#head] === this.#head;
  }

  /** Puts the operations that were called before the first return into `into`, in the order of their calls; gives the one that returns first. */
  pending(into: number[]): number {
    into.length = 0;
    let entry = this.#next[this.#head]!;
    while ((entry & 1) === 0) {
      into.push(entry >> 1);
      entry = this.#next[entry]!;
    }
    return entry >> 1;
  }

  lift(operation: number): void {
    this.#remove(2 * operation);
    this.#remove(2 * operation + 1);
  }

  /** Undoes the latest `lift` that was not undone. */
  unlift(operation: number): void {
    this.#restore(2 * operation + 1);
    this.#restore(2 * operation);
  }

  #remove(entry: number): void {
    this.#next[this.#previous[entry]!] = this.#next[entry]!;
    this.#previous[this.#next[entry]!] = this.#previous[entry]!;
  }

  #restore(entry: number): void {
    this.#next[this.#previous[entry]!] = entry;
    this.#previous[this.#next[entry]!] = entry;
  }
}
