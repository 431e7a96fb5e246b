// A client that was sent to a replica by mistake: one that refuses to be written to stays the same as its primary, one that takes the write and
// passes over what does not fit afterwards does not.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../../src/lab/database-verdict.ts';
import { judgeReplicas } from '../../../src/lab/replica-verdict.ts';
import { connect } from '../../../src/store/mariadb/index.ts';
import { replicaState } from '../../../src/store/mariadb/replica-state.ts';
import { replicaStatus } from '../../../src/store/mariadb/replication.ts';
import { caughtUp, type PlainDatabase, type PlainServer, withServers } from '../../../test/support/plain-database.ts';
import type { Scene, Trial } from './scene.ts';

const SKIPPING = ['--slave-skip-errors=all', '--gtid-strict-mode=OFF'];
/** A register that no client of the load has. */
const ROW = 'stray';
const LOAD_MS = 1_500;

export const databaseReplica: Scene = {
  name: 'database-replica',
  defects: [
    {
      name: 'replica-skips-errors',
      plant: 'a replica that may be written to, and passes over errors (slave_skip_errors)',
      assertion: 'replicas-agree',
      says: /table lab\.registers has checksum \d+ on h1 and \d+ on h3 at the same place of the log/,
    },
  ],
  play: ({ name, seed }) =>
    withServers(
      name,
      seed,
      [{ node: 'h1' }, { node: 'h2' }, { node: 'h3', options: { args: SKIPPING } }],
      async (database) => {
        const [primary, good, bad] = database.servers as [PlainServer, PlainServer, PlainServer];
        await database.open(primary, true);
        for (const replica of [good, bad]) await database.replicate(primary, replica);
        await (await bad.ask()).query('SET GLOBAL read_only=OFF');
        const load = await database.startLoad(primary, { seed, clients: 6, rate: 120 });
        await sleep(LOAD_MS / 2);
        const taken = [await misroutedTo(database, good), await misroutedTo(database, bad)];
        await (await primary.ask()).query('INSERT INTO lab.registers VALUES (?, 2)', [ROW]);
        await sleep(LOAD_MS / 2);
        const { history } = await load.finish();
        const judged = judgeDatabase(name, history, []).assertions;
        const trials = new Map<string, Trial>();
        for (const [at, replica] of [good, bad].entries()) {
          await caughtUp(primary, replica);
          const states = [primary, replica].map(async (each) => replicaState(await each.ask(), each.node));
          const { applying } = await replicaStatus(await replica.ask());
          const tookEffect = taken[at]! && applying;
          trials.set(replica === good ? 'healthy' : 'replica-skips-errors', {
            tookEffect,
            evidence: `${replica.node} ${taken[at] ? 'took' : 'refused'} the write of a client, and ${applying ? 'goes on applying' : 'has stopped'}`,
            assertions: [...judged, judgeReplicas(name, await Promise.all(states))],
          });
        }
        return trials;
      },
    ),
};

/** Writes where only the primary may be written to. @returns whether it was taken */
async function misroutedTo({ lab }: PlainDatabase, { place }: PlainServer): Promise<boolean> {
  const session = await connect({
    netns: lab.node('c1').netns,
    address: place.member.address,
    user: 'app',
    password: place.credentials.app,
    database: 'lab',
    connectMs: 2_000,
  });
  try {
    await session.query('INSERT INTO registers VALUES (?, 1)', [ROW]);
    return true;
  } catch (error) {
    // The server is read-only.
    if ((error as { readonly errno?: number }).errno === 1290) return false;
    throw error;
  } finally {
    session.close();
  }
}
