/** States of a model as small whole numbers. */
import type { Call, Model } from './model.ts';

/** Gives equal states the same number, so that the search compares and stores numbers. */
export class States {
  readonly #model: Model;
  readonly #states: unknown[] = [];
  readonly #numbers = new Map<unknown, number>();
  readonly #structured = new Map<string, number>();

  constructor(model: Model) {
    this.#model = model;
    this.number(model.initial);
  }

  /** State after an operation, -1 where it is impossible in this state. State 0 is the initial one. */
  step(state: number, operation: Call): number {
    const before = this.#states[state];
    const after = this.#model.step(before, operation);
    if (after === undefined) return -1;
    return after === before ? state : this.number(after);
  }

  /** The number of a state; equal states have the same. */
  number(state: unknown): number {
    const structured = typeof state === 'object' && state !== null;
    const numbers: Map<unknown, number> = structured ? this.#structured : this.#numbers;
    const name = structured ? JSON.stringify(state) : state;
    let number = numbers.get(name);
    if (number === undefined) {
      number = this.#states.push(state) - 1;
      numbers.set(name, number);
    }
    return number;
  }
}
