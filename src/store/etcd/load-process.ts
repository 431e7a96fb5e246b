/** The process of the load: all clients in one, so that the history has one order. Driven by messages (`load-protocol.ts`). */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorder, type Recorder } from '../../history/recorder.ts';
import { finalReads, type Request, registerWorkload, requestAt, type Workload } from '../../history/workload.ts';
import { nowMs } from '../../linux/clock.ts';
import { type Client, createClient } from './client.ts';
import type { Command, FinalReads, LoadOptions, Report } from './load-protocol.ts';

const REPORT_MS = 100;
/** A client whose member does not serve waits so long before the next: a refused connection takes no time at all. */
const REST_MS = 20;

class Load {
  readonly #options: LoadOptions;
  readonly #workload: Workload;
  readonly #recorder: Recorder;
  readonly #clients: readonly Client[];
  readonly #loops: Promise<void>[];
  readonly #report: NodeJS.Timeout;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#workload = registerWorkload(options.seed, options.keys, options.keyPrefix);
    this.#recorder = createRecorder(options.history, options.clients);
    this.#clients = Array.from({ length: options.clients }, (_, first) =>
      createClient({
        netns: options.places[first % options.places.length]!,
        members: options.members,
        first,
        timeoutMs: options.timeoutMs ?? 1_000,
        ...(options.treatTimeoutAs === undefined ? {} : { treatTimeoutAs: options.treatTimeoutAs }),
        ...(options.serializableReads === undefined ? {} : { serializableReads: options.serializableReads }),
      }),
    );
    this.#report = setInterval(() => this.#tell(), REPORT_MS);
    this.#loops = this.#clients.map((_, client) => this.#loop(client));
  }

  /** Resolves when every open operation has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    this.#tell();
  }

  /** Reads every key until each has answered once; clients take turns, and so do members. */
  async finalReads(timeoutMs: number): Promise<FinalReads> {
    const deadline = nowMs() + timeoutMs;
    const reads = finalReads(this.#workload);
    const left = new Set(reads.map(({ key }) => key));
    const lanes = Math.min(this.#clients.length, reads.length);
    await Promise.all(
      Array.from({ length: lanes }, async (_, client) => {
        for (let at = client; at < reads.length; at += lanes) {
          while (left.has(reads[at]!.key) && nowMs() < deadline) {
            if ((await this.#execute(client, reads[at]!)) !== undefined) left.delete(reads[at]!.key);
            else await sleep(REST_MS);
          }
        }
      }),
    );
    this.#tell();
    const keys = reads.map(({ key }) => key);
    return { read: keys.filter((key) => !left.has(key)), missing: [...left] };
  }

  end(): void {
    clearInterval(this.#report);
    for (const client of this.#clients) client.close();
    this.#recorder.close();
  }

  async #loop(client: number): Promise<void> {
    const { clients, rate } = this.#options;
    const spacing = rate === undefined ? 0 : (clients / rate) * 1000;
    const seen = new Map<string, unknown>();
    // Spread over the first interval: clients must not move in step.
    let due = nowMs() + (spacing * client) / clients;
    for (let index = 0; ; index++) {
      const wait = due - nowMs();
      if (wait > 0) await sleep(wait);
      if (this.#stopped) return;
      // A client that waited long for an answer does not catch up: the rate is a limit.
      due = Math.max(due + spacing, nowMs());
      const request = requestAt(this.#workload, client, index, seen);
      const completed = await this.#execute(client, request);
      if (completed === undefined) {
        seen.delete(request.key);
        await sleep(REST_MS);
      } else seen.set(request.key, request.f === 'cas' ? (request.value as readonly unknown[])[1] : completed.value);
    }
  }

  /** One operation, recorded. Undefined where it was not acknowledged. */
  async #execute(client: number, request: Request): Promise<{ readonly value: unknown } | undefined> {
    const complete = this.#recorder.invoke(client, request);
    const { type, value, error } = await this.#clients[client]!.execute(request);
    complete(type, value, error);
    return type === 'ok' ? { value } : undefined;
  }

  #tell(): void {
    this.#recorder.flush();
    say({ what: 'counts', counts: { ...this.#recorder.counts } });
  }
}

function say(report: Report): void {
  process.send?.(report, undefined, undefined, () => {
    // Whoever started the load is gone; `disconnect` ends this process.
  });
}

let load: Load | undefined;

async function obey(command: Command): Promise<FinalReads | undefined> {
  if (command.do === 'start') load = new Load(command.options);
  else if (command.do === 'stop') await load?.stop();
  else if (command.do === 'final reads') return load?.finalReads(command.timeoutMs);
  else load?.end();
  return undefined;
}

process.on('message', async (command: Command) => {
  try {
    const result = await obey(command);
    say({ what: 'done', of: command.do, ...(result === undefined ? {} : { finalReads: result }) });
    if (command.do === 'end') process.disconnect();
  } catch (error) {
    say({ what: 'failed', of: command.do, why: (error as Error).message });
  }
});
// Whoever started the load is gone: nobody would end it.
process.on('disconnect', () => process.exit());
// An interrupt from the terminal reaches the whole group; the one who started the load decides.
process.on('SIGINT', () => {});
