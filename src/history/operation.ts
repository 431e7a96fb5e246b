/** The record of what clients did: the words are Jepsen's. */

/** `info`: nobody knows whether it happened. */
export type Outcome = 'ok' | 'fail' | 'info';

export interface Invocation<F extends string = string, V = unknown> {
  readonly type: 'invoke';
  readonly process: number;
  readonly f: F;
  readonly key?: string;
  readonly value: V;
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly atMs: number;
}

/** The server that gave an acknowledgement, as it told the client itself. */
export interface Acknowledger {
  readonly server: number;
  /** Of its service, rising with each change of primary; 0 where it was never made one. */
  readonly epoch: number;
}

export interface Completion<F extends string = string, V = unknown> {
  readonly type: Outcome;
  readonly process: number;
  readonly f: F;
  readonly key?: string;
  readonly value: V;
  readonly atMs: number;
  readonly error?: string;
  /** Who acknowledged it, where clients know. */
  readonly by?: Acknowledger;
}

/** In the order in which the events were seen. A process has one operation open at a time; after `info` it never comes back. */
export type History<F extends string = string, V = unknown> = readonly (Invocation<F, V> | Completion<F, V>)[];
