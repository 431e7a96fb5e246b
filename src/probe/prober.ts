/** Probes a whole fabric from one process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Flow, ProbeEndpoint, Prober } from './observer.ts';
import type { ProberAnswer, ProberRequest } from './prober-messages.ts';

/** Packets a second, all flows together, that the prober sends without weighing on what it measures. */
const BUDGET_PER_SECOND = 20_000;

/** The wanted interval of a flow (ms), or the shortest that the budget of 20,000 packets a second allows for so many flows. */
export function intervalFor(flowCount: number, wantedMs: number): number {
  return Math.max(wantedMs, (flowCount * 1000) / BUDGET_PER_SECOND);
}

export interface ProberOptions {
  readonly endpoints: readonly ProbeEndpoint[];
  readonly flows: readonly Flow[];
  /** Between two packets of one flow; see `intervalFor`. */
  readonly intervalMs: number;
}

/**
 * Starts the prober's process and opens its sockets; it sends only while a window is open. It ends with `stop`, and with this process.
 * @throws Error where the interval is not one, a flow names no endpoint, or a namespace or port is not to be had
 */
export async function startProber(options: ProberOptions): Promise<Prober> {
  const { flows, intervalMs } = options;
  if (!(intervalMs > 0)) throw new RangeError(`prober: an interval of ${intervalMs} ms is not possible`);
  const child = fork(join(import.meta.dirname, `prober-process${extname(import.meta.filename)}`), {
    execPath: process.execPath,
    // V8's helper threads do not run first as the prober does: waiting for them would stall it on a busy machine.
    execArgv: ['--single-threaded'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = askIn(child);
  try {
    await ask({ kind: 'start', plan: { endpoints: options.endpoints, flows, intervalMs } }, 'ready');
  } catch (error) {
    await end(child);
    throw error;
  }
  return Object.freeze<Prober>({
    flows,
    intervalMs,
    async open() {
      const { atMs } = await ask({ kind: 'open' }, 'opened');
      return { atMs };
    },
    async close(drainMs = 50) {
      const { window } = await ask({ kind: 'close', drainMs }, 'closed');
      return window;
    },
    stop: () => end(child),
  });
}

type Ask = <K extends Exclude<ProberAnswer['kind'], 'failed'>>(
  request: ProberRequest,
  expected: K,
) => Promise<Extract<ProberAnswer, { kind: K }>>;

/** Questions to the process, answered in the order in which they were asked. */
function askIn(child: ChildProcess): Ask {
  const waiting: { resolve(answer: ProberAnswer): void; reject(error: Error): void }[] = [];
  let gone: Error | undefined;
  child.on('message', (answer: ProberAnswer) => waiting.shift()?.resolve(answer));
  const leave = (why: string) => {
    gone ??= new Error(`prober: its process ${why}`);
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  child.on('error', (error) => leave(`failed: ${error.message}`));
  child.on('exit', (code, signal) => leave(`has ended (${signal ?? `exit status ${code}`})`));
  return async (request, expected) => {
    if (gone) throw gone;
    const answer = await new Promise<ProberAnswer>((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.send(request);
    });
    if (answer.kind === 'failed') throw new Error(answer.message);
    if (answer.kind !== expected) throw new Error(`prober: answered '${answer.kind}' where '${expected}' was due`);
    return answer as Extract<ProberAnswer, { kind: typeof expected }>;
  };
}

/** Lets the process go by closing its channel; kills it where that does not help. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
  await exited;
  clearTimeout(timer);
}
