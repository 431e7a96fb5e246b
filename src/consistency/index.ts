/** Judges histories: linearizability, what was lost, how long service was gone. */
export type { Checker, CheckResult } from './checker.ts';
export { describeOperation } from './describe.ts';
export { type Ledger, ledgerOf } from './durability.ts';
export { type LinearizableOptions, linearizable } from './linearizable.ts';
export type { Call, Model } from './model.ts';
export { casRegister } from './models/cas-register.ts';
export { multiRegister } from './models/multi-register.ts';
export { mutex } from './models/mutex.ts';
export { register } from './models/register.ts';
export { longestOutage, type Outage, recoveryMs } from './outage.ts';
