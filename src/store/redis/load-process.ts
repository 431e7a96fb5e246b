/** The process of the load on a cache: all clients in one, so that the history has one order. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CacheOperation,
  type CacheWorkload,
  cacheFinalReads,
  cacheOperationAt,
} from '../../history/cache-workload.ts';
import { createRecorder, type Recorder } from '../../history/recorder.ts';
import { nowMs } from '../../linux/clock.ts';
import type { FinalReads, Report } from '../etcd/load-protocol.ts';
import { type Client, createClient } from './client.ts';
import type { CacheLoadOptions } from './load-protocol.ts';

const REPORT_MS = 100;
/** A client that was refused waits so long: a refused connection takes no time at all. */
const REST_MS = 20;

class CacheLoad {
  readonly #options: CacheLoadOptions;
  readonly #workload: CacheWorkload;
  readonly #recorder: Recorder;
  readonly #clients: readonly Client[];
  readonly #loops: readonly Promise<void>[];
  readonly #report: NodeJS.Timeout;
  #stopped = false;

  constructor(options: CacheLoadOptions) {
    const { seed, clients, keysPerClient, places, members, timeoutMs, readFrom } = options;
    this.#options = options;
    this.#workload = { seed, clients, keysPerClient };
    this.#recorder = createRecorder(options.history, clients);
    this.#clients = Array.from({ length: clients }, (_, client) => {
      const { netns, nearest } = places[client % places.length]!;
      return createClient({ netns, members, first: nearest, timeoutMs, readFrom });
    });
    this.#report = setInterval(() => this.#tell(), REPORT_MS);
    this.#loops = this.#clients.map((_, client) => this.#loop(client));
  }

  /** Resolves when every open operation has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    this.#tell();
  }

  /** Reads every key from the primary until each has answered once; clients take turns. */
  async finalReads(timeoutMs: number): Promise<FinalReads> {
    const deadline = nowMs() + timeoutMs;
    const reads = cacheFinalReads(this.#workload);
    const left = new Set(reads.map(({ key }) => key));
    for (let turn = 0; left.size > 0 && nowMs() < deadline; turn++) {
      for (const read of reads.filter(({ key }) => left.has(key))) {
        if (nowMs() >= deadline) break;
        if (await this.#execute(turn % this.#clients.length, read, 'primary')) left.delete(read.key);
        else {
          await sleep(REST_MS);
          break;
        }
      }
    }
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
    const { clients, rate, readFrom } = this.#options;
    const spacing = (clients / rate) * 1000;
    let due = nowMs() + (spacing * client) / clients;
    for (let index = 0; ; index++) {
      const wait = due - nowMs();
      if (wait > 0) await sleep(wait);
      if (this.#stopped) return;
      // A client that waited long for an answer does not catch up: the rate is a limit.
      due = Math.max(due + spacing, nowMs());
      if (!(await this.#execute(client, cacheOperationAt(this.#workload, client, index), readFrom)))
        await sleep(REST_MS);
    }
  }

  /** One operation, recorded; whether it was acknowledged. */
  async #execute(client: number, operation: CacheOperation, readFrom: 'primary' | 'nearest'): Promise<boolean> {
    const complete = this.#recorder.invoke(client, operation);
    const { type, value, error } = await this.#clients[client]!.execute(operation, readFrom);
    complete(type, value, error);
    return type === 'ok';
  }

  #tell(): void {
    this.#recorder.flush();
    say({ what: 'counts', counts: { ...this.#recorder.counts } });
  }
}

type Order =
  | { readonly do: 'start'; readonly options: CacheLoadOptions }
  | { readonly do: 'stop' }
  | { readonly do: 'final reads'; readonly timeoutMs: number }
  | { readonly do: 'end' };

function say(report: Report): void {
  process.send?.(report);
}

let load: CacheLoad | undefined;

async function obey(order: Order): Promise<FinalReads | undefined> {
  if (order.do === 'start') load = new CacheLoad(order.options);
  else if (order.do === 'stop') await load?.stop();
  else if (order.do === 'final reads') return load?.finalReads(order.timeoutMs);
  else load?.end();
  return undefined;
}

process.on('message', async (order: Order) => {
  try {
    const result = await obey(order);
    say({ what: 'done', of: order.do, ...(result === undefined ? {} : { finalReads: result }) });
    if (order.do === 'end') process.disconnect();
  } catch (error) {
    say({ what: 'failed', of: order.do, why: (error as Error).message });
  }
});
// Whoever started the load is gone: nobody would end it.
process.on('disconnect', () => process.exit());
// An interrupt from the terminal reaches the whole group; the one who started the load decides.
process.on('SIGINT', () => {});
