/** A store in the hands of a run: started, loaded, brought back after power cuts, judged. One file a kind beside this one. */
import type { Member, MemberRole } from '../../store/store.ts';
import type { StoreFault, StoreJudgement } from '../store-verdict.ts';
import type { Trials } from './trials.ts';

export interface StoreUnderLoad {
  readonly kind: string;
  readonly members: readonly Member[];
  leader(): Promise<Member | undefined>;
  /** What every member is now. */
  roles(): Promise<readonly MemberRole[]>;
  /** Starts members again on those of the nodes that have one. */
  restart(nodes: readonly string[]): Promise<void>;
  healthy(timeoutMs: number): Promise<void>;
  /** Throws the data of the members on those nodes away and makes them anew from the others. */
  rebuild?(nodes: readonly string[]): Promise<void>;
  /** What befell it so far. That it was not whole is noted only where every node ran and the network was whole, so that it alone is the reason. */
  readonly trials: Trials;
  /** A fault was measured: where it struck the store, its recovery is timed from it. */
  noteFault(fault: StoreFault): void;
  /** Ends the load, reads every key finally and judges the history. */
  judge(): Promise<StoreJudgement>;
  /** Ends the load, whatever state it is in. */
  stop(): Promise<void>;
  /** Floats: only who serves announces it. */
  readonly serviceAddress?: string;
  /** Judged as a cache: what a read may be stale by at most, milliseconds. */
  readonly maxStaleMs?: number;
}

export interface StoreOptions {
  readonly seed: number;
  /** File that the history goes to, one event a line. */
  readonly historyFile: string;
  /** Told what the store's own managers do. */
  readonly onManager?: (member: string, event: string) => void;
}
