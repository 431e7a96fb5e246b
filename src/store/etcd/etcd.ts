/** etcd on the racks: a member a node, joined by the fabric's own routes. */
import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Member, RunningStore, Store } from '../store.ts';
import { type EtcdOptions, etcdArgv } from './argv.ts';
import { hasData, makeDataDir, wipe } from './data-dir.ts';
import { replaceMember } from './membership.ts';
import { illness, statusOf } from './status.ts';

/** Longest time that a new cluster may take, milliseconds: three members serve in well under one second on idle routes. */
const START_MS = 30_000;
/** etcd agrees to a new member once it was whole for five seconds; many times that, for a busy machine makes elections. */
const REPLACE_MS = 60_000;
const ASK_MS = 1_000;
const POLL_MS = 25;
/** A process needs that long to be seen. */
const REST_MS = 250;

/** etcd with the lab's usual timers. */
export const etcd: Etcd = etcdWith({});

export interface RunningEtcd extends RunningStore {
  /** Throws away what the members on those nodes have and puts new ones in their place, which fetch everything from the others. */
  rebuild(nodes: readonly string[]): Promise<void>;
}

export interface Etcd extends Store {
  start(lab: RunningLab, members: readonly Member[]): Promise<RunningEtcd>;
}

/** Waits for every one of them, also where one fails: who hears of the failure may take the lab down at once. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

/** etcd with other timers, or with a defect. */
export function etcdWith(options: EtcdOptions): Etcd {
  return Object.freeze<Etcd>({
    kind: 'etcd',
    packages: ['etcd-server'],
    async start(lab, members) {
      await all(members.map((member) => makeDataDir(lab, member)));
      const running = runningEtcd(lab, members, options);
      await running.restart(members.map(({ node }) => node));
      await running.healthy(START_MS);
      return running;
    },
  });
}

function runningEtcd(lab: RunningLab, members: readonly Member[], options: EtcdOptions): RunningEtcd {
  const start = async (member: Member, cluster: 'new' | 'existing' = 'new'): Promise<void> => {
    // A second one on the same data and address would only die; the one that runs is left alone.
    if ((await lab.processes(member.node)).some(({ program }) => program === 'etcd')) return;
    await lab.spawn(member.node, logName(member), etcdArgv(member, members, lab.name, options, cluster));
  };
  const on = (nodes: readonly string[]) => members.filter(({ node }) => nodes.includes(node));
  /** One after another: etcd takes one change of its members at a time. */
  const join = async (lost: readonly Member[]): Promise<void> => {
    for (const member of lost) {
      const others = members.filter((other) => !lost.includes(other) || lost.indexOf(other) < lost.indexOf(member));
      await replaceMember(lab, member, others, REPLACE_MS);
      await startJoining(member);
    }
  };
  /** A new member that finds nobody to ask about its cluster ends at once: the routes may not be there yet. `healthy` tells of one that never serves. */
  const startJoining = async (member: Member): Promise<void> => {
    const deadline = nowMs() + REPLACE_MS;
    do {
      await start(member, 'existing');
      await sleep(REST_MS);
    } while ((await statusOf(lab, member, ASK_MS)) === undefined && nowMs() < deadline);
  };

  return Object.freeze<RunningEtcd>({
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
    roles: () =>
      Promise.all(
        members.map(async (member) => {
          const status = await statusOf(lab, member, ASK_MS);
          if (status === undefined) return { member: member.name, role: 'silent' as const, term: null };
          const role = status.leader === status.id ? ('leader' as const) : ('follower' as const);
          return { member: member.name, role, term: status.term };
        }),
      ),
    async restart(nodes) {
      const struck = on(nodes);
      const kept = await Promise.all(struck.map((member) => hasData(lab, member)));
      const lost = struck.filter((_, at) => !kept[at]);
      // Where nobody has anything there is no cluster to join: this is its first start, or the end of all that it knew.
      if (lost.length === members.length) {
        await all(members.map((member) => start(member)));
        return;
      }
      await all(struck.filter((member) => !lost.includes(member)).map((member) => start(member)));
      await join(lost);
    },
    async rebuild(nodes) {
      const rebuilt = on(nodes);
      for (const member of rebuilt) {
        await lab.kill(member.node, 'etcd');
        await wipe(lab, member);
        await join([member]);
      }
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

/** Name of the member's log in its node's `log/`. */
function logName({ name }: Member): string {
  return name.startsWith('etcd') ? name : `etcd-${name}`;
}

function lastWords(lab: RunningLab, member: Member): string {
  const file = joinPath(lab.node(member.node).dir, 'log', `${logName(member)}.log`);
  try {
    const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)!;
    return `${last.slice(0, 400)} (${file})`;
  } catch {
    return `there is none (${file})`;
  }
}
