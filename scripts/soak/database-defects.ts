// Planted defects of the database and its manager, each in the situation in which it loses something; and the same situations without.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import { withReplicas } from '../../src/lab/replica-verdict.ts';
import type { StoreJudgement } from '../../src/lab/store-verdict.ts';
import { connect } from '../../src/store/mariadb/index.ts';
import { sequenceOf } from '../../src/store/mariadb/replication.ts';
import type { Member } from '../../src/store/store.ts';
import { type DatabaseLab, type DatabaseLabOptions, withDatabase } from '../../test/support/database.ts';

export interface DefectRun {
  readonly name: string;
  readonly seed: number;
  /** The situation alone, which must pass. */
  readonly healthy?: boolean;
  readonly say?: DatabaseLabOptions['say'];
}

export interface DefectOutcome extends StoreJudgement {
  /** Whether the defect did something: without that there is nothing to catch. */
  readonly tookEffect: boolean;
  readonly evidence: string;
}

type Effect = Pick<DefectOutcome, 'tookEffect' | 'evidence'>;

const WHOLE_MS = 60_000;
const STATES_MS = 5_000;

/** A primary that goes on without its replicas after 100 ms, whose replicas cannot be reached just before its rack loses power. */
export function degradedSemiSync(run: DefectRun): Promise<DefectOutcome> {
  return situation(run, { semiSyncTimeoutMs: 100 }, async ({ lab, store, rackOf }) => {
    const primary = (await store.leader())!;
    const replicas = store.members.filter(({ name }) => name !== primary.name);
    const links = replicas.map(({ node }) => lab.linksOf(node)[0]!.name);
    await Promise.all(links.map((link) => lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } })));
    // Longer than the defect's time-out, shorter than the lease.
    await sleep(500);
    const alone = await semiSyncOff({ lab, store }, primary);
    const rack = rackOf(primary.node);
    await lab.running.powerOff(rack);
    await Promise.all(links.map((link) => lab.running.impair(link, {})));
    await servesElsewhere(store, primary.name);
    const evidence = `semi-sync of ${primary.name} was ${alone ? 'off' : 'on'} when its power went`;
    return { rack, effect: () => ({ tookEffect: alone, evidence }) };
  });
}

/** The first replica of the list is behind as the primary's rack loses power: its link was silent, and comes back at that moment. */
export function naiveChoice(run: DefectRun): Promise<DefectOutcome> {
  return situation(run, { naiveChoice: true }, async ({ lab, store, rackOf }) => {
    const primary = (await store.leader())!;
    const behind = store.members.find(({ name }) => name !== primary.name)!;
    const link = lab.linksOf(behind.node)[0]!.name;
    await lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } });
    await sleep(1500);
    const rack = rackOf(primary.node);
    await lab.running.powerOff(rack);
    await lab.running.impair(link, {});
    await servesElsewhere(store, primary.name);
    return { rack, effect: () => choiceOf(store) };
  });
}

/**
 * A lease that others believe to have ended 1.2 s before it does, as they do who compare instants of clocks that differ so much and add no
 * margin. The primary's node is cut off from everybody but the clients on it.
 */
export function leaseWithoutMargin(run: DefectRun): Promise<DefectOutcome> {
  const leaseMs = 1_800;
  const same: DatabaseLabOptions = { timers: { leaseMs }, clients: 20, clientsOnMembers: true };
  const defect = { timers: { leaseMs, marginMs: -1_200 } };
  return situation(
    run,
    defect,
    async ({ lab, store }) => {
      const primary = (await store.leader())!;
      const before = store.events.length;
      const link = lab.linksOf(primary.node)[0]!.name;
      await lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } });
      await servesElsewhere(store, primary.name);
      await sleep(1_500);
      await lab.running.impair(link, {});
      const effect = (): Effect => {
        const since = store.events.slice(before);
        const serves = since.find(({ member, event }) => member !== primary.name && event.startsWith('serves epoch'));
        const ended = since.find(({ member, role }) => member === primary.name && role === 'fenced');
        const both = (ended?.atMs ?? Infinity) - (serves?.atMs ?? Infinity);
        return {
          tookEffect: both > 0,
          evidence: `${Math.round(both)} ms from the new primary's service to the old one's end`,
        };
      };
      return { rack: [], effect };
    },
    same,
  );
}

interface Struck {
  /** Nodes without power. */
  readonly rack: readonly string[];
  /** Asked when all is over. */
  readonly effect: () => Effect;
}

async function situation(
  { name, seed, healthy = false, say }: DefectRun,
  defect: DatabaseLabOptions,
  strike: (database: DatabaseLab) => Promise<Struck>,
  same: DatabaseLabOptions = {},
): Promise<DefectOutcome> {
  const options = { seed, rate: 150, ...(say === undefined ? {} : { say }), ...same, ...(healthy ? {} : defect) };
  return withDatabase(name, options, async (database) => {
    const { lab, store, finish } = database;
    await sleep(1500);
    const { rack, effect } = await strike(database);
    await sleep(1000);
    if (rack.length > 0) await lab.running.powerOn(rack);
    await store.restart(rack);
    await store.healthy(WHOLE_MS);
    const { history } = await finish();
    return { ...withReplicas(judgeDatabase('mariadb', history, []), await store.states(STATES_MS)), ...effect() };
  });
}

/** Whether a primary has given its replicas up. */
async function semiSyncOff(
  { lab, store }: Pick<DatabaseLab, 'lab' | 'store'>,
  { node, address }: Member,
): Promise<boolean> {
  const { netns } = lab.running.node(node);
  const session = await connect({
    netns,
    address,
    user: 'manager',
    password: store.credentials.manager,
    connectMs: 1_000,
  });
  try {
    const [row] = await session.query<{ Value: string }>("SHOW STATUS LIKE 'Rpl_semi_sync_master_status'");
    return row?.Value === 'OFF';
  } finally {
    session.close();
  }
}

/** Whether the one who serves last was chosen though it had less than another: one that was chosen and never served did nothing. */
function choiceOf(store: DatabaseLab['store']): Effect {
  const serves = store.events.findLast(({ event }) => event.startsWith('serves epoch'));
  const grant = `grants epoch ${serves?.epoch} to ${serves?.member} of `;
  const said = store.events.findLast(({ event }) => event.startsWith(grant))?.event ?? 'nobody was chosen';
  const chosen = serves?.member;
  const reports = [...said.matchAll(/(\S+) (\d+-\d+-\d+)/g)].map(([, member, gtid]) => ({
    member,
    at: sequenceOf(gtid!),
  }));
  const own = reports.find(({ member }) => member === chosen)?.at ?? 0;
  return { tookEffect: reports.some(({ at }) => at > own), evidence: said };
}

async function servesElsewhere(store: DatabaseLab['store'], old: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const last = store.events.findLast(({ event }) => event.startsWith('serves epoch'));
    if (last !== undefined && last.member !== old) return;
    await sleep(50);
  }
  throw new Error(`nobody took over from ${old} within 20 s`);
}
