// Fail-overs of mixed cause and planned switch-overs on one lab, under load: how long until a new primary acknowledges, and what was lost.
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import type { Lab } from '../../src/lab/index.ts';
import { nowMs } from '../../src/linux/clock.ts';
import type { Member } from '../../src/store/store.ts';
import type { Verdict } from '../../src/verdict.ts';
import { type DatabaseLab, type DatabaseLabOptions, withDatabase } from '../../test/support/database.ts';
import { type Quantiles, quantiles } from './distribution.ts';

export interface FailoverOptions {
  readonly name: string;
  readonly failovers: number;
  readonly switchovers: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Defects to plant, and timers. */
  readonly store?: DatabaseLabOptions;
}

export interface FailoverOutcome {
  /** Milliseconds from the fault to the first write that the new primary acknowledged, over all causes and by cause. */
  readonly rtoMs: Quantiles;
  readonly byCause: Readonly<Record<string, Quantiles>>;
  /** Milliseconds from the order to the first write that the new primary acknowledged. */
  readonly switchoverMs: Quantiles;
  /** Faults after which nobody else became primary, and why they count for nothing. */
  readonly without: readonly string[];
  readonly acknowledged: number;
  readonly lost: number;
  readonly unknown: number;
  readonly verdict: Verdict;
  readonly why: readonly string[];
}

const CAUSES = [
  'rack-power',
  'leaf-power',
  'link-silent',
  'server-killed',
  'control-plane-frozen',
  'disk-full',
] as const;
type Cause = (typeof CAUSES)[number];

const FAILOVER_MS = 20_000;
const WHOLE_MS = 60_000;

/** Each cause in turn, on whoever is primary then. */
export async function failovers(options: FailoverOptions): Promise<FailoverOutcome> {
  const { name, seed, say } = options;
  return withDatabase(name, { seed, ...options.store }, async (database) => {
    const { store, finish } = database;
    await sleep(1000);
    const taken: { readonly cause: Cause; readonly ms: number }[] = [];
    const without: string[] = [];
    for (let i = 0; i < options.failovers; i++) {
      const cause = CAUSES[i % CAUSES.length]!;
      const ms = await failover(database, cause);
      if (ms === undefined) without.push(`${i + 1}: ${cause}`);
      else taken.push({ cause, ms });
      say(
        `fail-over ${i + 1} of ${options.failovers}, ${cause}: ${ms === undefined ? 'nobody else became primary' : `${ms} ms`}`,
      );
      await store.healthy(WHOLE_MS);
      await sleep(500);
    }
    const planned: number[] = [];
    for (let i = 0; i < options.switchovers; i++) {
      const atMs = nowMs();
      await store.switchOver();
      planned.push((await servedAfter(database, atMs)) ?? Number.NaN);
      const opened = store.events.findLast(({ event }) => event.startsWith('serves epoch'))!.atMs - atMs;
      say(
        `switch-over ${i + 1} of ${options.switchovers}: ${planned.at(-1)} ms, opened after ${Math.round(opened)} ms`,
      );
      await store.healthy(WHOLE_MS);
      await sleep(300);
    }
    const { history, missing } = await finish();
    const { record, assertions } = judgeDatabase('mariadb', history, []);
    const wrong = assertions.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name}: ${one.why}`);
    return {
      rtoMs: quantiles(taken.map(({ ms }) => ms)),
      byCause: Object.fromEntries(
        CAUSES.map((cause) => [cause, quantiles(taken.filter((one) => one.cause === cause).map(({ ms }) => ms))]),
      ),
      switchoverMs: quantiles(planned),
      without,
      acknowledged: record.acknowledged,
      lost: record.lost,
      unknown: record.unknown,
      verdict: record.verdict,
      why: [...wrong, ...missing.map((key) => `${key} could not be read in the end`)],
    };
  });
}

async function failover(database: DatabaseLab, cause: Cause): Promise<number | undefined> {
  const { lab, store } = database;
  const primary = (await store.leader())!;
  const strike = await strikeWith(lab, cause, primary);
  const ms = await servedAfter(database, strike.atMs);
  await strike.heal();
  await store.restart([primary.node]);
  return ms;
}

/** Milliseconds to the first write that was invoked after an instant and acknowledged by a primary of a later epoch. */
async function servedAfter({ store, load }: DatabaseLab, atMs: number): Promise<number | undefined> {
  const until = nowMs() + FAILOVER_MS;
  const serves = () => store.events.find((event) => event.event.startsWith('serves epoch') && event.atMs > atMs);
  while (serves() === undefined) {
    if (nowMs() >= until) return undefined;
    await sleep(10);
  }
  // What the old primary acknowledged until then does not count.
  const first = await load.acknowledgedAfter(atMs, FAILOVER_MS, serves()!.atMs);
  return first === undefined ? undefined : Math.round(first - atMs);
}

interface Strike {
  readonly atMs: number;
  heal(): Promise<unknown>;
}

async function strikeWith(lab: Lab, cause: Cause, { node }: Member): Promise<Strike> {
  const [rack, [leaf]] = [...lab.intent.racks].find(([, nodes]) => nodes.includes(node)) as [string, readonly string[]];
  const link = lab.linksOf(node)[0]!;
  switch (cause) {
    case 'rack-power':
      return lab.fault('rack-power', rack);
    case 'leaf-power':
      return lab.fault('switch-power', leaf!);
    case 'link-silent': {
      const fault = lab.prepare('link-silent', link.name);
      return { ...(await fault.inject()), heal: () => fault.heal() };
    }
    case 'control-plane-frozen': {
      const fault = lab.prepare(cause, node);
      return { ...(await fault.inject()), heal: () => fault.heal() };
    }
    case 'disk-full': {
      const fault = lab.prepare(cause, node);
      // It fills in several steps, and the first of them may be enough: what it takes counts as outage.
      const atMs = nowMs();
      await fault.inject();
      return { atMs, heal: () => fault.heal() };
    }
    case 'server-killed': {
      const atMs = nowMs();
      await lab.running.kill(node, 'mariadbd');
      // Its manager starts it again.
      return { atMs, heal: async () => {} };
    }
  }
}
