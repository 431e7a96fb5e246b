/** Load on a store, from a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { History } from '../../history/operation.ts';
import { readHistory } from '../../history/read.ts';
import type { Command, Counts, FinalReads, LoadOptions, Report } from './load-protocol.ts';

const PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** What every load is told. */
interface LeastOptions {
  readonly history: string;
  readonly places: readonly unknown[];
  readonly members: readonly string[];
}

/** Orders to a load whose own options are not etcd's. */
type Order = Exclude<Command, { readonly do: 'start' }> | { readonly do: 'start'; readonly options: object };

/** Clients at work. */
export interface Load {
  /** Operations so far, by how they ended; at most a tenth of a second old. */
  counts(): Counts;
  /** No further operations; resolves when the open ones have ended. */
  stop(): Promise<void>;
  /** After `stop`: reads every key once more, again and again until it answers or the time (ms) is over. */
  finalReads(timeoutMs?: number): Promise<FinalReads>;
  /** Ends the process, if it still runs, and reads what it recorded. */
  history(): Promise<History>;
}

/**
 * Starts clients; resolves when they are at work.
 * @throws Error where the load cannot start; every later call rejects where its process ended by itself
 */
export function startLoad(options: LoadOptions): Promise<Load> {
  return startLoadProcess(PROCESS, options);
}

/** The same for the load of another store, whose process obeys the same orders. @param file the process's program */
export async function startLoadProcess<Options extends LeastOptions>(file: string, options: Options): Promise<Load> {
  if (options.places.length === 0 || options.members.length === 0)
    throw new Error('a load needs at least one place and one member');
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  let counts: Counts = { invoke: 0, ok: 0, fail: 0, info: 0 };
  child.on('message', (report: Report) => {
    if (report.what === 'counts') counts = report.counts;
  });
  try {
    await order(child, { do: 'start', options });
  } catch (error) {
    if (child.connected) child.disconnect();
    throw error;
  }
  return {
    counts: () => counts,
    stop: async () => void (await order(child, { do: 'stop' })),
    finalReads: async (timeoutMs = 10_000) => (await order(child, { do: 'final reads', timeoutMs }))!,
    async history() {
      if (child.connected) {
        const exited = once(child, 'exit');
        await order(child, { do: 'end' });
        await exited;
      }
      return readHistory(options.history);
    },
  };
}

function order(child: ChildProcess, command: Order): Promise<FinalReads | undefined> {
  return new Promise((resolve, reject) => {
    const gone = (): void =>
      reject(
        new Error(
          `the load's process ended before it could ${command.do} (status ${child.exitCode ?? child.signalCode})`,
        ),
      );
    if (!child.connected) return gone();
    const hear = (report: Report): void => {
      if (report.what === 'counts' || report.of !== command.do) return;
      child.off('message', hear);
      child.off('exit', gone);
      if (report.what === 'done') resolve(report.finalReads);
      else reject(new Error(`the load could not ${command.do}: ${report.why}`));
    };
    child.on('message', hear);
    child.on('exit', gone);
    child.send(command);
  });
}
