/** MariaDB on the racks: one primary and two replicas, with a manager beside each, and etcd for their leases on the same nodes. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningLab } from '../../engine/engine.ts';
import { InputError } from '../../errors.ts';
import { nowMs } from '../../linux/clock.ts';
import { PATH } from '../../linux/run.ts';
import { letRunFirst } from '../../linux/scheduler.ts';
import { etcdWith } from '../etcd/index.ts';
import { leaderWithin } from '../leader.ts';
import { order } from '../order.ts';
import type { Member, RunningStore } from '../store.ts';
import type { MariadbOptions } from './argv.ts';
import { type Credentials, credentialsIn } from './credentials.ts';
import { type LeaseRecord, openLease } from './lease.ts';
import {
  type ManagerCommand,
  type ManagerDefects,
  type ManagerReport,
  type ManagerTimers,
  TIMERS,
} from './manager-protocol.ts';
import { type MemberStates, memberStates } from './member-states.ts';
import { replicaStatus } from './replication.ts';
import { emptyData, makeTemplate, manage, type ServerPlace, startServer } from './server.ts';

const PROCESS = fileURLToPath(new URL('./manager-process.ts', import.meta.url));
const SERVE_MS = 30_000;
const POLL_MS = 25;
/** How long a manager may take to end. */
const END_MS = 5_000;
/** After which events a member is complete, or is not. */
const COMPLETENESS =
  /^(starts its server|its data is not whole|has what|was rebuilt|must catch up|has caught up|serves epoch)/;
const COMPLETE = /^(has caught up|serves epoch)/;
/** A lease outlasts an election of etcd's. */
const ETCD = { heartbeatMs: 50, electionMs: 300, preVote: true };

export interface MariadbStoreOptions extends ManagerDefects, MariadbOptions {
  /** Default: `TIMERS`. */
  readonly timers?: Partial<ManagerTimers>;
  /** Told what the managers do. */
  readonly say?: (event: ManagerEvent) => void;
}

export type ManagerEvent = Extract<ManagerReport, { what: 'event' }>;

export interface RunningMariadb extends RunningStore {
  readonly serviceAddress: string;
  readonly credentials: Credentials;
  /** What the managers did so far: roles and terms over time. */
  readonly events: readonly ManagerEvent[];
  /** Hands over to a replica. @throws Error where there is no primary or it refuses */
  switchOver(): Promise<void>;
  /**
   * What the members hold, for clients that have ended: all at one place of the log, where they reach it within the time (ms).
   * @throws Error where there is no primary
   */
  states(timeoutMs: number): Promise<MemberStates>;
  /** Ends the managers. The servers end with the lab. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, the servers and the managers, and waits until one serves and two follow.
 * @param serviceAddress floating, of the design's pool `service4`
 * @throws InputError where there are not three members; Error naming the member that did not come
 */
export async function startMariadb(
  lab: RunningLab,
  members: readonly Member[],
  serviceAddress: string,
  options: MariadbStoreOptions = {},
): Promise<RunningMariadb> {
  if (members.length !== 3 || new Set(members.map(({ node }) => node)).size !== 3) {
    throw new InputError(
      `MariaDB: ${members.length} members on ${new Set(members.map(({ node }) => node)).size} nodes; a primary and two replicas need three, for an acknowledged write is on two of them`,
    );
  }
  const dir = join(lab.dir, 'mariadb');
  const credentials = credentialsIn(dir);
  const places = members.map(
    (member, i): ServerPlace => ({ lab, member, serverId: i + 1, serviceAddress, options, credentials, dir }),
  );
  await makeTemplate(dir);
  const [etcd] = await Promise.all([
    etcdWith(ETCD).start(
      lab,
      members.map(({ name, ...rest }) => ({ name: `etcd-${name}`, ...rest })),
    ),
    Promise.all(places.map(emptyData)),
  ]);
  for (const session of await Promise.all(places.map((place) => startServer(place, true)))) session.close();
  const running = runningMariadb(lab, places, etcd, options);
  try {
    await running.restart(members.map(({ node }) => node));
    await running.healthy(SERVE_MS);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function runningMariadb(
  lab: RunningLab,
  places: readonly ServerPlace[],
  etcd: RunningStore,
  options: MariadbStoreOptions,
): RunningMariadb {
  const members = places.map(({ member }) => member);
  const { serviceAddress, dir, credentials } = places[0]!;
  const managers = new Map<string, ChildProcess>();
  const events: ManagerEvent[] = [];

  const startManager = async (member: Member): Promise<void> => {
    const before = managers.get(member.node);
    if (isAlive(before)) return;
    const child = fork(PROCESS, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...process.env, PATH, LEAFSTORM_LAB_DIR: lab.dir },
    });
    managers.set(member.node, child);
    child.on('message', (report: ManagerReport) => {
      if (report.what !== 'event') return;
      events.push(report);
      options.say?.(report);
    });
    const { semiSyncTimeoutMs, looseDisk, naiveChoice, noFencing, timers } = options;
    const command: ManagerCommand = {
      do: 'start',
      options: {
        lab: lab.name,
        member: member.name,
        members,
        serviceAddress,
        dir,
        server: { ...(semiSyncTimeoutMs === undefined ? {} : { semiSyncTimeoutMs }), looseDisk: looseDisk ?? false },
        timers: { ...TIMERS, ...timers },
        naiveChoice: naiveChoice ?? false,
        noFencing: noFencing ?? false,
      },
    };
    await order(child, `the manager of ${member.name}`, command).catch(async (error) => {
      // The next restart tries again.
      await end(child);
      throw error;
    });
  };

  const lease = async (): Promise<LeaseRecord | undefined> => {
    for (const { node } of members) {
      const addresses = members.filter((member) => member.node === node).map(({ address }) => address);
      const store = openLease({ netns: lab.node(node).netns, members: addresses, name: lab.name, timeoutMs: 500 });
      try {
        const seen = await store.read();
        if (seen !== undefined && seen !== 'none') return seen.record;
      } finally {
        store.close();
      }
    }
    return undefined;
  };
  const leader = async (): Promise<Member | undefined> => {
    const record = await lease();
    if (record === undefined || record.phase === 'open' || record.phase === 'electing') return undefined;
    return members.find(({ name }) => name === record.holder);
  };

  /** A manager dies with its node; on one that runs it is missed. */
  const unmanaged = (): string | undefined => {
    const one = members.find(({ node }) => !isAlive(managers.get(node)));
    return one === undefined ? undefined : `the manager of ${one.name} has ended`;
  };

  /** A member that still has to catch up cannot take part in an election without the primary. */
  const incomplete = (): string | undefined => {
    const last = members.map(({ name }) =>
      events.findLast((event) => event.member === name && COMPLETENESS.test(event.event)),
    );
    const behind = last.find((event) => !COMPLETE.test(event?.event ?? ''));
    return behind === undefined ? undefined : `${behind.member} has not caught up yet`;
  };

  return Object.freeze<RunningMariadb>({
    kind: 'mariadb',
    members,
    serviceAddress,
    credentials,
    events,
    leader,
    async roles() {
      const on = new Map<string, boolean>();
      for (const { node } of members) on.set(node, (await lab.processes(node)).length > 0);
      return members.map(({ name, node }) => {
        const last = events.findLast(({ member }) => member === name);
        // A manager dies with its node, and says nothing of it.
        if (last === undefined || on.get(node) !== true) return { member: name, role: 'silent' as const, term: null };
        return { member: name, role: last.role, term: last.epoch };
      });
    },
    async restart(nodes) {
      await etcd.restart(nodes);
      await Promise.all(nodes.map((node) => favour(lab, node)));
      await Promise.all(members.filter(({ node }) => nodes.includes(node)).map(startManager));
    },
    async healthy(timeoutMs) {
      const deadline = nowMs() + timeoutMs;
      await etcd.healthy(timeoutMs);
      for (;;) {
        const ill = (await illness(places, await leader())) ?? unmanaged() ?? incomplete();
        if (ill === undefined) return;
        if (nowMs() >= deadline) {
          const last = events.slice(-6).map(({ member, event }) => `${member} ${event}`);
          throw new Error(
            `MariaDB is not whole after ${timeoutMs} ms: ${ill}; the managers' last words: ${last.join('; ')}`,
          );
        }
        await sleep(POLL_MS);
      }
    },
    async switchOver() {
      const primary = await leader();
      const child = managers.get(primary?.node ?? '');
      if (child === undefined) throw new Error('MariaDB has no primary that could hand over');
      await order(child, `the manager of ${primary!.name}`, { do: 'switch over' });
    },
    states: async (timeoutMs) =>
      memberStates(places, await leaderWithin({ kind: 'mariadb', leader }, timeoutMs), timeoutMs),
    async stop() {
      await Promise.all([...managers.values()].map(end));
    },
  });
}

/** Why the three are not one primary and two replicas that receive and apply; undefined where they are. */
async function illness(places: readonly ServerPlace[], primary: Member | undefined): Promise<string | undefined> {
  if (primary === undefined) return 'nobody holds the lease';
  const found = await Promise.all(
    places.map(async (place): Promise<string | undefined> => {
      const { name, address } = place.member;
      try {
        const session = await manage(place, 500);
        try {
          const [row] = await session.query<{ closed: number }>('SELECT @@read_only AS closed', [], 500);
          if (address === primary.address) return row?.closed === 0 ? undefined : `${name} is still read-only`;
          const status = await replicaStatus(session);
          if (row?.closed !== 1) return `${name} is no primary and writable`;
          if (status.source !== primary.address || !status.receiving || !status.applying)
            return `${name} does not follow ${primary.name}: ${status.error || 'not yet'}`;
          return undefined;
        } finally {
          session.close();
        }
      } catch (error) {
        return `${name}: ${(error as Error).message.slice(0, 120)}`;
      }
    }),
  );
  return found.find((ill) => ill !== undefined);
}

/** An etcd that waits for a processor behind other nodes' work costs the lease: each node of a real lab has processors of its own. */
async function favour(lab: RunningLab, node: string): Promise<void> {
  for (const { pid, program } of await lab.processes(node)) if (program === 'etcd') letRunFirst(pid);
}

function isAlive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  // One that is frozen with its node ends when that is thawed, which is for the lab to do.
  await Promise.race([exited, sleep(END_MS, undefined, { ref: false })]);
}
