// A primary that goes on without its lease, in the situation in which it matters: parted from the others together with clients. And the same without.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import type { StoreJudgement } from '../../src/lab/store-verdict.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { withDatabase } from '../../test/support/database.ts';
import type { DefectRun } from './database-defects.ts';
import { rolesOf } from './partitions.ts';

const TAKEOVER_MS = 20_000;
const BOTH_MS = 3_000;
const WHOLE_MS = 60_000;
/** A busy machine must not cost the lease before its time, for this defect has no way back; and who is only sick ends its own server. */
const TIMERS = { leaseMs: 2_000, marginMs: 300, sickMs: 20_000 };

export interface NoFencingOutcome extends StoreJudgement {
  /** Whether the old primary still answered clients after the new one had acknowledged a write: without that the defect did nothing. */
  readonly tookEffect: boolean;
}

/**
 * The primary and a rack of clients are cut off from everybody else until the others have had a new primary for three seconds. Semi-sync keeps
 * the old one from acknowledging writes, for no replica answers it; but nothing keeps it from answering reads.
 */
export function noFencing({ name, seed, healthy = false, say }: DefectRun): Promise<NoFencingOutcome> {
  const options = {
    seed,
    rate: 150,
    clientRacks: 2,
    timers: TIMERS,
    noFencing: !healthy,
    ...(say === undefined ? {} : { say }),
  };
  return withDatabase(name, options, async (database) => {
    const { lab, store, load, finish } = database;
    await sleep(1500);
    const { primary, replicas, clients } = await rolesOf(database);
    const [here, ...there] = clients;
    const cut = await lab.fault('partition', `${primary},${here}|${[...replicas, ...there].join(',')}`);
    if (cut.proof.verdict !== 'pass') throw new Error(`the partition did not take effect: ${cut.proof.evidence}`);
    const servesElsewhere = () =>
      store.events.find(
        ({ member, event, atMs }) => member !== primary && atMs > cut.atMs && event.startsWith('serves'),
      );
    const deadline = nowMs() + TAKEOVER_MS;
    while (servesElsewhere() === undefined) {
      if (nowMs() > deadline) throw new Error(`nobody took over from ${primary} within ${TAKEOVER_MS} ms`);
      await sleep(20);
    }
    const newMs = await load.acknowledgedAfter(servesElsewhere()!.atMs, TAKEOVER_MS);
    if (newMs === undefined) throw new Error('the new primary acknowledged nothing');
    await sleep(BOTH_MS);
    await load.stop();
    await cut.heal();
    // An old primary that was not fenced never follows the new one by itself.
    if (healthy) await store.healthy(WHOLE_MS);
    const { history } = await finish();
    const old = store.members.findIndex(({ node }) => node === primary) + 1;
    const tookEffect = history.some((event) => event.atMs > newMs && 'by' in event && event.by?.server === old);
    return { ...judgeDatabase('mariadb', history, []), tookEffect };
  });
}
