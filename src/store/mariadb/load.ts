/** Load on the database, from a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { History } from '../../history/operation.ts';
import { readHistory } from '../../history/read.ts';
import { nowMs } from '../../linux/clock.ts';
import type { CountsReport, DatabaseCounts, DatabaseLoadOptions } from './load-protocol.ts';
import { order } from './order.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));
const WHO = "the load's process";

export interface DatabaseLoad {
  /** Operations so far, by how they ended; at most a tenth of a second old. */
  counts(): DatabaseCounts;
  /**
   * Waits for the first acknowledged write that was invoked after an instant, and acknowledged after another (CLOCK_MONOTONIC ms).
   * @returns when it was acknowledged; undefined after the time (ms)
   */
  acknowledgedAfter(atMs: number, timeoutMs: number, notBeforeMs?: number): Promise<number | undefined>;
  /** No further operations; resolves when the open ones have ended. */
  stop(): Promise<void>;
  /** After `stop`: reads everything once more. @returns keys that did not answer within the time (ms) */
  finalReads(timeoutMs?: number): Promise<readonly string[]>;
  /** Ends the process, if it still runs, and reads what it recorded. */
  history(): Promise<History>;
}

/** Opens the bank's accounts and starts the clients. @throws Error where the database takes no write */
export async function startDatabaseLoad(options: DatabaseLoadOptions): Promise<DatabaseLoad> {
  const child = fork(PROCESS, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  let counts: DatabaseCounts = { invoke: 0, ok: 0, fail: 0, info: 0 };
  let acknowledged: (readonly [number, number])[] = [];
  child.on('message', (report: CountsReport | { readonly what: 'done' }) => {
    if (report.what !== 'counts') return;
    counts = report.counts;
    acknowledged = [...acknowledged, ...report.acknowledged].slice(-5_000);
  });
  try {
    await order(child, WHO, { do: 'start', options } as { do: string });
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
        await sleep(20);
      }
    },
    stop: async () => void (await order(child, WHO, { do: 'stop' })),
    finalReads: async (timeoutMs = 15_000) =>
      (await order(child, WHO, { do: 'final reads', timeoutMs } as { do: string })) as readonly string[],
    async history() {
      if (child.connected) {
        const exited = once(child, 'exit');
        await order(child, WHO, { do: 'end' });
        await exited;
      }
      return readHistory(options.history);
    },
  };
}
