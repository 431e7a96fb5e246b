// Random partitions of one database under load: never two primaries that acknowledge, nothing lost, the bank's total constant.
import { setTimeout as sleep } from 'node:timers/promises';
import { longestOutage } from '../../src/consistency/index.ts';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { leaderWithin } from '../../src/store/leader.ts';
import type { Verdict } from '../../src/verdict.ts';
import { type DatabaseLab, type DatabaseLabOptions, withDatabase } from '../../test/support/database.ts';
import { type Quantiles, quantiles } from './distribution.ts';
import { type DrawnPartition, drawPartitions, type Roles, SHAPES, type Shape } from './partition-shapes.ts';

export interface PartitionsOptions {
  readonly name: string;
  readonly count: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Defects to plant, and timers. */
  readonly store?: DatabaseLabOptions;
}

export interface ShapeOutcome {
  readonly count: number;
  /** After how many of them another server had become primary. */
  readonly takeovers: number;
  /** Milliseconds, longest time without an acknowledged write anywhere, from the first cut until all was whole again. */
  readonly unavailableMs: Quantiles;
  /** Milliseconds from the heal until one primary and two replicas that have everything were there again. */
  readonly wholeMs: Quantiles;
}

export interface PartitionsOutcome {
  /** Partitions that took effect, by proof. */
  readonly count: number;
  readonly byShape: Readonly<Partial<Record<Shape, ShapeOutcome>>>;
  /** Partitions without proof, which count for nothing. */
  readonly unproven: readonly string[];
  /** After which partition the database did not become whole again, and why; none came after it. */
  readonly notWhole: string | undefined;
  readonly acknowledged: number;
  readonly lost: number;
  readonly unknown: number;
  readonly verdict: Verdict;
  readonly why: readonly string[];
}

interface Measured {
  readonly shape: Shape;
  readonly atMs: number;
  readonly healedMs: number;
  readonly wholeMs: number;
  readonly takenOver: boolean;
}

const WHOLE_MS = 60_000;
const LEADER_MS = 20_000;
const CLIENT_RACKS = 2;

/** Strikes one after another, each once all is whole again, and judges the whole history in the end. */
export async function partitions({
  name,
  count,
  seed,
  say,
  store: options,
}: PartitionsOptions): Promise<PartitionsOutcome> {
  return withDatabase(name, { seed, clientRacks: CLIENT_RACKS, ...options }, async (database) => {
    const { finish } = database;
    await sleep(1000);
    const measured: Measured[] = [];
    const unproven: string[] = [];
    let notWhole: string | undefined;
    for (const [i, drawn] of drawPartitions(count, seed).entries()) {
      const roles = await rolesOf(database);
      const title = `partition ${i + 1} of ${count}, ${drawn.shape}, ${drawn.target(roles)}`;
      try {
        const one = await strike(database, drawn, roles);
        if (typeof one === 'string') unproven.push(`${title}: ${one}`);
        else measured.push(one);
        say(`${title}: ${typeof one === 'string' ? `no proof: ${one}` : words(one)}`);
      } catch (error) {
        notWhole = `${title}: ${(error as Error).message}`;
        say(notWhole);
        break;
      }
      await sleep(300);
    }
    const { history, missing } = await finish();
    const { record, assertions } = judgeDatabase('mariadb', history, []);
    const writes = history.filter(({ f }) => f !== 'read');
    const of = (shape: Shape): ShapeOutcome => {
      const these = measured.filter((one) => one.shape === shape);
      return {
        count: these.length,
        takeovers: these.filter(({ takenOver }) => takenOver).length,
        unavailableMs: quantiles(these.map(({ atMs, wholeMs }) => longestOutage(writes, atMs, wholeMs).ms)),
        wholeMs: quantiles(these.map(({ healedMs, wholeMs }) => wholeMs - healedMs)),
      };
    };
    const wrong = assertions.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name}: ${one.why}`);
    return {
      count: measured.length,
      byShape: Object.fromEntries(
        SHAPES.filter((shape) => measured.some((one) => one.shape === shape)).map((shape) => [shape, of(shape)]),
      ),
      unproven,
      notWhole,
      acknowledged: record.acknowledged,
      lost: record.lost,
      unknown: record.unknown,
      verdict: record.verdict,
      why: [...wrong, ...missing.map((key) => `${key} could not be read in the end`)],
    };
  });
}

/** Whether all of them took effect and were survived. */
export function survived({ unproven, notWhole, verdict, why }: PartitionsOutcome): boolean {
  return unproven.length === 0 && notWhole === undefined && verdict === 'pass' && why.length === 0;
}

export async function rolesOf({ lab, store }: DatabaseLab): Promise<Roles> {
  const primary = await leaderWithin(store, LEADER_MS);
  const members = store.members.map(({ node }) => node);
  const servers = [...lab.intent.racks.values()].flatMap(([, ...nodes]) => nodes);
  return {
    primary: primary.node,
    replicas: members.filter((node) => node !== primary.node),
    clients: servers.filter((node) => !members.includes(node)),
  };
}

/** @returns what was measured, or why it was not proven. @throws Error where the database is not whole again in time */
async function strike(
  { lab, store, load }: DatabaseLab,
  { target, times, shape }: DrawnPartition,
  roles: Roles,
): Promise<Measured | string> {
  const fault = lab.prepare('partition', target(roles));
  let atMs: number | undefined;
  let healedMs = nowMs();
  let doubt: string | undefined;
  try {
    for (const { onMs, offMs } of times) {
      const injected = await fault.inject();
      atMs ??= injected.atMs;
      const { verdict, evidence } = await fault.proof();
      if (verdict !== 'pass') doubt ??= evidence;
      await sleep(Math.max(0, injected.atMs + onMs - nowMs()));
      healedMs = (await fault.heal()).atMs;
      await sleep(offMs);
    }
  } finally {
    await fault.heal();
  }
  await store.healthy(WHOLE_MS);
  if ((await load.acknowledgedAfter(healedMs, WHOLE_MS)) === undefined)
    throw new Error(`no write was acknowledged within ${WHOLE_MS} ms after the heal`);
  const takenOver = store.events.some((event) => event.atMs > atMs! && event.event.startsWith('serves epoch'));
  return doubt ?? { shape, atMs: atMs!, healedMs, wholeMs: nowMs(), takenOver };
}

function words({ atMs, healedMs, wholeMs, takenOver }: Measured): string {
  const change = takenOver ? 'the primary changed' : 'the primary stayed';
  return `healed after ${Math.round(healedMs - atMs)} ms, ${change}, whole ${Math.round(wholeMs - healedMs)} ms later`;
}
