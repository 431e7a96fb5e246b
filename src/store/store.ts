/** An engine that keeps data on the racks. */
import type { RunningLab } from '../engine/engine.ts';

/** One file or folder a kind: what it needs and how to start it. */
export interface Store {
  readonly kind: string;
  /** Debian packages that it needs. */
  readonly packages: readonly string[];
  /** Starts every member and waits until the store serves. @throws Error naming the member that did not come */
  start(lab: RunningLab, members: readonly Member[]): Promise<RunningStore>;
}

/** Where a member runs. */
export interface Member {
  readonly name: string;
  readonly node: string;
  /** Service address, without prefix length. */
  readonly address: string;
}

/** What a member is by its own word, and in which term; a store without terms has none. */
export interface MemberRole {
  readonly member: string;
  readonly role: 'leader' | 'follower' | 'primary' | 'replica' | 'starting' | 'rebuilding' | 'fenced' | 'silent';
  readonly term: number | null;
}

export interface RunningStore {
  readonly kind: string;
  readonly members: readonly Member[];
  /** Member that leads now; undefined where nobody does or nobody answers. */
  leader(): Promise<Member | undefined>;
  /** What every member is now; one that does not answer is `silent`. */
  roles(): Promise<readonly MemberRole[]>;
  /** Starts the members of nodes that came back from a power cut, with the data that their disks kept. */
  restart(nodes: readonly string[]): Promise<void>;
  /** Resolves when every member serves again. Rejects after the time (ms). */
  healthy(timeoutMs: number): Promise<void>;
}
