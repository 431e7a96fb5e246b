// Defects of a quorum store: all members lose their power at once, where nothing is flushed or disks lie; and one member is parted from the
// others while its clients go on reading.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embedded } from '../../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../../src/engine/engine.ts';
import { judgeStore } from '../../../src/lab/store-verdict.ts';
import { startLoad, statusOf } from '../../../src/store/etcd/index.ts';
import type { Member } from '../../../src/store/store.ts';
import { bridged } from '../../../test/support/bridged.ts';
import { type CutOutcome, cutQuorum, MEMBERS, startAfresh } from '../quorum-cuts.ts';
import type { Planted, Scene, Trial } from './scene.ts';

const LOST: Pick<Planted, 'assertion' | 'says'> = {
  assertion: 'no-acknowledged-write-lost|recovered',
  says: /[1-9]\d* lost|out of reach/,
};
const DEFECTS: readonly Planted[] = [
  { name: 'etcd-no-fsync', plant: 'members that do not flush (--unsafe-no-fsync)', ...LOST },
  { name: 'lying-disk', plant: 'disks that acknowledge flushes and do not flush', ...LOST },
  {
    name: 'serializable-reads-sold-as-fresh',
    plant: 'reads that a member answers without asking a quorum',
    assertion: 'linearizable',
    says: /no order explains read of/,
  },
];
export const quorum: Scene = {
  name: 'quorum',
  defects: DEFECTS,
  async play({ name, seed, plant, healthyOnly = false }) {
    const trials = new Map<string, Trial>();
    await withHosts(name, 'safe', seed, async (lab, file) => {
      if (plant.includes('etcd-no-fsync')) {
        trials.set('healthy-cut', trialOf(await cutQuorum(lab, { noFsync: false, seed, history: file() })));
        if (!healthyOnly)
          trials.set('etcd-no-fsync', trialOf(await cutQuorum(lab, { noFsync: true, seed, history: file() })));
      }
      if (plant.includes('serializable-reads-sold-as-fresh')) {
        trials.set('healthy-parted', await parted(lab, false, seed, file()));
        if (!healthyOnly) trials.set('serializable-reads-sold-as-fresh', await parted(lab, true, seed, file()));
      }
    });
    if (plant.includes('lying-disk')) {
      for (const [disk, as] of [
        ['cached', 'healthy-cached'],
        ['lying', 'lying-disk'],
      ] as const) {
        if (healthyOnly && disk === 'lying') continue;
        await withHosts(name, disk, seed, async (lab, file) => {
          trials.set(as, trialOf(await cutQuorum(lab, { noFsync: false, seed, history: file() })));
        });
      }
    }
    return trials;
  },
};

async function withHosts(
  name: string,
  disk: 'safe' | 'cached' | 'lying',
  seed: number,
  work: (lab: RunningLab, file: () => string) => Promise<void>,
): Promise<void> {
  await embedded.destroy(name, { cleanup: true });
  const lab = await embedded.deploy(bridged(name, disk), { seed });
  const folder = mkdtempSync(join(tmpdir(), 'leafstorm-quorum-'));
  let files = 0;
  try {
    await work(lab, () => join(folder, `${files++}.jsonl`));
  } finally {
    await lab.destroy({ cleanup: true });
    rmSync(folder, { recursive: true });
  }
}

/** The log that the members had together got shorter, or is not there at all any more. */
function trialOf({ assertions, logEnd: { before, after }, servesMs }: CutOutcome): Trial {
  const shorter = servesMs === undefined || (after ?? 0) < (before ?? 0);
  const evidence = `the log went to ${before} before the cut and to ${after} after it`;
  return { tookEffect: shorter, evidence, assertions };
}

const PARTED_MS = 2_000;

/** Member h3 hears the others and is not heard, so that it falls behind, and serves its clients all the same. */
async function parted(lab: RunningLab, serializableReads: boolean, seed: number, history: string): Promise<Trial> {
  await startAfresh(lab);
  const load = await startLoad({
    history,
    seed,
    places: [lab.node('c1').netns],
    clients: 9,
    keys: 6,
    members: MEMBERS.map(({ address }) => address),
    rate: 300,
    timeoutMs: 500,
    serializableReads,
  });
  try {
    await sleep(500);
    const [one, two, cut] = MEMBERS as [Member, Member, Member];
    const route = async (verb: 'add' | 'delete') => {
      for (const { address } of [one, two])
        await lab.exec(cut.node, ['ip', 'route', verb, 'blackhole', `${address}/32`]);
    };
    await route('add');
    await sleep(PARTED_MS);
    const [ahead, behind] = await Promise.all([one, cut].map((member) => statusOf(lab, member, 1_000)));
    await route('delete');
    await sleep(500);
    await load.stop();
    await load.finalReads(10_000);
    const { assertions } = judgeStore('etcd', await load.history(), []);
    const gap = (ahead?.index ?? 0) - (behind?.index ?? 0);
    return { tookEffect: gap > 0, evidence: `the parted member was ${gap} entries behind`, assertions };
  } finally {
    await load.history().catch(() => {});
  }
}
