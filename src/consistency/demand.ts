/** Which states are still needed, and by how many operations they can still be made. */
import type { Model } from './model.ts';
import type { States } from './states.ts';
import type { Interval } from './timeline.ts';

/** Counts over the operations that are not linearized yet, for models that tell what operations need and make. */
export class Demand {
  readonly #told: boolean;
  /** State that operation i needs or makes, -1 where there is none such or where it is of no matter. */
  readonly #needs: Int32Array;
  readonly #makes: Int32Array;
  readonly #mustHappen: readonly boolean[];
  /** By state: operations that need it and must happen, those that need it at all, and those that make it. */
  readonly #needed: number[] = [];
  readonly #wanted: number[] = [];
  readonly #makers: number[] = [];

  constructor(model: Model, states: States, intervals: readonly Interval[]) {
    const number = (state: unknown): number => (state === undefined ? -1 : states.number(state));
    const told = model.needs !== undefined && model.makes !== undefined;
    this.#told = told;
    this.#mustHappen = intervals.map(({ end }) => end !== Infinity);
    this.#needs = Int32Array.from(intervals, (call, i) =>
      told && (this.#mustHappen[i] || !model.observes(call)) ? number(model.needs!(call)) : -1,
    );
    this.#makes = Int32Array.from(intervals, (call) =>
      told && !model.observes(call) ? number(model.makes!(call)) : -1,
    );
    for (let i = 0; i < intervals.length; i++) this.unlift(i);
  }

  /** Whether leaving a state by an operation would leave another operation waiting for it in vain. */
  holds(state: number, operation: number): boolean {
    const own = this.#mustHappen[operation] && this.#needs[operation] === state ? 1 : 0;
    return (this.#needed[state] ?? 0) > own && (this.#makers[state] ?? 0) === 0;
  }

  /** Whether the state that an operation makes may be of use to another. */
  wants(operation: number): boolean {
    return !this.#told || (this.#wanted[this.#makes[operation]!] ?? 0) > 0;
  }

  lift(operation: number): void {
    this.#count(operation, -1);
  }

  unlift(operation: number): void {
    this.#count(operation, 1);
  }

  #count(operation: number, by: number): void {
    const needs = this.#needs[operation]!;
    const makes = this.#makes[operation]!;
    if (needs !== -1) this.#wanted[needs] = (this.#wanted[needs] ?? 0) + by;
    if (needs !== -1 && this.#mustHappen[operation]) this.#needed[needs] = (this.#needed[needs] ?? 0) + by;
    if (makes !== -1) this.#makers[makes] = (this.#makers[makes] ?? 0) + by;
  }
}
