/** A member's server: its data folder, its start and its end. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import { inNamespace } from '../../linux/namespace.ts';
import { killNow } from '../../linux/processes.ts';
import { runOrThrow } from '../../linux/run.ts';
import type { Member } from '../store.ts';
import { DATA_DIR, INIT_FILE, type MariadbOptions, mariadbArgv } from './argv.ts';
import { connect, type Session } from './connection.ts';
import { type Credentials, initSql } from './credentials.ts';

const PROGRAM = 'mariadbd';
const REBUILDING = '/var/lib/store/mysql-rebuilding';
/** The template is 120 MB with its logs, and binary logs come on top. */
const LEAST_BYTES = 200 * 1024 * 1024;
const START_MS = 12_000;
/** One that was never seen to run may not have begun yet: it waits for a processor. */
const BEGIN_MS = 6_000;

/** What all functions of a member's server need. */
export interface ServerPlace {
  readonly lab: RunningLab;
  readonly member: Member;
  readonly serverId: number;
  readonly serviceAddress: string;
  readonly options: MariadbOptions;
  readonly credentials: Credentials;
  /** Folder of the store within the lab's state. */
  readonly dir: string;
}

/** An empty installation, made once and copied to each member. @throws Error quoting mariadb-install-db */
export async function makeTemplate(dir: string): Promise<string> {
  const template = join(dir, 'template');
  if (existsSync(join(template, 'mysql'))) return template;
  // Its own: a server that starts removes whatever temporary tables it finds, also those of one that another lab runs.
  const tmp = join(dir, 'tmp');
  for (const folder of [template, tmp]) mkdirSync(folder, { recursive: true });
  await runOrThrow([
    'mariadb-install-db',
    '--no-defaults',
    // The folder lies where only root may go.
    '--user=root',
    `--datadir=${template}`,
    `--tmpdir=${tmp}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-log-bin',
    '--innodb-log-file-size=16M',
  ]);
  rmSync(tmp, { recursive: true });
  await runOrThrow(['chown', '-R', 'mysql:mysql', template]);
  return template;
}

/** Gives a member an empty data folder; what was in it is gone. The server must not run. @throws Error where the disk is too small */
export async function emptyData({ lab, member, dir, credentials }: ServerPlace): Promise<void> {
  const template = await makeTemplate(dir);
  const store = hostPath(await firstPid(lab, member), DATA_DIR.slice(0, DATA_DIR.lastIndexOf('/')));
  const { stdout } = await lab.exec(member.node, ['df', '--output=size', '-B1', '/var/lib/store']);
  const bytes = Number(stdout.split('\n')[1]);
  if (!(bytes >= LEAST_BYTES)) {
    throw new Error(
      `${member.name}: the disk at /var/lib/store on ${member.node} has ${bytes} bytes, and MariaDB needs ${LEAST_BYTES}; give the node a bigger one (serverDiskBytes, or the label leafstorm-disk)`,
    );
  }
  rmSync(join(store, 'mysql'), { recursive: true, force: true });
  await runOrThrow(['cp', '-a', template, join(store, 'mysql')]);
  // What a copy has not flushed is gone with the power, and no server survives that.
  await runOrThrow(['sync', '-f', store]);
  const init = hostPath(await firstPid(lab, member), INIT_FILE);
  writeFileSync(init, initSql(credentials), { mode: 0o600 });
  await runOrThrow(['chown', 'mysql', init]);
}

/** Starts the server where it does not run, and waits until it answers. @throws Error with the end of its log's name */
export async function startServer(place: ServerPlace, init = false): Promise<Session> {
  const { lab, member, serverId, serviceAddress, options } = place;
  let spawned = false;
  const spawnUnlessRunning = async (): Promise<void> => {
    if (spawned || (await serverPids(lab, member)).length > 0) return;
    spawned = true;
    inNamespace(lab.node(member.node).netns, () => writeFileSync('/proc/sys/net/ipv4/ip_nonlocal_bind', '1'));
    await lab.spawn(member.node, logName(member), mariadbArgv(member, serverId, serviceAddress, options, init));
  };
  await spawnUnlessRunning();
  const until = nowMs() + START_MS;
  let seen = false;
  for (;;) {
    try {
      const session = await manage(place, 500);
      if (init) rmSync(hostPath(await firstPid(lab, member), INIT_FILE), { force: true });
      return session;
    } catch (error) {
      // One that was killed a moment ago still counted as running.
      await spawnUnlessRunning();
      const runs = (await serverPids(lab, member)).length > 0;
      seen ||= spawned && runs;
      const ended = !runs && (seen || nowMs() > until - START_MS + BEGIN_MS);
      if (ended || nowMs() >= until) {
        const what = ended
          ? 'ended while it started'
          : `does not serve after ${START_MS} ms (${(error as Error).message})`;
        throw new Error(`MariaDB member ${member.name} on ${member.node} ${what}; its log ends: ${lastWords(place)}`, {
          cause: error,
        });
      }
      await sleep(15);
    }
  }
}

/**
 * A mark on the member's own disk that its data is not whole: a copy that was interrupted looks like a young member, and would lack what
 * the primary's binary log no longer has.
 */
export async function markRebuilding({ lab, member }: ServerPlace, rebuilding: boolean): Promise<void> {
  const mark = hostPath(await firstPid(lab, member), REBUILDING);
  if (rebuilding) writeFileSync(mark, '');
  else rmSync(mark, { force: true });
}

/** Whether the member's data is all there: nothing is on a disk that was replaced, and anything after a rebuild that was interrupted. */
export async function isWhole({ lab, member }: ServerPlace): Promise<boolean> {
  const pid = await firstPid(lab, member);
  return existsSync(hostPath(pid, join(DATA_DIR, 'mysql'))) && !existsSync(hostPath(pid, REBUILDING));
}

/** A connection of the manager to one member, over that member's own namespace or that of another node. */
export function manage(
  { lab, member, credentials }: ServerPlace,
  connectMs: number,
  from: string = member.node,
): Promise<Session> {
  return connect({
    netns: lab.node(from).netns,
    address: member.address,
    user: 'manager',
    password: credentials.manager,
    connectMs,
  });
}

/** Ids of a member's server as the host counts; none where it does not run. */
export async function serverPids(lab: RunningLab, member: Member): Promise<readonly number[]> {
  return (await lab.processes(member.node)).filter(({ program }) => program === PROGRAM).map(({ pid }) => pid);
}

/** SIGKILL, and wait until it has ended: nothing that hangs in a commit can hold this up. */
export async function killServer(lab: RunningLab, member: Member): Promise<void> {
  for (;;) {
    const pids = await serverPids(lab, member);
    if (pids.length === 0) return;
    for (const pid of pids) killNow(pid);
    await sleep(5);
  }
}

export function logName({ name }: Member): string {
  return `mariadb-${name}`;
}

function lastWords({ lab, member }: ServerPlace): string {
  const file = join(lab.node(member.node).dir, 'log', `${logName(member)}.log`);
  try {
    return `${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-4).join('\n').slice(-800)} (${file})`;
  } catch {
    return `there is none (${file})`;
  }
}

/**
 * The oldest process that sees the node's own disks: it stays as long as the node is on, while others come and go, and their numbers wrap.
 * A manager counts to its node, and lives in the host's mount namespace.
 */
async function firstPid(lab: RunningLab, { node }: Member): Promise<number> {
  const own = readlinkSync('/proc/self/ns/mnt');
  const inside = (await lab.processes(node)).flatMap(({ pid }) => {
    try {
      if (readlinkSync(`/proc/${pid}/ns/mnt`) === own) return [];
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      return [{ pid, began: Number(fields[19]) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const [oldest] = inside.sort((a, b) => a.began - b.began);
  if (oldest === undefined) throw new Error(`${node} is off: no process runs on it`);
  return oldest.pid;
}

/** A path inside a node as this host reaches it, disks included. */
function hostPath(pid: number, path: string): string {
  return `/proc/${pid}/root${path}`;
}
