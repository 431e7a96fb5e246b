/** Judges transactions: anomalies by name, and the isolation levels that they break. */
export type { Anomaly, TransactionResult } from './anomaly.ts';
export { type AnomalyName, type CycleName, type DirectName, forbids, type Level, weakestBroken } from './level.ts';
export { listAppend, type TransactionOptions } from './list-append.ts';
export { type RegisterOptions, rwRegister } from './rw-register.ts';
export type { Micro } from './transaction.ts';
