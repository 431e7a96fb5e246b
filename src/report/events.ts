/** What a run tells while it goes on: written to `events.jsonl`, shown on the terminal. One clock, milliseconds since the run began. */
import type { Verdict } from '../verdict.ts';

export type RunEvent = { readonly atMs: number } & (
  | {
      readonly type: 'begin';
      readonly lab: string;
      readonly seed: number;
      readonly engine: string;
      readonly summary: string;
    }
  | { readonly type: 'phase'; readonly phase: string; readonly expectedMs?: number }
  | {
      readonly type: 'phase-end';
      readonly phase: string;
      readonly tookMs: number;
      readonly verdict: Verdict;
      readonly summary: string;
    }
  | { readonly type: 'say'; readonly line: string }
  | {
      readonly type: 'assertion';
      readonly name: string;
      readonly target: string;
      readonly verdict: Verdict;
      readonly why: string;
    }
  | { readonly type: 'fault'; readonly kind: string; readonly target: string }
  | {
      readonly type: 'proof';
      readonly kind: string;
      readonly target: string;
      readonly verdict: Verdict;
      readonly evidence: string;
    }
  | { readonly type: 'heal'; readonly kind: string; readonly target: string }
  | {
      readonly type: 'fault-end';
      readonly kind: string;
      readonly target: string;
      readonly fibMs: number | null;
      readonly lossMs: number | null;
      readonly lostProbes: number | null;
      readonly healFibMs: number | null;
      readonly verdict: Verdict;
      readonly why: string;
    }
  | {
      readonly type: 'route';
      readonly node: string;
      readonly window: string;
      readonly firstMs: number;
      readonly lastMs: number;
      readonly count: number;
    }
  | {
      readonly type: 'gap';
      readonly from: string;
      readonly to: string;
      readonly family: 4 | 6;
      readonly fromMs: number;
      readonly toMs: number | null;
      readonly lost: number;
    }
  | {
      readonly type: 'role';
      readonly store: string;
      readonly member: string;
      readonly role: string;
      readonly term: number | null;
    }
  /** A BGP session as its node logged it, within `withinMs` after `atMs`; written when the run ends. */
  | {
      readonly type: 'session';
      readonly node: string;
      readonly neighbour: string;
      readonly state: 'up' | 'down';
      readonly why: string | null;
      readonly withinMs: number;
    }
  /** Something that a store's own manager did or saw. */
  | { readonly type: 'manager'; readonly store: string; readonly member: string; readonly event: string }
  | { readonly type: 'stall'; readonly stallMs: number }
  | { readonly type: 'end'; readonly verdict: Verdict; readonly record: string; readonly replay: string }
);

/** One listener a reporter. */
export type Reporter = (event: RunEvent) => void;

/** An event without its time, for the function that stamps it. */
export type UntimedEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'atMs'> : never) : never;
