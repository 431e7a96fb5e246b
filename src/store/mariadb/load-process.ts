/** The process of the load on the database: registers, a bank, a set and lists, on whoever has the service address. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../../linux/clock.ts';
import { createMemory, serveLoad, type Work } from '../load/index.ts';
import { createDatabaseClient } from './client.ts';
import type { ClientDefects } from './client-defects.ts';
import { connect } from './connection.ts';
import { credentialsIn } from './credentials.ts';
import type { DatabaseLoadOptions } from './load.ts';
import {
  ACCOUNTS,
  type DatabaseRequest,
  databaseFinalReads,
  databaseRequest,
  databaseWorkload,
  OPENING_BALANCE,
} from './workload.ts';

const OPENING_MS = 20_000;
const REST_MS = 100;
/** Reads of all that a set holds take longer than those of a row. */
const FINAL_READ_MS = 5_000;

serveLoad(async (options: DatabaseLoadOptions): Promise<Work<DatabaseRequest>> => {
  await openAccounts(options);
  const { history, clients, rate, seed, keys, workloads, places, serviceAddress, dir } = options;
  const workload = databaseWorkload(seed, keys, workloads);
  const memory = createMemory(clients);
  /** Transactions over lists of the client that did most of them. */
  let lists = 0;
  const { app: password } = credentialsIn(dir);
  const create = (client: number, timeoutMs: number, defects?: ClientDefects) => {
    // Each place has clients of every kind.
    const netns = places[(client + Math.floor(client / 4)) % places.length]!;
    return createDatabaseClient({ netns, address: serviceAddress, user: 'app', password }, timeoutMs, defects);
  };
  const all = Array.from({ length: clients }, (_, client) =>
    create(client, options.timeoutMs ?? 1_000, options.defects),
  );
  const reader = create(0, FINAL_READ_MS);
  return {
    history,
    clients,
    rate,
    seed,
    request(client, index) {
      const request = databaseRequest(workload, client, index, memory.seen[client]!);
      if (request.f === 'txn') lists = Math.max(lists, index + 1);
      return request;
    },
    execute: (client, request) => all[client]!.execute(request),
    learn: memory.learn,
    finalReads: () => databaseFinalReads(workload, lists),
    lanes: 1,
    executeFinal: (_, request) => reader.execute(request),
    close() {
      for (const client of [...all, reader]) client.close();
    },
  };
});

/** The bank opens with the same balance on every account, whoever is primary by then. @throws Error with the last refusal */
async function openAccounts(options: DatabaseLoadOptions): Promise<void> {
  const deadline = nowMs() + OPENING_MS;
  for (;;) {
    try {
      await tryOpenAccounts(options);
      return;
    } catch (error) {
      if (nowMs() > deadline) throw error;
      await sleep(REST_MS);
    }
  }
}

async function tryOpenAccounts({ places, serviceAddress, dir }: DatabaseLoadOptions): Promise<void> {
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
