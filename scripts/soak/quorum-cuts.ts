// etcd's three members lose their power at one instant, again and again: what was acknowledged must be there, unless a defect is planted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTopology, type Topology } from 'containerlab-ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { judgeStore } from '../../src/lab/store-verdict.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { etcdWith, type RunningEtcd, startLoad } from '../../src/store/etcd/index.ts';
import type { Member } from '../../src/store/store.ts';
import type { Verdict } from '../../src/verdict.ts';

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
  /** What the members said, where they did not serve. */
  readonly why: string;
}

const HOSTS = ['h1', 'h2', 'h3', 'c1'];
const MEMBERS: readonly Member[] = HOSTS.slice(0, 3).map((node, at) => ({
  name: `etcd-${node}`,
  node,
  address: `10.77.0.${at + 1}`,
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
  const lab = await embedded.deploy(topologyOf(name, disk), { seed });
  const folder = mkdtempSync(join(tmpdir(), 'leafstorm-cuts-'));
  const outcomes: CutOutcome[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const outcome = await cut(lab, { noFsync, seed: seed + round, history: join(folder, `${round}.jsonl`) });
      outcomes.push(outcome);
      const { acknowledged, lost, verdict, servesMs, why } = outcome;
      const after =
        servesMs === undefined ? `did not serve again: ${why}` : `served again after ${Math.round(servesMs)} ms`;
      say(`${name} ${round} of ${rounds}: ${verdict}: ${acknowledged} acknowledged, ${lost} lost, ${after}`);
    }
  } finally {
    await lab.destroy({ cleanup: true });
    rmSync(folder, { recursive: true });
  }
  return outcomes;
}

async function cut(
  lab: RunningLab,
  { noFsync, seed, history }: { noFsync: boolean; seed: number; history: string },
): Promise<CutOutcome> {
  const nodes = MEMBERS.map(({ node }) => node);
  for (const node of nodes) {
    await lab.kill(node, 'etcd');
    await lab.exec(node, ['rm', '-rf', '/var/lib/store/etcd']);
  }
  const store = await etcdWith({ noFsync }).start(lab, MEMBERS);
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
    await lab.powerOff(nodes);
    // Clients that went on would write over what was lost before anybody read it.
    await load.stop();
    const onMs = nowMs();
    await lab.powerOn(nodes);
    const { servesMs, why = '' } = await serves(store, nodes, onMs);
    const { missing } = await load.finalReads(servesMs === undefined ? FINAL_MS / 5 : FINAL_MS);
    const gone = servesMs === undefined && missing.length > 0 ? 'a power cut of all members' : undefined;
    const { record } = judgeStore('etcd', await load.history(), undefined, gone);
    const { acknowledged, lost, unknown, verdict } = record;
    return { acknowledged, lost, unknown, verdict, servesMs, why };
  } finally {
    await load.history().catch(() => {});
  }
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

function topologyOf(name: string, disk: string): Topology {
  const host = (node: string, at: number) => `    ${node}:
      kind: linux
      image: debian
      labels: {leafstorm-disk: "/var/lib/store=${2 ** 28},kind=${disk}"}
      exec: ["ip address add 10.77.0.${at + 1}/24 dev eth1"]`;
  const ports = HOSTS.map((_, at) => `"ip link set eth${at + 1} master br0"`).join(', ');
  const text = `name: ${name}
topology:
  nodes:
    sw:
      kind: linux
      image: debian
      exec: ["ip link add br0 type bridge", ${ports}, "ip link set br0 up"]
${HOSTS.map(host).join('\n')}
  links:
${HOSTS.map((node, at) => `    - endpoints: ["sw:eth${at + 1}", "${node}:eth1"]`).join('\n')}
`;
  const read = readTopology(text, { file: `${name}.clab.yml` });
  if (!('topology' in read) || read.topology === undefined) throw new Error(JSON.stringify(read));
  return read.topology;
}
