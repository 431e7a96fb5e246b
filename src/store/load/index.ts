/** Clients at work on a store, in a process of their own. */
export { type Completed, createMemory, type Work } from './clients.ts';
export { type Load, startLoadProcess } from './load.ts';
export type { Counts, FinalReads } from './protocol.ts';
export { serveLoad } from './serve.ts';
