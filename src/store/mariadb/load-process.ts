/** The process of the load: all clients in one, so that the history has one order. Driven by messages (`load-protocol.ts`). */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorder, type Recorder } from '../../history/recorder.ts';
import { nowMs } from '../../linux/clock.ts';
import { createDatabaseClient, type DatabaseClient } from './client.ts';
import type { ClientDefects } from './client-defects.ts';
import { connect } from './connection.ts';
import { credentialsIn } from './credentials.ts';
import type { CountsReport, DatabaseLoadCommand, DatabaseLoadOptions } from './load-protocol.ts';
import type { Done } from './order.ts';
import { ACCOUNTS, type DatabaseRequest, databaseFinalReads, databaseRequest, OPENING_BALANCE } from './workload.ts';

const REPORT_MS = 100;
/** A refused connection takes no time at all. */
const REST_MS = 20;
/** Reads of all that a set holds take longer than those of a row. */
const FINAL_READ_MS = 5_000;

class Load {
  readonly #options: DatabaseLoadOptions;
  readonly #recorder: Recorder;
  readonly #clients: readonly DatabaseClient[];
  readonly #loops: Promise<void>[];
  readonly #report: NodeJS.Timeout;
  #acknowledged: (readonly [number, number])[] = [];
  /** Transactions over lists of the client that did most of them. */
  #lists = 0;
  #stopped = false;

  constructor(options: DatabaseLoadOptions) {
    this.#options = options;
    this.#recorder = createRecorder(options.history, options.clients);
    this.#clients = Array.from({ length: options.clients }, (_, client) =>
      this.#client(client, options.timeoutMs ?? 1_000, options.defects),
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

  /** Reads everything, one after another, each until it answers or the time is over. @returns keys that did not */
  async finalReads(timeoutMs: number): Promise<readonly string[]> {
    const deadline = nowMs() + timeoutMs;
    const { seed, keys } = this.#options;
    const missing: string[] = [];
    const reader = this.#client(0, FINAL_READ_MS);
    for (const request of databaseFinalReads(seed, keys, this.#lists)) {
      let ok = false;
      while (!ok && nowMs() < deadline) {
        ok = (await this.#execute(0, reader, request)) !== undefined;
        if (!ok) await sleep(REST_MS);
      }
      if (!ok) missing.push(request.key);
    }
    reader.close();
    this.#tell();
    return missing;
  }

  end(): void {
    clearInterval(this.#report);
    for (const client of this.#clients) client.close();
    this.#recorder.close();
  }

  #client(client: number, timeoutMs: number, defects?: ClientDefects): DatabaseClient {
    const { places, serviceAddress, dir } = this.#options;
    return createDatabaseClient(
      {
        // Each place has clients of every kind.
        netns: places[(client + Math.floor(client / 4)) % places.length]!,
        address: serviceAddress,
        user: 'app',
        password: credentialsIn(dir).app,
      },
      timeoutMs,
      defects,
    );
  }

  async #loop(client: number): Promise<void> {
    const { clients, rate, seed, keys, workloads } = this.#options;
    const spacing = (clients / rate) * 1000;
    const seen = new Map<string, unknown>();
    // Spread over the first interval: clients must not move in step.
    let due = nowMs() + (spacing * client) / clients;
    for (let index = 0; ; index++) {
      const wait = due - nowMs();
      if (wait > 0) await sleep(wait);
      if (this.#stopped) return;
      // A client that waited long for an answer does not catch up: the rate is a limit.
      due = Math.max(due + spacing, nowMs());
      const request = databaseRequest(seed, keys, client, index, seen, workloads);
      if (request.f === 'txn') this.#lists = Math.max(this.#lists, index + 1);
      const done = await this.#execute(client, this.#clients[client]!, request);
      if (done === undefined) {
        seen.delete(request.key);
        await sleep(REST_MS);
      } else seen.set(request.key, request.f === 'cas' ? (request.value as readonly unknown[])[1] : done.value);
    }
  }

  /** One operation, recorded. Undefined where it was not acknowledged. */
  async #execute(
    number: number,
    client: DatabaseClient,
    request: DatabaseRequest,
  ): Promise<{ readonly value: unknown } | undefined> {
    const complete = this.#recorder.invoke(number, request);
    const invokedMs = nowMs();
    const { type, value, error, by } = await client.execute(request);
    complete(type, value, error, by);
    if (type !== 'ok') return undefined;
    if (request.f !== 'read') this.#acknowledged.push([invokedMs, nowMs()]);
    return { value };
  }

  #tell(): void {
    this.#recorder.flush();
    const report: CountsReport = {
      what: 'counts',
      counts: { ...this.#recorder.counts },
      acknowledged: this.#acknowledged,
    };
    this.#acknowledged = [];
    process.send?.(report);
  }
}

/** The bank opens with the same balance on every account. */
async function openAccounts({ places, serviceAddress, dir }: DatabaseLoadOptions): Promise<void> {
  const session = await connect({
    netns: places[0]!,
    address: serviceAddress,
    user: 'app',
    password: credentialsIn(dir).app,
    database: 'lab',
    connectMs: 5_000,
  });
  try {
    const rows = ACCOUNTS.map(() => '(?, ?)').join(', ');
    const values = ACCOUNTS.flatMap((name) => [name, OPENING_BALANCE]);
    await session.query(`INSERT IGNORE INTO accounts VALUES ${rows}`, values, 10_000);
  } finally {
    session.close();
  }
}

let load: Load | undefined;

async function obey(command: DatabaseLoadCommand): Promise<unknown> {
  if (command.do === 'start') {
    await openAccounts(command.options);
    load = new Load(command.options);
  } else if (command.do === 'stop') await load?.stop();
  else if (command.do === 'final reads') return load?.finalReads(command.timeoutMs);
  else load?.end();
  return undefined;
}

process.on('message', async (command: DatabaseLoadCommand) => {
  const done: Done = await obey(command).then(
    (result) => ({ what: 'done', of: command.do, result }),
    (error: Error) => ({ what: 'done', of: command.do, why: error.message }),
  );
  process.send?.(done);
  if (command.do === 'end') process.disconnect();
});
// Whoever started the load is gone: nobody would end it.
process.on('disconnect', () => process.exit());
// An interrupt from the terminal reaches the whole group; the one who started the load decides.
process.on('SIGINT', () => {});
