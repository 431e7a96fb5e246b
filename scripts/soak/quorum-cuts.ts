// etcd's three members lose their power at one instant, again and again: what was acknowledged must be there, unless a defect is planted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assertion } from '../../src/assert/index.ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { judgeStore } from '../../src/lab/store-verdict.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { type EtcdOptions, etcdWith, type RunningEtcd, startLoad, statusOf } from '../../src/store/etcd/index.ts';
import type { Member } from '../../src/store/store.ts';
import type { Verdict } from '../../src/verdict.ts';
import { addressOf, bridged, HOSTS } from '../../test/support/bridged.ts';

export interface QuorumCuts {
  readonly name: string;
  readonly rounds: number;
  readonly seed: number;
  /** Kind of the members' disks. */
  readonly disk: 'safe' | 'cached' | 'lying';
  /** Members that do not wait for their disk. */
  readonly noFsync?: boolean;
  readonly say: (line: string) => void;
}

export interface CutOutcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly unknown: number;
  readonly verdict: Verdict;
  /** Milliseconds from power on to a quorum that serves everywhere; undefined where it never did. */
  readonly servesMs: number | undefined;
  /** What the members said where they did not serve, and what failed. */
  readonly why: string;
  /** Highest place in the members' logs before the cut, and after it; null where no member said. */
  readonly logEnd: { readonly before: number | null; readonly after: number | null };
  readonly assertions: readonly Assertion[];
}

/** Members on the first three hosts of a bridge. */
export const MEMBERS: readonly Member[] = HOSTS.slice(0, 3).map((node, at) => ({
  name: `etcd-${node}`,
  node,
  address: addressOf(at),
}));
const LOAD_MS = 1_500;
const SERVE_MS = 12_000;
const FINAL_MS = 5_000;

/** One lab, many cuts; each round starts with nothing on the disks. */
export async function quorumCuts({
  name,
  rounds,
  seed,
  disk,
  noFsync = false,
  say,
}: QuorumCuts): Promise<readonly CutOutcome[]> {
  await embedded.destroy(name, { cleanup: true });
  const lab = await embedded.deploy(bridged(name, disk), { seed });
  const folder = mkdtempSync(join(tmpdir(), 'leafstorm-cuts-'));
  const outcomes: CutOutcome[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const outcome = await cutQuorum(lab, { noFsync, seed: seed + round, history: join(folder, `${round}.jsonl`) });
      outcomes.push(outcome);
      const { acknowledged, lost, verdict, servesMs, why } = outcome;
      const after = servesMs === undefined ? 'did not serve again' : `served again after ${Math.round(servesMs)} ms`;
      const what = why === '' ? after : `${after}: ${why}`;
      say(`${name} ${round} of ${rounds}: ${verdict}: ${acknowledged} acknowledged, ${lost} lost, ${what}`);
    }
  } finally {
    await lab.destroy({ cleanup: true });
    rmSync(folder, { recursive: true });
  }
  return outcomes;
}

/** All members without power at once, and what is left. The lab is one of `bridged`. */
export async function cutQuorum(
  lab: RunningLab,
  { noFsync, seed, history }: { noFsync: boolean; seed: number; history: string },
): Promise<CutOutcome> {
  const nodes = MEMBERS.map(({ node }) => node);
  const store = await startAfresh(lab, { noFsync });
  const load = await startLoad({
    history,
    seed,
    places: [lab.node('c1').netns],
    clients: 8,
    keys: 8,
    members: MEMBERS.map(({ address }) => address),
    timeoutMs: 500,
  });
  try {
    await sleep(LOAD_MS);
    const before = await logEnd(lab);
    await lab.powerOff(nodes);
    // Clients that went on would write over what was lost before anybody read it.
    await load.stop();
    const onMs = nowMs();
    await lab.powerOn(nodes);
    const { servesMs, why = '' } = await serves(store, nodes, onMs);
    const after = await logEnd(lab);
    const { missing } = await load.finalReads(servesMs === undefined ? FINAL_MS / 5 : FINAL_MS);
    const gone = servesMs === undefined && missing.length > 0 ? 'a power cut of all members' : undefined;
    const { record, assertions } = judgeStore('etcd', await load.history(), [], gone);
    const { acknowledged, lost, unknown, verdict } = record;
    const failed = assertions.filter((one) => one.verdict !== 'pass').map((one) => `${one.name}: ${one.why}`);
    const whys = [...(why === '' ? [] : [why]), ...failed].join('; ');
    return { acknowledged, lost, unknown, verdict, servesMs, why: whys, logEnd: { before, after }, assertions };
  } finally {
    await load.history().catch(() => {});
  }
}

async function logEnd(lab: RunningLab): Promise<number | null> {
  const all = await Promise.all(MEMBERS.map(async (member) => (await statusOf(lab, member, 1_000))?.index));
  const known = all.filter((index) => index !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/** Starts the members with nothing on their disks, whatever ran before. */
export async function startAfresh(lab: RunningLab, options: EtcdOptions = {}): Promise<RunningEtcd> {
  for (const { node } of MEMBERS) {
    await lab.kill(node, 'etcd');
    await lab.exec(node, ['rm', '-rf', '/var/lib/store/etcd']);
  }
  return etcdWith(options).start(lab, MEMBERS);
}

async function serves(
  store: RunningEtcd,
  nodes: readonly string[],
  fromMs: number,
): Promise<{ readonly servesMs?: number; readonly why?: string }> {
  try {
    await store.restart(nodes);
    await store.healthy(SERVE_MS);
    return { servesMs: nowMs() - fromMs };
  } catch (error) {
    return { why: (error as Error).message };
  }
}
