// Databases side by side lose their power at one instant: one whose server flushes everything, and three of which something is not flushed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../../../src/history/index.ts';
import { judgeDatabase } from '../../../src/lab/database-verdict.ts';
import { judgeReplicas } from '../../../src/lab/replica-verdict.ts';
import { committedBeforeCrash, loggedEnd, replicaState } from '../../../src/store/mariadb/replica-state.ts';
import { logName, startServer } from '../../../src/store/mariadb/server.ts';
import {
  caughtUp,
  type PlainDatabase,
  type PlainServer,
  type ServerPlan,
  withServers,
} from '../../../test/support/plain-database.ts';
import type { Planted, Scene, Trial } from './scene.ts';

interface Case extends Planted {
  /** The primary; its replica is plain. */
  readonly server: Omit<ServerPlan, 'node'>;
  /** Why the cut took something that was acknowledged; undefined where it did not. */
  readonly took: (found: Found) => string | undefined;
}

/** What was found after the power came back. */
interface Found {
  /** Why the server does not serve. */
  readonly dead?: string;
  readonly history: History;
  /** Acknowledged additions that the server does not have. */
  readonly missing: number;
  /** Where the binary log ends, and where InnoDB's last commit had been written to it. */
  readonly logEnd?: number;
  readonly committedAt?: number;
  /** A file that was flushed just before the cut is gone. */
  readonly markGone: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'sync-binlog-0',
    plant: 'sync_binlog=0: the binary log is not flushed at a commit',
    assertion: 'replicas-agree',
    says: /has lost the end of its log/,
    server: { options: { args: ['--sync-binlog=0'] } },
    took: ({ logEnd = 0, committedAt = 0 }) =>
      committedAt > logEnd ? `InnoDB had committed up to ${committedAt} of a log that ends at ${logEnd}` : undefined,
  },
  {
    name: 'innodb-flush-log-2',
    plant: 'innodb_flush_log_at_trx_commit=2: the redo log is flushed once a second',
    assertion: 'additions-kept',
    says: /[1-9]\d* lost/,
    server: { options: { args: ['--innodb-flush-log-at-trx-commit=2'] } },
    took: ({ missing }) => (missing > 0 ? `${missing} acknowledged rows are not in the table` : undefined),
  },
  {
    name: 'lying-disk-under-mariadb',
    plant: 'a disk that acknowledges flushes and does not flush, under MariaDB',
    assertion: 'additions-kept|recovered',
    says: /[1-9]\d* lost|^never served again after a power cut/,
    server: { disk: 'lying' },
    took: ({ markGone }) => (markGone ? 'a file that had been flushed is gone' : undefined),
  },
];

const MARK = '/var/lib/store/flushed-before-the-cut';
const LOAD_MS = 2_500;
/** So long before the cut the replicas hear nothing any more. */
const APART_MS = 700;

export const databasePower: Scene = {
  name: 'database-power',
  defects: CASES,
  play({ name, seed, plant, healthyOnly = false }) {
    const cases = [undefined, ...CASES.filter((one) => !healthyOnly && plant.includes(one.name))];
    const plans = cases.flatMap((one, at): ServerPlan[] => [{ node: `p${at}`, ...one?.server }, { node: `r${at}` }]);
    return withServers(name, seed, plans, async (database) => {
      const pairs = cases.map((one, at) => ({
        one,
        primary: database.servers[2 * at]!,
        replica: database.servers[2 * at + 1]!,
      }));
      const primaries = pairs.map(({ primary }) => primary.node);
      for (const { primary, replica } of pairs) {
        await database.open(primary, false);
        await database.replicate(primary, replica);
      }
      const loads = await Promise.all(
        pairs.map(({ primary }, at) =>
          database.startLoad(primary, { seed: seed + at, clients: 6, rate: 120, workloads: ['set', 'register'] }),
        ),
      );
      const { lab } = database;
      await sleep(LOAD_MS / 2);
      // What was written so far is safe: the log is closed and flushed, and a new one begun.
      for (const { primary } of pairs) await (await primary.ask()).query('FLUSH BINARY LOGS', [], 10_000);
      await sleep(LOAD_MS / 2);
      const silent = (loss: 0 | 1) =>
        Promise.all(
          pairs.map(({ replica }) =>
            lab.impair(database.linkOf(replica.node), loss === 0 ? {} : { loss: { aToZ: 1, zToA: 1 } }),
          ),
        );
      await silent(1);
      await Promise.all(
        primaries.map((node) => lab.exec(node, ['dd', `of=${MARK}`, 'conv=fsync', 'status=none'], { input: 'x' })),
      );
      await sleep(APART_MS);
      await lab.powerOff(primaries);
      await Promise.all(loads.map((load) => load.stop()));
      await lab.powerOn(primaries);
      await silent(0);
      const trials = new Map<string, Trial>();
      for (const [at, pair] of pairs.entries()) {
        const trial = await afterwards(database, pair, loads[at]!);
        trials.set(pair.one?.name ?? 'healthy', trial);
      }
      return trials;
    });
  },
};

async function afterwards(
  database: PlainDatabase,
  {
    one,
    primary,
    replica,
  }: { readonly one: Case | undefined; readonly primary: PlainServer; readonly replica: PlainServer },
  load: Awaited<ReturnType<PlainDatabase['startLoad']>>,
): Promise<Trial> {
  const { lab } = database;
  const markGone = (await lab.exec(primary.node, ['test', '-e', MARK])).code !== 0;
  const name = primary.node;
  const dead = await serveAgain(database, primary);
  const { history } = await load.finish(dead === undefined ? 10_000 : 1);
  const judged = judgeDatabase(name, history, [], dead === undefined ? undefined : `a power cut (${dead})`);
  if (dead !== undefined) {
    const found = { dead, history, missing: 0, markGone };
    return {
      tookEffect: one?.took(found) !== undefined,
      evidence: `${one?.took(found)}; ${dead}`,
      assertions: judged.assertions,
    };
  }
  const session = await primary.ask();
  const rows = await session.query<{ value: number }>('SELECT value FROM lab.elements', [], 10_000);
  const there = new Set(rows.map(({ value }) => value));
  const acknowledged = history.filter(({ f, type }) => f === 'add' && type === 'ok');
  const missing = acknowledged.filter(({ value }) => !there.has(value as number)).length;
  const committed = committedBeforeCrash(
    readFileSync(join(lab.node(primary.node).dir, 'log', `${logName(primary.place.member)}.log`), 'utf8'),
  );
  const end = committed === undefined ? undefined : await loggedEnd(session, committed.file);
  const found: Found = {
    history,
    missing,
    markGone,
    ...(committed === undefined ? {} : { committedAt: committed.at }),
    ...(end === undefined ? {} : { logEnd: end }),
  };
  await caughtUp(primary, replica);
  const states = [await replicaState(session, primary.node), await replicaState(await replica.ask(), replica.node)];
  const [source, follower] = states as [(typeof states)[0], (typeof states)[0]];
  const committedState = committed === undefined || end === undefined ? {} : { committed: { ...committed, end } };
  const assertions = [...judged.assertions, judgeReplicas(name, [{ ...source, ...committedState }, follower])];
  const evidence = one?.took(found);
  return {
    tookEffect: one === undefined || evidence !== undefined,
    evidence:
      evidence ??
      `${acknowledged.length} additions before the cut, ${JSON.stringify({ missing, end, committed, markGone })}`,
    assertions,
  };
}

/** @returns why it does not serve; undefined where it does */
async function serveAgain(database: PlainDatabase, primary: PlainServer): Promise<string | undefined> {
  try {
    await database.lab.exec(primary.node, ['ip', 'address', 'add', `${primary.serviceAddress}/24`, 'dev', 'eth1']);
    (await startServer(primary.place)).close();
    await database.open(primary, false);
    // A table that is gone, file and all, serves nobody either.
    await (await primary.ask()).query('SELECT COUNT(*) FROM lab.elements', [], 10_000);
    return undefined;
  } catch (error) {
    return (error as Error).message.slice(0, 200);
  }
}
