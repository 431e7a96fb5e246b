/** `verdict.json`: stable, other people's scripts read it. Times in milliseconds. */
import type { Assertion } from '../assert/index.ts';
import type { Verdict } from '../verdict.ts';

export interface VerdictFile {
  readonly lab: string;
  readonly engine: string;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly assertions: readonly Assertion[];
  readonly faults: readonly FaultRecord[];
  readonly stores: readonly StoreRecord[];
  readonly timings: {
    readonly generateMs: number;
    readonly deployMs: number;
    readonly convergeMs: number | null;
    readonly destroyMs: number | null;
  };
  readonly nodes: number;
  readonly links: number;
}

export interface FaultRecord {
  readonly kind: string;
  readonly target: string;
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly proof: { readonly verdict: Verdict; readonly evidence: string };
  /** Nodes that it took with it, or rebooted; absent where it took none. */
  readonly took?: readonly string[];
  readonly fibMs: number | null;
  readonly lossMs: number | null;
  readonly lostProbes: number | null;
  readonly heal: { readonly fibMs: number | null; readonly lossMs: number | null; readonly lostProbes: number | null };
  readonly verdict: Verdict;
  /** Only where it is not a pass. */
  readonly why?: string;
}

export interface StoreRecord {
  readonly name: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unknown: number;
  readonly rpo: number;
  readonly rtoMs: number | null;
  readonly checker: string;
  readonly verdict: Verdict;
}
