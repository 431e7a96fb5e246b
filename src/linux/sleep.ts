/** Sleeping to an instant, more exactly than a timer of the event loop. */
import { libc } from './libc.ts';

const clockNanosleep: (clock: number, flags: number, until: BigInt64Array, left: null) => number = libc.func(
  'int clock_nanosleep(int clock, int flags, void *until, void *left)',
);

const CLOCK_MONOTONIC = 1;
const TIMER_ABSTIME = 1;
const until = new BigInt64Array(2);

/** Blocks the thread until an instant of `nowMs()`: only for a process whose one task is to keep a schedule. */
export function sleepUntil(atMs: number): void {
  const seconds = Math.floor(atMs / 1000);
  until[0] = BigInt(seconds);
  until[1] = BigInt(Math.floor((atMs - seconds * 1000) * 1e6));
  clockNanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, until, null);
}
