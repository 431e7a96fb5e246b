// How many operations a second the database acknowledges over the fabric, with probes on every link and faults among them, and what the lab itself takes.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import { observe } from '../../src/lab/observe.ts';
import { nowMs } from '../../src/linux/clock.ts';
import type { Verdict } from '../../src/verdict.ts';
import { type DatabaseLab, withDatabase } from '../../test/support/database.ts';

export interface ThroughputOptions {
  readonly name: string;
  /** Seconds without a fault; as many with faults follow. */
  readonly seconds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface ThroughputOutcome {
  /** Acknowledged operations a second while nothing was broken, and over all of it. */
  readonly healthy: number;
  readonly whole: number;
  /** Percent of all processors: probes and watcher with this process; clients with their history. */
  readonly probesShare: number;
  readonly clientsShare: number;
  readonly verdict: Verdict;
  readonly why: readonly string[];
}

const CLIENTS = 64;
const RATE = 3_000;
const FAULT_MS = 3_000;
const WHOLE_MS = 60_000;
/** `USER_HZ`, which is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

export async function throughput({ name, seconds, seed, say }: ThroughputOptions): Promise<ThroughputOutcome> {
  return withDatabase(name, { seed, rate: RATE, clients: CLIENTS, keys: 400 }, async (database) => {
    const { lab, store, load, finish } = database;
    const eyes = await observe(lab, seed);
    try {
      await sleep(2000);
      await eyes.prober.open();
      const begin = snapshot(load.counts().ok);
      await sleep(seconds * 1000);
      const middle = snapshot(load.counts().ok);
      const healthy = perSecond(begin, middle);
      say(`${healthy} operations a second while nothing was broken`);
      await withFaults(database, nowMs() + seconds * 1000, say);
      const end = snapshot(load.counts().ok);
      await eyes.prober.close();
      const whole = perSecond(begin, end);
      const probesShare = share(begin, end, 'probes');
      const clientsShare = share(begin, end, 'clients');
      say(`${whole} over all of it; probes ${probesShare} %, clients and history ${clientsShare} % of all processors`);
      await store.healthy(WHOLE_MS);
      const { history, missing } = await finish();
      const { record, assertions } = judgeDatabase('mariadb', history, []);
      const wrong = assertions.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name}: ${one.why}`);
      const why = [...wrong, ...missing.map((key) => `${key} could not be read in the end`)];
      return { healthy, whole, probesShare, clientsShare, verdict: record.verdict, why };
    } finally {
      await eyes.stop();
    }
  });
}

/** A link, a switch, and the power of the primary's rack. */
async function withFaults({ lab, store, rackOf }: DatabaseLab, untilMs: number, say: (line: string) => void) {
  const primary = (await store.leader())!;
  const link = lab.running.links.find(({ a }) => a.node === 'spine-1')!.name;
  for (const [kind, target] of [
    ['link-down', link],
    ['switch-power', 'spine-2'],
  ] as const) {
    const fault = await lab.fault(kind, target);
    await sleep(FAULT_MS);
    await fault.heal();
    say(`${kind} ${target}: ${fault.proof.evidence.slice(0, 100)}`);
  }
  const rack = rackOf(primary.node);
  await lab.running.powerOff(rack);
  await sleep(FAULT_MS);
  await lab.running.powerOn(rack);
  await store.restart(rack);
  say(`power of ${rack.join(', ')}, the primary's rack`);
  await sleep(Math.max(0, untilMs - nowMs()));
}

interface Snapshot {
  readonly atMs: number;
  readonly ok: number;
  readonly cpuMs: Readonly<Record<'probes' | 'clients', number>>;
  readonly processors: number;
}

function snapshot(ok: number): Snapshot {
  const cpuMs = { probes: 0, clients: 0 };
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const of = ownPart(pid);
    if (of !== undefined) cpuMs[of] += cpuOf(pid);
  }
  const processors = readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm)!.length;
  return { atMs: nowMs(), ok, cpuMs, processors };
}

/** Which of this lab's own processes one is, if any. */
function ownPart(pid: string): 'probes' | 'clients' | undefined {
  if (Number(pid) === process.pid) return 'probes';
  const command = read(`/proc/${pid}/cmdline`);
  const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]);
  if (parent !== process.pid) return undefined;
  if (command.includes('prober-process') || command.includes('watcher-process')) return 'probes';
  return command.includes('load-process') ? 'clients' : undefined;
}

function cpuOf(pid: string): number {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function perSecond(from: Snapshot, to: Snapshot): number {
  return Math.round(((to.ok - from.ok) / (to.atMs - from.atMs)) * 1000);
}

function share(from: Snapshot, to: Snapshot, part: 'probes' | 'clients'): number {
  const all = (to.atMs - from.atMs) * to.processors;
  return Math.round(((to.cpuMs[part] - from.cpuMs[part]) / all) * 1000) / 10;
}
