/** The few ways in which leafstorm ends other than with a verdict. The exit statuses are part of the command line. */

/** What the user gave cannot be used; nothing was started, or all of it was removed again. Exit status 65. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** One message each, with place and remedy. */
  readonly problems: readonly string[];
  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const all = typeof problems === 'string' ? [problems] : problems;
    super(all.join('\n'), options);
    this.problems = Object.freeze([...all]);
  }
}

/** The command line was used wrongly. Exit status 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that leafstorm needs is not on this machine; the message names the package that gives it. Exit status 69. */
export class MissingError extends Error {
  override readonly name = 'MissingError';
}

/** Exit statuses of the command line (`sysexits.h` from 64 on). */
export const EXIT = Object.freeze({ pass: 0, fail: 1, unknown: 2, usage: 64, input: 65, missing: 69 });
