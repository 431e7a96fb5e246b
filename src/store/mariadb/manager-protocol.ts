/** What a manager's process and the one that started it say to each other. */
import type { Member } from '../store.ts';
import type { MariadbOptions } from './argv.ts';

export interface ManagerTimers {
  /** How long a lease lasts from the sending of its renewal, milliseconds. */
  readonly leaseMs: number;
  /** What others wait beyond it. */
  readonly marginMs: number;
  readonly renewMs: number;
  /** A primary that has not finished a write of its manager's for so long is sick. */
  readonly sickMs: number;
}

/** Short enough for a fail-over within 1.5 s, long enough for a process that has to wait for a processor. */
export const TIMERS: ManagerTimers = Object.freeze({ leaseMs: 800, marginMs: 150, renewMs: 100, sickMs: 1500 });

/** Defects to plant. */
export interface ManagerDefects {
  /** The first replica of the list is taken, whatever it has and whether or not it has executed it. */
  readonly naiveChoice?: boolean;
  /** A primary whose lease has expired goes on, and its leaf forwards for it. */
  readonly noFencing?: boolean;
}

/** Plain data: it crosses to another process. */
export interface ManagerOptions extends ManagerDefects {
  readonly lab: string;
  /** The member that this instance is beside. */
  readonly member: string;
  readonly members: readonly Member[];
  readonly serviceAddress: string;
  /** Folder of the store within the lab's state: the passwords are there. */
  readonly dir: string;
  readonly server: MariadbOptions;
  readonly timers: ManagerTimers;
}

export type Role = 'primary' | 'replica' | 'starting' | 'rebuilding' | 'fenced';

export type ManagerCommand =
  | { readonly do: 'start'; readonly options: ManagerOptions }
  /** To the primary's instance: hand over to another member. */
  | { readonly do: 'switch over' };

export type ManagerReport =
  | { readonly what: 'done'; readonly of: ManagerCommand['do']; readonly why?: string }
  /** Something changed, CLOCK_MONOTONIC milliseconds. */
  | {
      readonly what: 'event';
      readonly member: string;
      readonly atMs: number;
      readonly event: string;
      readonly epoch: number;
      readonly role: Role;
    };
