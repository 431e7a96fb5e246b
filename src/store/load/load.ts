/** Load on a store, from a process of its own, so that the history has one order and nothing here disturbs it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../../history/operation.ts';
import { readHistory } from '../../history/read.ts';
import { nowMs } from '../../linux/clock.ts';
import { order } from '../order.ts';
import type { Counts, CountsReport, FinalReads, LoadCommand } from './protocol.ts';

const WHO = "the load's process";
/** Acknowledged writes that are kept for `acknowledgedAfter`. */
const KEPT = 5_000;
const LOOK_MS = 20;

/** Clients at work. Where their process ended by itself `stop` and `finalReads` reject, and nothing more is acknowledged. */
export interface Load {
  /** Operations so far, by how they ended; at most a tenth of a second old. */
  counts(): Counts;
  /**
   * Waits for the first acknowledged write that was invoked after an instant, and acknowledged after another (CLOCK_MONOTONIC ms).
   * @returns when it was acknowledged; undefined after the time (ms)
   */
  acknowledgedAfter(atMs: number, timeoutMs: number, notBeforeMs?: number): Promise<number | undefined>;
  /** No further operations; resolves when the open ones have ended. */
  stop(): Promise<void>;
  /** After `stop`: reads every key once more, again and again until it answers or the time (ms) is over. Default 10 s. */
  finalReads(timeoutMs?: number): Promise<FinalReads>;
  /** Ends the process, if it still runs, and reads what it recorded. */
  history(): Promise<History>;
}

/**
 * Starts clients; resolves when they are at work.
 * @param file program of the process: one that calls `serveLoad`
 * @throws Error where the load cannot start
 */
export async function startLoadProcess<
  Options extends { readonly history: string; readonly places: readonly unknown[] },
>(file: string, options: Options): Promise<Load> {
  if (options.places.length === 0) throw new Error('a load needs at least one place for its clients');
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  let counts: Counts = { invoke: 0, ok: 0, fail: 0, info: 0, shed: 0 };
  let acknowledged: CountsReport['acknowledged'] = [];
  child.on('message', (report: CountsReport | { readonly what: 'done' }) => {
    if (report.what !== 'counts') return;
    counts = report.counts;
    acknowledged = [...acknowledged, ...report.acknowledged].slice(-KEPT);
  });
  const tell = (command: LoadCommand<Options>) => order(child, WHO, command);
  try {
    await tell({ do: 'start', options });
  } catch (error) {
    if (child.connected) child.disconnect();
    throw error;
  }
  return {
    counts: () => counts,
    async acknowledgedAfter(atMs, timeoutMs, notBeforeMs = atMs) {
      const deadline = nowMs() + timeoutMs;
      for (;;) {
        const after = acknowledged
          .filter(([invokedMs, returnedMs]) => invokedMs >= atMs && returnedMs >= notBeforeMs)
          .map(([, returnedMs]) => returnedMs);
        if (after.length > 0) return Math.min(...after);
        if (nowMs() >= deadline) return undefined;
        await sleep(LOOK_MS);
      }
    },
    stop: async () => void (await tell({ do: 'stop' })),
    finalReads: async (timeoutMs = 10_000) => (await tell({ do: 'final reads', timeoutMs })) as FinalReads,
    async history() {
      if (child.connected) {
        const exited = once(child, 'exit');
        await tell({ do: 'end' });
        await exited;
      }
      return readHistory(options.history);
    },
  };
}
