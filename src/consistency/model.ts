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
  /**
   * The one state in which the operation is possible; undefined where several may be. With `makes`, it lets the search see early that
   * an operation has lost the last state that it could have followed.
   */
  needs?(operation: Call): S | undefined;
  /** The state after the operation, whatever was before; undefined where it depends. Models whose operations all have one give it. */
  makes?(operation: Call): S | undefined;
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
