// Mistakes of a database's clients, one after another on healthy servers: a primary that stands still for a moment now and then, and a replica
// that is a second behind, which healthy clients survive.
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../../../src/history/index.ts';
import { judgeDatabase } from '../../../src/lab/database-verdict.ts';
import type { ClientDefects } from '../../../src/store/mariadb/index.ts';
import { positionOf, sequenceOf } from '../../../src/store/mariadb/replication.ts';
import { type PlainDatabase, withServers } from '../../../test/support/plain-database.ts';
import { appended, beyondItsRead, readOfRolledBack } from './list-effects.ts';
import type { Planted, Scene, Trial } from './scene.ts';

/** What was seen from outside while the clients worked. */
interface Seen {
  readonly history: History;
  /** Rows of the set as the primary has them in the end. */
  readonly elements: readonly number[];
  /** Elements of all lists, likewise. */
  readonly listed: ReadonlySet<number>;
  /** How often the balances did not sum up to what they opened with. */
  readonly wrongSums: number;
  readonly sums: number;
  /** Most transactions that the replica was behind. */
  readonly behind: number;
}

interface ClientDefect extends Planted {
  readonly defects: (replica: string, primary: string) => ClientDefects;
  /** How often it did something; what, is for `did` to say. */
  readonly effects: (seen: Seen) => number;
  readonly did: string;
}

const ROUND_MS = 2_000;
const FREEZES = 2;
const FREEZE_MS = 350;
const TIMEOUT_MS = 150;
const OPENING_SUM = 800;

const DEFECTS: readonly ClientDefect[] = [
  {
    name: 'time-out-as-failure',
    plant: 'a client takes a time-out for a failure',
    assertion: 'additions-kept',
    says: /[1-9]\d* phantom/,
    defects: () => ({ timeoutIs: 'fail' }),
    effects: ({ history, elements }) => {
      const rows = new Set(elements);
      return history.filter(({ f, type, value }) => f === 'add' && type === 'fail' && rows.has(value as number)).length;
    },
    did: 'additions that the server has were called failed',
  },
  {
    name: 'time-out-as-success',
    plant: 'a client takes a time-out for a success',
    assertion: 'additions-kept',
    says: /[1-9]\d* lost/,
    defects: () => ({ timeoutIs: 'ok' }),
    effects: ({ history, elements }) => {
      const rows = new Set(elements);
      return history.filter(({ f, type, value }) => f === 'add' && type === 'ok' && !rows.has(value as number)).length;
    },
    did: 'additions that the server has not were called done',
  },
  {
    name: 'duplicate-apply-on-retry',
    plant: 'a client sends an addition without an answer again',
    assertion: 'additions-kept',
    says: /[1-9]\d* duplicated/,
    defects: () => ({ retries: 5 }),
    effects: ({ history }) =>
      history.filter(({ f, type, ...rest }) => f === 'add' && type === 'ok' && 'error' in rest).length,
    did: 'additions were sent more than once',
  },
  {
    name: 'lost-update',
    plant: 'an application reads a list, and writes it back whole with one element more',
    assertion: 'appends-kept',
    says: /[1-9]\d* lost/,
    defects: () => ({ isolation: 'REPEATABLE READ', appendInApplication: true }),
    effects: ({ history, listed }) => appended(history).filter((element) => !listed.has(element)).length,
    did: 'acknowledged appends that the server does not have',
  },
  {
    name: 'non-atomic-transfer',
    plant: 'a transfer is two transactions',
    assertion: 'bank-total',
    says: /sums up to \d+ instead of 800/,
    defects: () => ({ transferInSteps: true }),
    effects: ({ wrongSums }) => wrongSums,
    did: 'looks at the accounts found money missing',
  },
  {
    name: 'lagging-replica-sold-as-fresh',
    plant: 'reads go to a replica that is a second behind',
    assertion: 'session-guarantees',
    says: /read-your-writes [1-9]/,
    defects: (replica) => ({ readFrom: [replica] }),
    effects: ({ behind }) => behind,
    did: 'transactions the replica was behind while it was read',
  },
  {
    name: 'reads-from-replica-to-replica',
    plant: 'reads go to the primary and to a replica in turn',
    assertion: 'session-guarantees',
    says: /monotonic-reads [1-9]/,
    defects: (replica, primary) => ({ readFrom: [primary, replica] }),
    effects: ({ behind }) => behind,
    did: 'transactions the replica was behind while it was read',
  },
  {
    name: 'read-uncommitted',
    plant: 'transactions at READ UNCOMMITTED, some of them rolled back',
    assertion: 'transactions',
    says: /^G1a breaks/,
    defects: () => ({ isolation: 'READ UNCOMMITTED' }),
    effects: ({ history }) => readOfRolledBack(history),
    did: 'elements were read that had been rolled back',
  },
  {
    name: 'repeatable-read-lost-update',
    plant: 'transactions that read and append at REPEATABLE READ',
    assertion: 'transactions',
    // A transaction whose own read shows what came between the first one and its append is not consistent within itself.
    says: /^(lost-update|G-single|internal) breaks/,
    defects: () => ({ isolation: 'REPEATABLE READ' }),
    effects: ({ history }) => beyondItsRead(history),
    did: 'transactions appended to a longer list than they had read',
  },
];

export const databaseClients: Scene = {
  name: 'database-clients',
  defects: DEFECTS,
  play: ({ name, seed, plant, healthyOnly = false }) =>
    withServers(name, seed, [{ node: 'h1' }, { node: 'h2' }, { node: 'h3' }], async (database) => {
      const [primary, replica, late] = database.servers as [PlainDatabase['servers'][0], ...PlainDatabase['servers']];
      await database.open(primary, true);
      await database.replicate(primary, replica!);
      await database.replicate(primary, late!);
      const behind = await late!.ask();
      await behind.query('STOP SLAVE');
      await behind.query('CHANGE MASTER TO MASTER_DELAY=1');
      await behind.query('START SLAVE');
      const trials = new Map<string, Trial>();
      const trial = async (defects: ClientDefects): Promise<Seen> => {
        const session = await primary.ask();
        for (const table of ['accounts', 'elements', 'lists', 'registers'])
          await session.query(`TRUNCATE TABLE lab.${table}`);
        return round(database, seed + trials.size, defects);
      };
      const healthy = await trial({});
      trials.set('healthy', {
        tookEffect: healthy.behind > 0 && healthy.history.some(({ type }) => type === 'info'),
        evidence: `${healthy.behind} transactions behind`,
        assertions: judgeDatabase(name, healthy.history, []).assertions,
      });
      for (const defect of DEFECTS.filter((one) => !healthyOnly && plant.includes(one.name))) {
        const seen = await trial(defect.defects(late!.place.member.address, primary.serviceAddress));
        const effects = defect.effects(seen);
        trials.set(defect.name, {
          tookEffect: effects > 0,
          evidence: `${effects} ${defect.did}`,
          assertions: judgeDatabase(name, seen.history, []).assertions,
        });
      }
      return trials;
    }),
};

/** Clients at work for a while, with what befalls the servers meanwhile. */
async function round({ lab, servers, startLoad }: PlainDatabase, seed: number, defects: ClientDefects): Promise<Seen> {
  const [primary, , late] = servers;
  const load = await startLoad(primary!, { seed, timeoutMs: TIMEOUT_MS, defects });
  const session = await primary!.ask();
  const lagging = await late!.ask();
  let [sums, wrongSums, behind] = [0, 0, 0];
  const look = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const [row] = await session.query<{ sum: number }>('SELECT SUM(balance) AS sum FROM lab.accounts', [], 5_000);
      sums++;
      if (Number(row?.sum) !== OPENING_SUM) wrongSums++;
      const positions = [await positionOf(session), await positionOf(lagging)].map(sequenceOf) as [number, number];
      behind = Math.max(behind, positions[0] - positions[1]);
      await sleep(2);
    }
  };
  const looking = look(performance.now() + ROUND_MS);
  for (let i = 0; i < FREEZES; i++) {
    await sleep(ROUND_MS / FREEZES - FREEZE_MS);
    await lab.pause(primary!.node);
    await sleep(FREEZE_MS);
    await lab.unpause(primary!.node);
  }
  await looking;
  const { history } = await load.finish();
  const rows = await session.query<{ value: number }>('SELECT value FROM lab.elements');
  const lists = await session.query<{ value: string }>('SELECT value FROM lab.lists');
  const listed = new Set(lists.flatMap(({ value }) => value.split(',').map(Number)));
  return { history, listed, elements: rows.map(({ value }) => value), wrongSums, sums, behind };
}
