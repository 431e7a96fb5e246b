/** A sequential object: what one thread alone would see. */

/** Pure data and functions; states are JSON data and never changed in place. */
export interface Model<S = unknown> {
  readonly name: string;
  /** State before the first operation. */
  readonly initial: S;
  /** The state after an operation, or undefined where it cannot return what it returned in this state. */
  step(state: S, operation: Call): S | undefined;
  /** True where the operation leaves every state as it is. */
  observes(operation: Call): boolean;
}

/** What of an operation a model sees. */
export interface Call {
  readonly f: string;
  readonly value: unknown;
}

/** Whether two values are the same as data. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
