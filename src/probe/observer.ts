/** What watches a lab while it is broken: routes by netlink, packets by probes. Implemented by processes of their own (`watcher.ts`, `prober.ts`), so that the lab's own work cannot stall them. All instants are CLOCK_MONOTONIC milliseconds. */
import type { NodeRoutes, RouteDifference } from '../router/routes.ts';

/** Watches the kernel tables of every router. Events trigger, dumps decide. */
export interface RouteWatcher {
  /** What the tables must be from now on; a node that is not in the map is not judged. Starts a new window. */
  expect(predicted: ReadonlyMap<string, NodeRoutes>): Promise<void>;
  /** Resolves when all tables equal the prediction and have stayed so for `quietMs`, or after `timeoutMs` without. */
  settled(options: { readonly timeoutMs: number; readonly quietMs: number }): Promise<RouteWindow>;
  /** Tables of every node, dumped now. */
  dump(): Promise<ReadonlyMap<string, NodeRoutes>>;
  close(): Promise<void>;
}

export interface RouteWindow {
  /** Instant of the first dumps, on every judged router, equal to the prediction and not unequal again in the window; undefined where that did not happen. */
  readonly equalAtMs: number | undefined;
  /** What was still different when the window closed. */
  readonly differences: readonly RouteDifference[];
  /** First and last route change that the kernel reported, by node. */
  readonly changes: ReadonlyMap<string, { readonly firstMs: number; readonly lastMs: number; readonly count: number }>;
}

export interface ProbeEndpoint {
  readonly node: string;
  readonly netns: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** A stream of numbered packets with one 5-tuple, from one endpoint to another. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly family: 4 | 6;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Links crossed while the lab is healthy, as `<link name>` with direction `aToZ` or `zToA`. */
  readonly path: readonly { readonly link: string; readonly direction: 'aToZ' | 'zToA' }[];
}

export interface Prober {
  readonly flows: readonly Flow[];
  /** Between two packets of one flow. */
  readonly intervalMs: number;
  /** Begins a window now. */
  open(): Promise<{ readonly atMs: number }>;
  /** Ends it, after waiting `drainMs` for packets under way. */
  close(drainMs?: number): Promise<ProbeWindow>;
  stop(): Promise<void>;
}

export interface ProbeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** Longest time in which the prober itself did not send; a window with more than a few intervals is no measurement. */
  readonly stallMs: number;
  readonly flows: readonly FlowLoss[];
  /** Packets of all flows by the instant at which they were sent, counted from `fromMs`: the loss over time. */
  readonly buckets?: { readonly bucketMs: number; readonly sent: readonly number[]; readonly lost: readonly number[] };
}

export interface FlowLoss {
  /** Index into `Prober.flows`. */
  readonly flow: number;
  readonly sent: number;
  readonly lost: number;
  /** Longest stretch between two packets that arrived, with at least one lost between; ms. 0 where none was lost. */
  readonly longestGapMs: number;
  /** When that stretch began (send instant of the last packet that arrived before it) and ended (that of the first after; undefined where the window closed first). */
  readonly gapFromMs: number | undefined;
  readonly gapToMs: number | undefined;
  /** Where packets were still being lost as the window closed, in whichever gap: send instant of the last one that arrived, or the opening of the window. */
  readonly openSinceMs?: number;
}
