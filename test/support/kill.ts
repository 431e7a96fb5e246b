/** `kill -9` of a run at any instant: its helpers end by themselves, `destroy --cleanup` leaves nothing, and the next run is sound. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allProcesses, environmentOf, hasEnded, killNow } from '../../src/linux/processes.ts';
import { createRandom } from '../../src/random.ts';
import { leafstorm, start, temporaryFolder } from './cli.ts';
import { leftovers } from './leftovers.ts';

export interface KillOutcome {
  readonly kills: readonly Kill[];
  readonly failures: readonly (Kill & { readonly why: readonly string[] })[];
}

export interface Kill {
  /** Milliseconds after its first word. */
  readonly atMs: number;
  /** The last line that the run had said. */
  readonly during: string;
  /** Processes that it had started and that were there when it was killed, itself not counted. */
  readonly helpers: number;
  /** Milliseconds until the last of them had ended by itself. */
  readonly endedMs: number;
}

/** Where in a run an instant is drawn, in turn: while a big lab is made, on the way to the stores, among faults under load. */
const SPANS: readonly { readonly fromMs: number; readonly toMs: number; readonly fabric: Fabric }[] = [
  // Enough link ends for the neighbour tables of the host to be raised.
  { fromMs: 0, toMs: 2_500, fabric: { spines: 9, racks: 8, servers: 0 } },
  { fromMs: 0, toMs: 6_000, fabric: { spines: 2, racks: 4, servers: 1 } },
  { fromMs: 6_000, toMs: 15_000, fabric: { spines: 2, racks: 4, servers: 1 } },
];
const NAME = 'killed';
/** Helpers look whether their parent is there whenever something happens; this is far more than any needs. */
const HELPERS_MS = 15_000;

interface Fabric {
  readonly spines: number;
  readonly racks: number;
  readonly servers: number;
}

/** Kills so many runs, each at an instant of its own, always the same ones for a seed. */
export async function killRuns(options: {
  readonly count: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}): Promise<KillOutcome> {
  const { count, seed, say = () => {} } = options;
  const random = createRandom(seed);
  const kills: Kill[] = [];
  const failures: (Kill & { why: readonly string[] })[] = [];
  for (let i = 0; i < count; i++) {
    const { fromMs, toMs, fabric } = SPANS[i % SPANS.length]!;
    const { why, ...kill } = await killOne(Math.round(fromMs + random.next() * (toMs - fromMs)), fabric, seed + i);
    kills.push(kill);
    if (why.length > 0) failures.push({ ...kill, why });
    say(
      `kill ${i + 1}/${count} after ${kill.atMs} ms (${kill.during}), ${kill.helpers} helpers: ${why.join('; ') || 'nothing left'}`,
    );
  }
  return { kills, failures };
}

async function killOne(atMs: number, fabric: Fabric, seed: number): Promise<Kill & { why: readonly string[] }> {
  const { dir: cwd, remove } = temporaryFolder();
  const temporary = join(cwd, 'tmp');
  mkdirSync(temporary);
  const mark = `LEAFSTORM_KILL_TEST=${cwd}`;
  const env = { TMPDIR: temporary, LEAFSTORM_KILL_TEST: cwd };
  const set = Object.entries(fabric).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const before = raisedForOthers() ? undefined : thresholds();
  const why: string[] = [];

  const child = start(['run', 'pod', '--name', NAME, '--seed', `${seed}`, ...set], { cwd, env, detached: true });
  const leader = child.pid!;
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stderr!, 'data'), exited]);
  await sleep(atMs);
  const helpers = startedBy(leader, mark);
  if (child.exitCode !== null) why.push(`it had ended by itself with ${child.exitCode}: ${said}`);
  const saidBefore = said;
  child.kill('SIGKILL');
  await exited;

  const endedMs = await waitForHelpers(leader, mark);
  const staying = startedBy(leader, mark);
  why.push(...staying.map((pid) => `helper does not end: ${commandOf(pid)}`));
  for (const pid of staying) killNow(pid);
  const last = said.slice(saidBefore.length);
  if (/error/i.test(last)) why.push(`its helpers did not end quietly: ${last}`);

  const destroyed = await leafstorm(['destroy', NAME, '--cleanup'], { cwd });
  if (destroyed.status !== 0) why.push(`destroy ended with ${destroyed.status}: ${destroyed.stderr}`);
  why.push(...leftovers(NAME, containers(fabric)));
  why.push(...readdirSync(temporary).map((name) => `temporary file ${name}`));
  if (before !== undefined && !raisedForOthers() && thresholds() !== before)
    why.push(`neighbour thresholds ${thresholds()}, not ${before}`);

  const next = ['run', 'pod', '--name', NAME, '--set', 'spines=2', '--set', 'racks=2', '--set', 'servers=1'];
  const ran = await leafstorm([...next, '--baseline-only', '--json'], { cwd });
  if (ran.status !== 0) why.push(`the next run ended with ${ran.status}: ${ran.stderr}`);
  why.push(...leftovers(NAME, containers({ spines: 2, racks: 2, servers: 1 })));
  remove();
  const during = saidBefore.trim().split('\n').at(-1)?.trim() ?? '';
  return { atMs, during, helpers: helpers.length, endedMs, why };
}

/** Those of its process group, and those that have its environment: what it started on this host, nodes not counted. */
function startedBy(leader: number, mark: string): number[] {
  return allProcesses().filter(
    (pid) => pid !== leader && !hasEnded(pid) && (groupOf(pid) === leader || environmentOf(pid).includes(mark)),
  );
}

/** @returns milliseconds until none was left, or the limit */
async function waitForHelpers(leader: number, mark: string): Promise<number> {
  const began = performance.now();
  while (startedBy(leader, mark).length > 0 && performance.now() - began < HELPERS_MS) await sleep(20);
  return Math.round(performance.now() - began);
}

/** Process group of proc_pid_stat(5); undefined where the process is gone. */
function groupOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[2]);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
  } catch {
    return `${pid}`;
  }
}

function containers({ spines, racks, servers }: Fabric): string[] {
  const numbered = (what: string, count: number) => Array.from({ length: count }, (_, i) => `${what}-${i + 1}`);
  const inRacks = numbered('server', racks).flatMap((rack) => numbered(rack, servers));
  return [...numbered('spine', spines), ...numbered('leaf', racks), ...inRacks].map((node) => `clab-${NAME}-${node}`);
}

/** The neighbour tables' limits, which all namespaces of a host share. */
function thresholds(): string {
  const read = (family: string, level: number) =>
    readFileSync(`/proc/sys/net/${family}/neigh/default/gc_thresh${level}`, 'utf8').trim();
  return ['ipv4', 'ipv6'].flatMap((family) => [1, 2, 3].map((level) => read(family, level))).join(' ');
}

/** Another lab on this host needs them raised; what stood there before is not for us to expect then. */
function raisedForOthers(): boolean {
  const book = '/var/lib/leafstorm/.neighbours.json';
  return existsSync(book) && 'raised' in (JSON.parse(readFileSync(book, 'utf8')) as object);
}
