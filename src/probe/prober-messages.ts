/** What the lab and its prober process say to each other. */
import type { Flow, ProbeEndpoint, ProbeWindow } from './observer.ts';

export interface ProberPlan {
  readonly endpoints: readonly ProbeEndpoint[];
  readonly flows: readonly Flow[];
  readonly intervalMs: number;
}

/** Each is answered by one answer, in order. */
export type ProberRequest =
  | { readonly kind: 'start'; readonly plan: ProberPlan }
  | { readonly kind: 'open' }
  | { readonly kind: 'close'; readonly drainMs: number };

export type ProberAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened'; readonly atMs: number }
  | { readonly kind: 'closed'; readonly window: ProbeWindow }
  | { readonly kind: 'failed'; readonly message: string };
