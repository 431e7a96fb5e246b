/** Redis with Sentinel on the racks: a primary, replicas, and a sentinel beside each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Member, RunningStore, Store } from '../store.ts';
import { DATA_DIR, type RedisOptions, SENTINEL_CONF, SERVER_CONF, sentinelConf, serverConf } from './config.ts';
import { agreedPrimary, knownToSentinel, type MemberRole, roleOf } from './status.ts';

const START_MS = 30_000;
const ASK_MS = 1_000;
const POLL_MS = 50;
/** A primary that comes back sooner than it is replaced would come back empty, and its replicas would follow. */
const FAIL_OVER_MS = 8_000;
/** What Redis and the disk keep in the folder. */
const OWN = ['redis.conf', 'sentinel.conf', 'dump.rdb', 'appendonlydir', 'lost+found'];

/** Redis with the lab's usual timers; nothing is kept on the disk. */
export const redis: Store = redisWith({});

/** The first member begins as primary. */
export function redisWith(options: RedisOptions): Store {
  return Object.freeze<Store>({
    kind: 'redis',
    packages: ['redis-server', 'redis-sentinel'],
    async start(lab, members) {
      const [first] = members;
      if (first === undefined || members.length < 3)
        throw new Error(
          `redis: ${members.length} members cannot agree on a primary: name at least three, on different racks`,
        );
      await Promise.all(members.map((member) => configure(lab, member, first, members.length, options)));
      const running = runningRedis(lab, members, options);
      await Promise.all(members.map((member) => spawnServer(lab, member)));
      // A sentinel looks for replicas as it starts, and then not again for ten seconds.
      await until(START_MS, async () => following(await rolesOf(lab, members), first.address));
      await Promise.all(members.map((member) => spawnSentinel(lab, member)));
      await running.healthy(START_MS);
      return running;
    },
  });
}

function runningRedis(lab: RunningLab, members: readonly Member[], options: RedisOptions): RunningStore {
  const leader = async (): Promise<Member | undefined> => {
    const address = await agreedPrimary(lab, members, ASK_MS);
    return members.find((member) => member.address === address);
  };
  /** The primary that the others agree on, once it is none of those that are gone. */
  const successor = async (gone: readonly Member[]): Promise<Member | undefined> => {
    const left = members.filter((member) => !gone.includes(member));
    for (
      const until = nowMs() + FAIL_OVER_MS;
      nowMs() < until && left.length > members.length / 2;
      await sleep(POLL_MS)
    ) {
      const primary = await leader();
      if (primary !== undefined && left.includes(primary)) return primary;
    }
    return undefined;
  };
  return Object.freeze<RunningStore>({
    kind: 'redis',
    members,
    leader,
    roles: () =>
      Promise.all(
        members.map(async (member) => {
          const found = await roleOf(lab, member, ASK_MS);
          return { member: member.name, role: found?.role ?? ('silent' as const), term: null };
        }),
      ),
    async restart(nodes) {
      const struck = members.filter(({ node }) => nodes.includes(node));
      const running = await Promise.all(struck.map((member) => roleOf(lab, member, ASK_MS)));
      const gone = struck.filter((_, at) => running[at] === undefined);
      if (gone.length === 0) return;
      const primary = (await successor(gone)) ?? (await leader()) ?? members[0]!;
      for (const member of gone) {
        await lab.kill(member.node, 'redis-sentinel');
        await configure(lab, member, primary, members.length, options);
        await spawnServer(lab, member);
        await spawnSentinel(lab, member);
      }
    },
    healthy: (timeoutMs) =>
      until(timeoutMs, async () => {
        const agreed = await agreedPrimary(lab, members, ASK_MS);
        if (agreed === undefined) return 'the sentinels agree on no primary';
        return following(await rolesOf(lab, members), agreed) ?? (await unprepared(lab, members));
      }),
  });
}

type Role = MemberRole | Member;

/** A member that does not answer stands for itself. */
function rolesOf(lab: RunningLab, members: readonly Member[]): Promise<readonly Role[]> {
  return Promise.all(members.map(async (member) => (await roleOf(lab, member, ASK_MS)) ?? member));
}

/** @throws Error with what still keeps the cache from being whole after the time (ms) */
async function until(timeoutMs: number, illness: () => Promise<string | undefined>): Promise<void> {
  const deadline = nowMs() + timeoutMs;
  for (;;) {
    const why = await illness();
    if (why === undefined) return;
    if (nowMs() >= deadline) throw new Error(`redis does not serve from every member after ${timeoutMs} ms: ${why}`);
    await sleep(POLL_MS);
  }
}

/** What keeps a cache from being whole: anything but one primary and replicas that follow it. */
function following(roles: readonly Role[], primary: string): string | undefined {
  for (const one of roles) {
    if (!('role' in one)) return `${one.name} does not answer`;
    const { name, address } = one.member;
    if (one.role === 'primary' && address !== primary) return `${name} is a primary that the sentinels do not know`;
    if (one.role === 'replica' && address === primary) return `${name} should be primary and is a replica`;
    if (one.role === 'replica' && (one.follows !== primary || !one.connected))
      return `${name} does not follow ${primary}`;
  }
  return undefined;
}

/** A sentinel that does not know all the others and all replicas yet. */
async function unprepared(lab: RunningLab, members: readonly Member[]): Promise<string | undefined> {
  for (const member of members) {
    const known = await knownToSentinel(lab, member, ASK_MS);
    if (known === undefined) return `the sentinel of ${member.name} does not answer`;
    if (known.replicas < members.length - 1 || known.otherSentinels < members.length - 1)
      return `the sentinel of ${member.name} knows ${known.replicas} replicas and ${known.otherSentinels} other sentinels`;
  }
  return undefined;
}

async function configure(
  lab: RunningLab,
  member: Member,
  primary: Member,
  members: number,
  options: RedisOptions,
): Promise<void> {
  const { name, node } = member;
  const made = await lab.exec(node, ['mkdir', '-p', DATA_DIR]);
  if (made.code !== 0)
    throw new Error(`redis member ${name}: cannot make ${DATA_DIR} on ${node}: ${made.stderr.trim()}`);
  const { stdout } = await lab.exec(node, ['ls', '-A', DATA_DIR]);
  const foreign = stdout.split('\n').filter((file) => file !== '' && !OWN.includes(file) && !file.startsWith('temp-'));
  if (foreign.length > 0) {
    throw new Error(
      `redis member ${name}: ${DATA_DIR} on ${node} is not a data folder of Redis: it holds ${foreign.slice(0, 5).join(', ')}; give it a folder of its own`,
    );
  }
  for (const [file, input] of [
    [SERVER_CONF, serverConf(member, member === primary ? undefined : primary, options)],
    [SENTINEL_CONF, sentinelConf(member, primary, members, options)],
  ] as const) {
    const { code, stderr } = await lab.exec(node, ['dd', `of=${file}`, 'status=none'], { input });
    if (code !== 0) throw new Error(`redis member ${name}: cannot write ${file} on ${node}: ${stderr.trim()}`);
  }
}

async function spawnServer(lab: RunningLab, member: Member): Promise<void> {
  await lab.spawn(member.node, logName(member), ['redis-server', SERVER_CONF]);
}

async function spawnSentinel(lab: RunningLab, member: Member): Promise<void> {
  await lab.spawn(member.node, `${logName(member)}-sentinel`, ['redis-sentinel', SENTINEL_CONF]);
}

/** Name of the member's log in its node's `log/`. */
function logName({ name }: Member): string {
  return name.startsWith('redis') ? name : `redis-${name}`;
}
