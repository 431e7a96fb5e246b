/** How the kernel schedules threads. */
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { libc } from './libc.ts';

const schedSetscheduler: (pid: number, policy: number, parameters: Int32Array) => number = libc.func(
  'int sched_setscheduler(int pid, int policy, void *parameters)',
);

const SCHED_FIFO = 1;
const SCHED_RR = 2;
const SCHED_RESET_ON_FORK = 0x4000_0000;

/**
 * Lets the calling thread run before everything that is not real-time (lowest real-time priority, sched(7)). Only for a process that sleeps most of its time.
 * A high nice value is not enough: kernels with autogroups weigh it only within the session.
 * @returns false where the system does not allow it; then the thread gets the best nice value that it may have
 */
export function runFirst(): boolean {
  if (schedSetscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, Int32Array.of(1)) === 0) return true;
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Needs CAP_SYS_NICE; what is measured says itself how late it was.
  }
  return false;
}

/**
 * Lets a program that does little run before everything that is not real-time, with all its threads and those that they start.
 * @returns false where the process is gone or the system does not allow it
 */
export function letRunFirst(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    return threads.map((thread) => schedSetscheduler(thread, SCHED_RR, Int32Array.of(1)) === 0).every(Boolean);
  } catch {
    return false;
  }
}
