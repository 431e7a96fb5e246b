/** A store in the hands of a run: started, loaded, brought back after power cuts, judged. One file a kind beside this one. */
import type { Member } from '../../store/store.ts';
import type { StoreFault, StoreJudgement } from '../store-verdict.ts';

export interface StoreUnderLoad {
  readonly kind: string;
  readonly members: readonly Member[];
  leader(): Promise<Member | undefined>;
  /** Starts members again on those of the nodes that have one. */
  restart(nodes: readonly string[]): Promise<void>;
  healthy(timeoutMs: number): Promise<void>;
  /** Throws the data of the members on those nodes away and makes them anew from the others. */
  rebuild?(nodes: readonly string[]): Promise<void>;
  /**
   * After each heal: whether every member served again in time. It is told `false` only where every node ran and the network was whole, so that the
   * store alone is the reason.
   */
  noteWhole?(whole: boolean): void;
  /** A fault was measured: where it took the leader's power, the store's RTO counts from it. */
  noteFault(fault: StoreFault): void;
  /** Ends the load, reads every key finally and judges the history. */
  judge(): Promise<StoreJudgement>;
  /** Ends the load, whatever state it is in. */
  stop(): Promise<void>;
  /** Faults that struck whoever led, each with a recovery time of its own. */
  readonly outages?: readonly StoreFault[];
  /** What `judge` needs again from the record. */
  readonly rtoFault: StoreFault | undefined;
  /** Judged as a cache: what a read may be stale by at most, milliseconds. */
  readonly maxStaleMs?: number;
  /** The fault after which it never served again though all around it was whole. */
  readonly unrecovered?: string | undefined;
}

export interface StoreOptions {
  readonly seed: number;
  /** File that the history goes to, one event a line. */
  readonly historyFile: string;
  /** Told what the store's own managers do. */
  readonly say?: (line: string) => void;
}
