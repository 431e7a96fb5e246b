/** MariaDB servers on one bridge without a manager: whoever runs the test says who replicates from whom. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import type { History } from '../../src/history/index.ts';
import { nowMs } from '../../src/linux/clock.ts';
import type { Load } from '../../src/store/load/index.ts';
import { credentialsIn } from '../../src/store/mariadb/credentials.ts';
import {
  type DatabaseLoadOptions,
  type MariadbOptions,
  type Session,
  startDatabaseLoad,
  type WorkloadName,
} from '../../src/store/mariadb/index.ts';
import { follow, positionOf, promote, replicaStatus, sequenceOf } from '../../src/store/mariadb/replication.ts';
import { emptyData, makeTemplate, manage, type ServerPlace, startServer } from '../../src/store/mariadb/server.ts';
import { addressOf, bridge } from './bridged.ts';

export interface ServerPlan {
  readonly node: string;
  /** Default safe. */
  readonly disk?: 'safe' | 'cached' | 'lying';
  readonly options?: MariadbOptions;
}

export interface PlainServer {
  readonly node: string;
  readonly place: ServerPlace;
  /** Clients of a primary come here. */
  readonly serviceAddress: string;
  /** A connection of the manager's, made anew where the last one ended. */
  ask(): Promise<Session>;
}

export interface PlainDatabase {
  readonly lab: RunningLab;
  readonly servers: readonly PlainServer[];
  /** The host's link to the bridge. */
  linkOf(node: string): string;
  /** Opens a server for writes. @param semiSync whether commits wait for a replica */
  open(server: PlainServer, semiSync: boolean): Promise<void>;
  replicate(from: PlainServer, to: PlainServer): Promise<void>;
  startLoad(
    server: PlainServer,
    options: Pick<DatabaseLoadOptions, 'seed'> & Partial<DatabaseLoadOptions>,
  ): Promise<PlainLoad>;
}

export interface PlainLoad extends Load {
  /** Ends the load, reads everything once more and gives the history. */
  finish(timeoutMs?: number): Promise<{ readonly history: History; readonly missing: readonly string[] }>;
}

const CATCH_UP_MS = 8_000;
const ALL: readonly WorkloadName[] = ['register', 'bank', 'set', 'list', 'register', 'list'];

/** Runs some work on servers of its own, which are gone afterwards. Clients live on `c1`. */
export async function withServers<T>(
  name: string,
  seed: number,
  plans: readonly ServerPlan[],
  work: (database: PlainDatabase) => Promise<T>,
): Promise<T> {
  await embedded.destroy(name, { cleanup: true });
  const hosts = [
    ...plans.map(({ node, disk = 'safe' as const }) => ({ node, disk })),
    { node: 'c1', disk: 'safe' as const },
  ];
  const lab = await embedded.deploy(bridge(name, hosts), { seed });
  const histories = mkdtempSync(join(tmpdir(), 'leafstorm-servers-'));
  const loads: PlainLoad[] = [];
  let started = 0;
  try {
    const dir = join(lab.dir, 'mariadb');
    const credentials = credentialsIn(dir);
    await makeTemplate(dir);
    const servers = await Promise.all(
      plans.map(async ({ node, options = {} }, at): Promise<PlainServer> => {
        const member = { name: node, node, address: addressOf(at) };
        const serviceAddress = addressOf(100 + at);
        const place: ServerPlace = { lab, member, serverId: at + 1, serviceAddress, options, credentials, dir };
        await lab.exec(node, ['ip', 'address', 'add', `${serviceAddress}/24`, 'dev', 'eth1']);
        await emptyData(place);
        let session = await startServer(place, true);
        const ask = async (): Promise<Session> => {
          if (session.closed) session = await manage(place, 2_000);
          return session;
        };
        return { node, place, serviceAddress, ask };
      }),
    );
    return await work({
      lab,
      servers,
      linkOf: (node) => lab.links.find(({ z }) => z.node === node)!.name,
      async open(server, semiSync) {
        const session = await server.ask();
        await promote(session, 1);
        if (!semiSync) await session.query('SET GLOBAL rpl_semi_sync_master_enabled=OFF');
      },
      async replicate(from, to) {
        await follow(await to.ask(), from.place.member, credentials);
      },
      async startLoad(server, options) {
        const load = await startDatabaseLoad({
          history: join(histories, `${started++}.jsonl`),
          places: [lab.node('c1').netns],
          clients: 18,
          keys: 2,
          serviceAddress: server.serviceAddress,
          dir,
          rate: 300,
          workloads: ALL,
          ...options,
        });
        const plain: PlainLoad = {
          ...load,
          async finish(timeoutMs = 10_000) {
            await load.stop();
            const { missing } = await load.finalReads(timeoutMs);
            return { history: await load.history(), missing };
          },
        };
        loads.push(plain);
        return plain;
      },
    });
  } finally {
    for (const load of loads) await load.history().catch(() => {});
    await lab.destroy({ cleanup: true });
    rmSync(histories, { recursive: true, force: true });
  }
}

/** Waits until the replica stands where the primary does, or cannot go on. */
export async function caughtUp(primary: PlainServer, replica: PlainServer): Promise<void> {
  const [source, follower] = [await primary.ask(), await replica.ask()];
  for (const until = nowMs() + CATCH_UP_MS; nowMs() < until; await sleep(50)) {
    const { ioErrno, sqlErrno } = await replicaStatus(follower);
    if (ioErrno === 1236 || sqlErrno > 0) return;
    if (sequenceOf(await positionOf(source)) === sequenceOf(await positionOf(follower))) return;
  }
}
