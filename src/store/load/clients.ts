/** Clients at work on a store, each one operation at a time, all in one history. */
import { setTimeout as sleep } from 'node:timers/promises';
import { arrivals } from '../../history/arrivals.ts';
import type { Acknowledger, Outcome } from '../../history/operation.ts';
import { createRecorder, type RecordedRequest, type Recorder } from '../../history/recorder.ts';
import { nowMs } from '../../linux/clock.ts';
import type { CountsReport, FinalReads } from './protocol.ts';
import { closedLoop, openLoop, type Turns } from './turns.ts';

/** What a client knows of an operation. */
export interface Completed {
  readonly type: Outcome;
  /** What a read returned; what was asked for otherwise. */
  readonly value: unknown;
  readonly error?: string;
  readonly by?: Acknowledger;
}

/** What a store's load does. */
export interface Work<Request extends RecordedRequest> {
  /** File that the history goes to. */
  readonly history: string;
  readonly clients: number;
  /** Operations a second of all clients together, at random instants that `seed` draws; absent: as many as come back. */
  readonly rate?: number | undefined;
  readonly seed: number;
  request(client: number, index: number): Request;
  execute(client: number, request: Request): Promise<Completed>;
  /** Told what became of an operation of the load: its value where it was acknowledged. */
  learn?(client: number, request: Request, acknowledged: { readonly value: unknown } | undefined): void;
  /** What is read in the end, of all that was done until then. */
  finalReads(): readonly Request[];
  /** How many final reads go on at once. */
  readonly lanes: number;
  executeFinal(client: number, request: Request): Promise<Completed>;
  close(): void;
}

const REPORT_MS = 100;
/** A client that was refused waits so long: a refused connection takes no time at all. */
const REST_MS = 20;

export class Clients<Request extends RecordedRequest> {
  readonly #work: Work<Request>;
  readonly #say: (report: CountsReport) => void;
  readonly #recorder: Recorder;
  readonly #turns: Turns;
  readonly #loops: readonly Promise<void>[];
  readonly #report: NodeJS.Timeout;
  #acknowledged: (readonly [number, number])[] = [];

  constructor(work: Work<Request>, say: (report: CountsReport) => void) {
    this.#work = work;
    this.#say = say;
    this.#recorder = createRecorder(work.history, work.clients);
    this.#report = setInterval(() => this.#tell(), REPORT_MS);
    this.#turns = work.rate === undefined ? closedLoop() : openLoop(arrivals(work.seed, work.rate));
    this.#loops = Array.from({ length: work.clients }, (_, client) => this.#loop(client));
  }

  /** Resolves when every open operation has ended. */
  async stop(): Promise<void> {
    this.#turns.stop();
    await Promise.all(this.#loops);
    this.#tell();
  }

  /** Each final read until it has answered once, each try by another client, or until the time (ms) is over. */
  async finalReads(timeoutMs: number): Promise<FinalReads> {
    const deadline = nowMs() + timeoutMs;
    const { clients } = this.#work;
    const reads = this.#work.finalReads();
    const lanes = Math.min(this.#work.lanes, clients, reads.length);
    const open = new Set(reads);
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (let at = lane; at < reads.length; at += lanes) {
          const read = reads[at]!;
          for (let client = lane; open.has(read) && nowMs() < deadline; client = (client + lanes) % clients) {
            const done = await this.#record(client, read, () => this.#work.executeFinal(client, read));
            if (done !== undefined) open.delete(read);
            else await sleep(REST_MS);
          }
        }
      }),
    );
    this.#tell();
    const missing = new Set([...open].map(({ key }) => key));
    return { read: reads.map(({ key }) => key).filter((key) => !missing.has(key)), missing: [...missing] };
  }

  end(): void {
    clearInterval(this.#report);
    this.#work.close();
    this.#recorder.close();
  }

  async #loop(client: number): Promise<void> {
    for (let index = 0; await this.#turns.next(); index++) {
      const request = this.#work.request(client, index);
      const done = await this.#record(client, request, () => this.#work.execute(client, request));
      this.#work.learn?.(client, request, done);
      if (done === undefined) await sleep(REST_MS);
    }
  }

  /** Undefined where it was not acknowledged. */
  async #record(
    client: number,
    request: Request,
    execute: () => Promise<Completed>,
  ): Promise<{ readonly value: unknown } | undefined> {
    const complete = this.#recorder.invoke(client, request);
    const invokedMs = nowMs();
    const { type, value, error, by } = await execute();
    complete(type, value, error, by);
    if (type !== 'ok') return undefined;
    if (request.f !== 'read') this.#acknowledged.push([invokedMs, nowMs()]);
    return { value };
  }

  #tell(): void {
    this.#recorder.flush();
    this.#say({
      what: 'counts',
      counts: { ...this.#recorder.counts, shed: this.#turns.shed },
      acknowledged: this.#acknowledged,
    });
    this.#acknowledged = [];
  }
}

/** For `Work.learn`: what each client saw last of each key, from which a compare-and-set expects. */
export function createMemory(clients: number): {
  readonly seen: readonly ReadonlyMap<string, unknown>[];
  learn(client: number, request: RecordedRequest, acknowledged: { readonly value: unknown } | undefined): void;
} {
  const seen = Array.from({ length: clients }, () => new Map<string, unknown>());
  return {
    seen,
    learn(client, { f, key, value }, acknowledged) {
      if (acknowledged === undefined) seen[client]!.delete(key);
      else seen[client]!.set(key, f === 'cas' ? (value as readonly unknown[])[1] : acknowledged.value);
    },
  };
}
