// Planted defects of the database and its manager, each in the situation in which it loses something; and the same situations without.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import type { StoreJudgement } from '../../src/lab/store-verdict.ts';
import { type DatabaseLab, type DatabaseLabOptions, withDatabase } from '../../test/support/database.ts';

export interface DefectRun {
  readonly name: string;
  readonly seed: number;
  /** The situation alone, which must pass. */
  readonly healthy?: boolean;
  readonly say?: DatabaseLabOptions['say'];
}

const WHOLE_MS = 60_000;

/** A primary that goes on without its replicas after 100 ms, whose replicas cannot be reached just before its rack loses power. */
export function degradedSemiSync(run: DefectRun): Promise<StoreJudgement> {
  return situation(run, { semiSyncTimeoutMs: 100 }, async ({ lab, store, rackOf }) => {
    const primary = (await store.leader())!;
    const replicas = store.members.filter(({ name }) => name !== primary.name);
    const links = replicas.map(
      (replica) => lab.running.links.find(({ a, z }) => a.node === replica.node || z.node === replica.node)!.name,
    );
    await Promise.all(links.map((link) => lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } })));
    // Longer than the defect's time-out, shorter than the lease.
    await sleep(500);
    const rack = rackOf(primary.node);
    await lab.running.powerOff(rack);
    await Promise.all(links.map((link) => lab.running.impair(link, {})));
    await servesElsewhere(store, primary.name);
    return rack;
  });
}

/** The first replica of the list is behind as the primary's rack loses power: its link was silent, and comes back at that moment. */
export function naiveChoice(run: DefectRun): Promise<StoreJudgement> {
  return situation(run, { naiveChoice: true }, async ({ lab, store, rackOf }) => {
    const primary = (await store.leader())!;
    const behind = store.members.find(({ name }) => name !== primary.name)!;
    const link = lab.running.links.find(({ a, z }) => a.node === behind.node || z.node === behind.node)!.name;
    await lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } });
    await sleep(1500);
    const rack = rackOf(primary.node);
    await lab.running.powerOff(rack);
    await lab.running.impair(link, {});
    await servesElsewhere(store, primary.name);
    return rack;
  });
}

async function situation(
  { name, seed, healthy = false, say }: DefectRun,
  defect: DatabaseLabOptions,
  strike: (database: DatabaseLab) => Promise<readonly string[]>,
): Promise<StoreJudgement> {
  const options = { seed, rate: 150, ...(say === undefined ? {} : { say }), ...(healthy ? {} : defect) };
  return withDatabase(name, options, async (database) => {
    const { lab, store, finish } = database;
    await sleep(1500);
    const rack = await strike(database);
    await sleep(1000);
    await lab.running.powerOn(rack);
    await store.restart(rack);
    await store.healthy(WHOLE_MS);
    const { history } = await finish();
    return judgeDatabase('mariadb', history, []);
  });
}

async function servesElsewhere(store: DatabaseLab['store'], old: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const last = store.events.findLast(({ event }) => event.startsWith('serves epoch'));
    if (last !== undefined && last.member !== old) return;
    await sleep(50);
  }
  throw new Error(`nobody took over from ${old} within 20 s`);
}
