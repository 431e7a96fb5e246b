/** Checkers by the names that elle-cli gives its models, judging as it does. */
import { UsageError } from '../errors.ts';
import { bank } from './bank.ts';
import type { Checker } from './checker.ts';
import { comments } from './comments.ts';
import { counter } from './counter.ts';
import { linearizable } from './linearizable.ts';
import { log } from './log.ts';
import { longFork } from './long-fork.ts';
import { casRegister } from './models/cas-register.ts';
import { mutex } from './models/mutex.ts';
import { register } from './models/register.ts';
import { sessionGuarantees } from './session.ts';
import { set } from './set.ts';
import type { Level } from './transactions/level.ts';
import { listAppend } from './transactions/list-append.ts';
import { rwRegister } from './transactions/rw-register.ts';

export interface NamedOptions {
  /** Of `list-append` and `rw-register`. Default: strict-serializable. */
  readonly level?: Level;
  /** Of `long-fork`. */
  readonly groupSize?: number;
  /** Of `bank`. */
  readonly negativeBalances?: boolean;
}

const CHECKERS: Readonly<Record<string, (options: NamedOptions) => Checker>> = {
  'cas-register': () => linearizable(casRegister()),
  register: () => linearizable(register()),
  mutex: () => linearizable(mutex()),
  'list-append': ({ level }) => listAppend(level === undefined ? {} : { level }),
  // Elle passes over values that nobody wrote.
  'rw-register': ({ level }) => rwRegister({ garbageReads: false, ...(level === undefined ? {} : { level }) }),
  bank: ({ negativeBalances = false }) => bank({ negativeBalances }),
  counter: () => counter(),
  set: () => set(),
  'set-full': () => set(),
  log: () => log(),
  'long-fork': ({ groupSize }) => longFork(groupSize === undefined ? {} : { groupSize }),
  comments: () => comments(),
  session: () => sessionGuarantees(),
};

export const CHECKER_NAMES: readonly string[] = Object.freeze(Object.keys(CHECKERS));

/** @throws UsageError where there is no such checker */
export function checkerNamed(name: string, options: NamedOptions = {}): Checker {
  const make = CHECKERS[name];
  if (make === undefined) throw new UsageError(`no checker ${name}; there are ${CHECKER_NAMES.join(', ')}`);
  return make(options);
}
