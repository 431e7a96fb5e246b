/** One thing that breaks: what it does, the proof that it took effect, and how it heals. */
import type { RunningLab } from '../engine/engine.ts';
import type { PowerTree } from '../fabric/index.ts';
import type { Failures } from '../oracle/oracle.ts';
import type { Verdict } from '../verdict.ts';

/** One file a kind, in this folder. `K` is the name on the command line and in `verdict.json`. */
export interface FaultKind<K extends string = string> {
  readonly kind: K;
  /** One line for people: what breaks. */
  readonly summary: string;
  /** What a target names. */
  readonly targets: 'link' | 'node' | 'nodes' | 'rack' | 'power' | 'lab';
  /** Only nodes with a disk of their own can be struck. */
  readonly needsDisk?: true;
  /** Prepares the fault; touches nothing yet. @throws InputError where the target is not of this kind */
  prepare(context: FaultContext, target: string): Fault;
}

export interface FaultContext {
  readonly lab: RunningLab;
  /** Nodes of each rack: its leaf first. Empty where the topology has no racks. */
  readonly racks: ReadonlyMap<string, readonly string[]>;
  /** Who feeds whom; absent where nobody knows. */
  readonly power?: PowerTree | undefined;
  /** Addresses of each node by its configuration, both families, without prefix length; none that moves from node to node. */
  readonly addresses?: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds of BFD detection between routers, undefined without BFD. */
  readonly detectionMs: number | undefined;
  /** What a fault draws beyond its target comes from it. Default 0. */
  readonly seed?: number;
}

export interface Fault {
  readonly kind: string;
  readonly target: string;
  /** What the fault predicts while it lasts. */
  readonly predicts: FaultPrediction;
  /** Nodes on which programs may have died or lost their data though nothing is predicted to go: stores look after their members there once it is healed. */
  readonly strikes?: ReadonlySet<string>;
  /** The data there cannot be trusted any more: once it is healed, members on those nodes are rebuilt from the others. */
  readonly rebuild?: boolean;
  /** Breaks it. Resolves with the CLOCK_MONOTONIC instant (ms) at which it took effect. */
  inject(): Promise<{ readonly atMs: number }>;
  /** Looks at the kernel and the processes, not at what `inject` believes. */
  proof(): Promise<Proof>;
  /** Mends it; may be called without `inject`, and twice. Resolves with the instant (ms) at which the cause was gone. */
  heal(): Promise<{ readonly atMs: number }>;
}

export interface Proof {
  /** `pass`: it took effect; `fail`: it did not, so the fault does not count; `unknown`: could not be seen. */
  readonly verdict: Verdict;
  /** What was seen, for people. */
  readonly evidence: string;
}

/**
 * `removed`: `failures` are gone and tables must equal the oracle's without them. `frozen`: likewise, the frozen nodes' own tables unchanged and left out.
 * `unchanged`: tables stay; probes lose at most the given share on the link, and all between whom it separates. `after-last-flap`: as before, measured from the last flap.
 * `excluded` names nodes whose own tables are not judged during the fault (their routing daemon is dead or they are off).
 */
export interface FaultPrediction {
  readonly kind: 'removed' | 'frozen' | 'unchanged' | 'after-last-flap';
  readonly failures: Failures;
  readonly excluded?: ReadonlySet<string>;
  /** Nodes that were off for a moment `after-last-flap`: what they lose of probes meanwhile is their reboot, and tables have as long as after a heal. */
  readonly rebooted?: ReadonlySet<string>;
  /** Share of packets lost on the link while `unchanged`, 0 to 1; absent where the target is no link and none is due. */
  readonly loss?: number;
  /** Whose packets no longer arrive at whom while `unchanged`: sender -> receivers. */
  readonly separated?: ReadonlyMap<string, ReadonlySet<string>>;
}
