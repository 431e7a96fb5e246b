/** etcd on the racks: a member a node, joined by the fabric's own routes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Member, RunningStore, Store } from '../store.ts';
import { DATA_DIR, type EtcdOptions, etcdArgv } from './argv.ts';
import { illness, statusOf } from './status.ts';

/** Longest time that a new cluster may take, milliseconds: three members serve in well under one second on idle routes. */
const START_MS = 30_000;
/** Two log files, and something for the data. */
const LEAST_BYTES = 160 * 1024 * 1024;
const ASK_MS = 1_000;
const POLL_MS = 25;

/** etcd with the lab's usual timers. */
export const etcd: Store = etcdWith({});

/** etcd with other timers, or with a defect. */
export function etcdWith(options: EtcdOptions): Store {
  return Object.freeze<Store>({
    kind: 'etcd',
    packages: ['etcd-server'],
    async start(lab, members) {
      await Promise.all(members.map((member) => makeDataDir(lab, member)));
      const running = runningEtcd(lab, members, options);
      await running.restart(members.map(({ node }) => node));
      await running.healthy(START_MS);
      return running;
    },
  });
}

function runningEtcd(lab: RunningLab, members: readonly Member[], options: EtcdOptions): RunningStore {
  const start = async (member: Member): Promise<void> => {
    // A second one on the same data and address would only die; the one that runs is left alone.
    if ((await lab.processes(member.node)).some(({ program }) => program === 'etcd')) return;
    await lab.spawn(member.node, logName(member), etcdArgv(member, members, lab.name, options));
  };

  return Object.freeze<RunningStore>({
    kind: 'etcd',
    members,
    async leader() {
      const all = await Promise.all(members.map((member) => statusOf(lab, member, ASK_MS)));
      // A leader that was cut off believes in itself until it hears of a later term.
      const leading = all
        .filter((status) => status !== undefined && status.leader === status.id)
        .sort((a, b) => b!.term - a!.term);
      return leading[0]?.member;
    },
    async restart(nodes) {
      await Promise.all(members.filter(({ node }) => nodes.includes(node)).map(start));
    },
    async healthy(timeoutMs) {
      const deadline = nowMs() + timeoutMs;
      const wait = async (member: Member): Promise<string | undefined> => {
        for (;;) {
          const why = await illness(lab, member, Math.ceil(Math.max(1, Math.min(ASK_MS, deadline - nowMs()))));
          if (why === undefined) return undefined;
          if (nowMs() >= deadline) {
            const where = `etcd member ${member.name} on ${member.node} does not serve after ${timeoutMs} ms: ${why}`;
            return `${where}; its log ends: ${lastWords(lab, member)}`;
          }
          await sleep(POLL_MS);
        }
      };
      const ill = (await Promise.all(members.map(wait))).filter((why) => why !== undefined);
      if (ill.length > 0) throw new Error(ill.join('\n'));
    },
  });
}

/** @throws Error where the node's disk has no room for two log files */
async function makeDataDir(lab: RunningLab, { name, node }: Member): Promise<void> {
  const made = await lab.exec(node, ['mkdir', '-p', '-m', '700', DATA_DIR]);
  if (made.code !== 0)
    throw new Error(`etcd member ${name}: cannot make ${DATA_DIR} on ${node}: ${made.stderr.trim()}`);
  const { stdout } = await lab.exec(node, ['df', '--output=avail', '-B1', DATA_DIR]);
  const free = Number(stdout.split('\n')[1]);
  if (!(free >= LEAST_BYTES)) {
    throw new Error(
      `etcd member ${name}: ${free} bytes are free at ${DATA_DIR} on ${node}, and etcd reserves 64 MB twice; give the node a disk of 256 MB (serverDiskBytes, or the label leafstorm-disk)`,
    );
  }
}

/** Name of the member's log in its node's `log/`. */
function logName({ name }: Member): string {
  return name.startsWith('etcd') ? name : `etcd-${name}`;
}

function lastWords(lab: RunningLab, member: Member): string {
  const file = join(lab.node(member.node).dir, 'log', `${logName(member)}.log`);
  try {
    const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)!;
    return `${last.slice(0, 400)} (${file})`;
  } catch {
    return `there is none (${file})`;
  }
}
