/** Operations of clients: what they do, the record of what they did, and histories of others. */
export { type Edn, keyword, readEdn } from './edn.ts';
export { type JepsenOptions, readJepsenHistory } from './jepsen.ts';
export { readJsonHistory } from './json.ts';
export type { Completion, History, Invocation, Outcome } from './operation.ts';
export { type Operation, pair } from './pair.ts';
export { readHistory } from './read.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export { finalReads, type Request, registerWorkload, requestAt, uniqueValue, type Workload } from './workload.ts';
