// How many operations a second the database acknowledges over the fabric, with probes on every link and faults among them, and what the lab itself takes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../../src/history/operation.ts';
import { createRecorder } from '../../src/history/recorder.ts';
import type { AnyRequest } from '../../src/history/request.ts';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import { observe } from '../../src/lab/observe.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { stolenMs } from '../../src/linux/stolen.ts';
import type { Counts } from '../../src/store/load/index.ts';
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
  /** Operations a second that were due and found no free client within a second. */
  readonly shed: number;
  /** Percent of all processors: probes and watcher with this process. */
  readonly probesShare: number;
  /** The same of writing the history, as it takes to write it once more. */
  readonly historyShare: number;
  /** The same of all that clients do: their history, SQL, and what the kernel does to carry their packets through the fabric. */
  readonly clientsShare: number;
  /** Percent of all processors by program, the eight that took most; and what the hypervisor gave to others meanwhile. */
  readonly programs: Readonly<Record<string, number>>;
  readonly stolenShare: number;
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
      const begin = snapshot(load.counts());
      await sleep(seconds * 1000);
      const middle = snapshot(load.counts());
      const healthy = perSecond(begin, middle);
      say(`${healthy} operations a second while nothing was broken`);
      await withFaults(database, nowMs() + seconds * 1000, say);
      const end = snapshot(load.counts());
      await eyes.prober.close();
      const whole = perSecond(begin, end);
      const probesShare = share(begin, end, 'probes');
      const clientsShare = share(begin, end, 'clients');
      const programs = programShares(begin, end);
      const stolenShare = percent(end.stolenMs - begin.stolenMs, begin, end);
      const shed = Math.round((end.shed - begin.shed) / seconds / 2);
      say(
        `${whole} over all of it, ${shed} more were due; probes ${probesShare} %, clients ${clientsShare} % of all processors`,
      );
      say(
        `${stolenShare} % stolen; ${Object.entries(programs)
          .map(([name, of]) => `${name} ${of}`)
          .join(', ')}`,
      );
      await store.healthy(WHOLE_MS);
      const { history, missing } = await finish();
      const within = history.filter(({ atMs }) => atMs >= begin.atMs && atMs < end.atMs);
      const historyShare = percent(rewriteMs(within), begin, end);
      say(`the history ${historyShare} % of all processors, within the clients' share`);
      const { record, assertions } = judgeDatabase('mariadb', history, []);
      const wrong = assertions.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name}: ${one.why}`);
      const why = [...wrong, ...missing.map((key) => `${key} could not be read in the end`)];
      return {
        healthy,
        whole,
        shed,
        probesShare,
        historyShare,
        clientsShare,
        programs,
        stolenShare,
        verdict: record.verdict,
        why,
      };
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

/** Processor time (ms) that it takes to write a history once more, event by event, as a recorder does. */
function rewriteMs(history: History): number {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-throughput-'));
  const recorder = createRecorder(join(dir, 'history.jsonl'), CLIENTS);
  const open = new Map<number, ReturnType<typeof recorder.invoke>>();
  const before = process.cpuUsage();
  for (const event of history) {
    const { type, process: number, f, key = '', value } = event;
    if (type === 'invoke') open.set(number, recorder.invoke(number % CLIENTS, { f, key, value } as AnyRequest));
    else open.get(number)?.(type, value, event.error, event.by);
  }
  recorder.close();
  const { user, system } = process.cpuUsage(before);
  rmSync(dir, { recursive: true, force: true });
  return (user + system) / 1000;
}

interface Snapshot {
  readonly atMs: number;
  readonly ok: number;
  readonly shed: number;
  readonly cpuMs: Readonly<Record<'probes' | 'clients', number>>;
  /** By program; one that ended in between is not in it. */
  readonly programs: ReadonlyMap<string, number>;
  readonly stolenMs: number;
  readonly processors: number;
}

function snapshot({ ok, shed }: Counts): Snapshot {
  const cpuMs = { probes: 0, clients: 0 };
  const programs = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const tookMs = cpuOf(pid);
    const of = ownPart(pid);
    if (of !== undefined) cpuMs[of] += tookMs;
    const name = of ?? programOf(pid);
    programs.set(name, (programs.get(name) ?? 0) + tookMs);
  }
  return {
    atMs: nowMs(),
    ok,
    shed,
    cpuMs,
    programs,
    stolenMs: stolenMs().reduce((all, ms) => all + ms, 0),
    processors: cpus().length,
  };
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

/** The kernel's own threads by what they do, not by their number. */
function programOf(pid: string): string {
  const command = read(`/proc/${pid}/cmdline`);
  if (command.includes('manager-process')) return 'managers';
  const name = read(`/proc/${pid}/comm`).trim();
  return command === '' ? `[${name.replace(/[/:].*/, '')}]` : name;
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
  return percent(to.cpuMs[part] - from.cpuMs[part], from, to);
}

function programShares(from: Snapshot, to: Snapshot): Readonly<Record<string, number>> {
  const took = [...to.programs].map(([name, ms]) => [name, percent(ms - (from.programs.get(name) ?? 0), from, to)]);
  return Object.fromEntries(took.sort(([, a], [, b]) => Number(b) - Number(a)).slice(0, 8));
}

function percent(ms: number, from: Snapshot, to: Snapshot): number {
  const all = (to.atMs - from.atMs) * to.processors;
  return Math.round((ms / all) * 1000) / 10;
}
