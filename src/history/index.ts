/** Operations of clients: what they do, the record of what they did, and histories of others. */
export { type Arrivals, arrivals, arrivalsBetween } from './arrivals.ts';
export { type BankWorkload, bankRequestAt, bankWorkload, openingBalances, type Transfer } from './bank-workload.ts';
export { type CounterWorkload, counterRequestAt, counterWorkload } from './counter-workload.ts';
export { type Edn, keyword, readEdn } from './edn.ts';
export { type JepsenOptions, readJepsenHistory } from './jepsen.ts';
export { readJsonHistory } from './json.ts';
export type { Completion, History, Invocation, Outcome } from './operation.ts';
export { type Operation, pair } from './pair.ts';
export { readHistory } from './read.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export type { AnyRequest } from './request.ts';
export { readOfAll, type SetWorkload, setRequestAt, setWorkload } from './set-workload.ts';
export {
  finalTransactions,
  type TransactionWorkload,
  transactionAt,
  transactionWorkload,
} from './transaction-workload.ts';
export { finalReads, type Request, registerWorkload, requestAt, uniqueValue, type Workload } from './workload.ts';
