/** The faults of a run, one after another, each measured until it counts. */

import { InputError, MissingError } from '../errors.ts';
import { type Fault, type FaultKind, type PlannedFault, storeOf } from '../fault/index.ts';
import { nowMs } from '../linux/clock.ts';
import { leaderWithin } from '../store/leader.ts';
import { sessionsWhole } from './baseline.ts';
import type { Expectations } from './definition.ts';
import {
  excuse,
  type FaultMeasurement,
  type HalfMeasurement,
  type Unhealed,
  verdictOf,
  whyOf,
} from './fault-verdict.ts';
import type { Lab } from './lab.ts';
import { measureFault, type Observers } from './measure.ts';
import { explainedMs, explainsLateness } from './processor-wait.ts';
import type { RunRecord } from './record.ts';
import type { MachineExcuse } from './store-verdict.ts';
import type { StoreUnderLoad } from './stores/index.ts';
import type { FaultRecord } from './verdict-file.ts';

/** How often a fault is measured, where the prober stood still or routing had no processor: on a machine that others share for a while. */
const ATTEMPTS = 5;
/** How long sessions and stores may take to be whole again after a heal, before the next fault. */
const WHOLE_MS = 15_000;
/** How long a member has for finding out that its data is rotten. */
const NOTICE_MS = 3_000;

export interface DrillOptions {
  readonly lab: Lab;
  readonly plan: readonly PlannedFault[];
  readonly observers: Observers;
  readonly stores: readonly StoreUnderLoad[];
  readonly expect: Expectations;
  readonly record: RunRecord;
  readonly checkInterrupt: () => void;
}

/**
 * Strikes the plan, up to the first fault after which the lab is not whole again, or that could not be measured to its end: what would
 * follow it measured nothing.
 * @throws InputError, MissingError; and what `checkInterrupt` throws
 */
export async function drill(options: DrillOptions): Promise<readonly FaultRecord[]> {
  const records: FaultRecord[] = [];
  for (const planned of options.plan) {
    options.checkInterrupt();
    const { record, whole } = await strike(planned, options).catch((error: Error) => broken(planned, options, error));
    records.push(record);
    if (!whole) break;
  }
  return Object.freeze(records);
}

/** What came before it counts all the same, and so does what the stores have kept. */
function broken({ kind, target }: PlannedFault, { record }: DrillOptions, error: Error) {
  if (error instanceof InputError || error instanceof MissingError) throw error;
  const name = { kind: kind.kind, target };
  const nothing = { fibMs: null, lossMs: null, lostProbes: null };
  const why = `not measured to its end: ${error.message}`;
  record.emit({ type: 'fault-end', ...name, ...nothing, healFibMs: null, verdict: 'unknown', why });
  const fault: FaultRecord = Object.freeze({
    ...name,
    at: Math.round(nowMs() - record.beganMs),
    proof: { verdict: 'unknown' as const, evidence: why },
    ...nothing,
    heal: nothing,
    verdict: 'unknown' as const,
    why,
  });
  return { record: fault, whole: false };
}

async function strike(
  { kind, target: planned, lastsMs }: PlannedFault,
  options: DrillOptions,
): Promise<{ readonly record: FaultRecord; readonly whole: boolean }> {
  const { lab, observers, stores, expect, record } = options;
  const limits = expect.faults[kind.kind] ?? expect.faults.default;
  for (let attempt = 1; ; attempt++) {
    // Anew each time: the fault before may have made another member the leader.
    const target = await resolveTarget(kind, planned, lab, stores);
    const name = { kind: kind.kind, target };
    record.emit({ type: 'fault', ...name });
    const fault = lab.prepare(kind.kind, target);
    const machine = await watchMachine(observers);
    const measured = await measureFault(fault, {
      intent: lab.intent,
      observers,
      limits,
      ...(lastsMs === undefined ? {} : { lastsMs }),
      onProof: ({ verdict, evidence }) => record.emit({ type: 'proof', ...name, verdict, evidence }),
      onHeal: () => {
        record.emit({ type: 'heal', ...name });
        machine.look();
      },
      afterHeal: () => becomeWhole(fault, options),
    });
    note(record, observers, measured);
    const { failures, rebooted, excluded } = fault.predicts;
    // A router whose daemon alone died still stands.
    const took = [...(rebooted ?? failures.nodes ?? [])].filter((node) => !excluded?.has(node));
    machine.look();
    const excuses = await machine.looks();
    // Also where routing is to be measured again: a store has its own clock, and its recovery counts.
    for (const store of stores) {
      store.noteFault({ ...name, atMs: measured.atMs, ...(took.length > 0 && { took }), machine: excuses });
    }
    const whole = measured.unhealed.what.length === 0;
    // A failure that no stall explains is not tried away, and what is not whole is not struck.
    if (whole && measured.stalled && verdictOf(measured) === 'unknown' && attempt < ATTEMPTS) {
      record.emit({ type: 'say', line: `${kind.kind} ${target}: ${whyOf(measured)}; so it is measured again` });
      continue;
    }
    return { record: finish(name, measured, took, record), whole };
  }
}

/** What the machine's want of processors explains from now on, up to each look. */
async function watchMachine({ waits }: Observers) {
  const waited = await waits();
  const looks: Promise<readonly MachineExcuse[]>[] = [];
  return {
    look() {
      const look = async (): Promise<readonly MachineExcuse[]> => {
        const wait = await waited();
        return wait === undefined
          ? []
          : [{ untilMs: nowMs(), explainsMs: Math.round(explainedMs(wait)), why: excuse(wait) }];
      };
      looks.push(look().catch(() => []));
    },
    looks: async () => (await Promise.all(looks)).flat(),
  };
}

function finish(
  name: { kind: string; target: string },
  measured: FaultMeasurement,
  took: readonly string[],
  record: RunRecord,
): FaultRecord {
  const { atMs, proof, during, heal } = measured;
  const verdict = verdictOf(measured);
  const figures = figuresOf(during);
  const why = whyOf(measured);
  record.emit({ type: 'fault-end', ...name, ...figures, healFibMs: round(heal.fibMs), verdict, why });
  return Object.freeze({
    ...name,
    at: Math.round(atMs - record.beganMs),
    proof,
    ...(took.length > 0 && { took: Object.freeze(took) }),
    ...figures,
    heal: figuresOf(heal),
    verdict,
    ...(why === '' ? {} : { why }),
  });
}

/** Of a void window nothing that the probes tell. */
function figuresOf({ fibMs, lossMs, lostProbes, isVoid }: HalfMeasurement) {
  return { fibMs: round(fibMs), lossMs: isVoid ? null : round(lossMs), lostProbes: isVoid ? null : lostProbes };
}

/** `leader:etcd` is the member that leads as the fault strikes: its rack, its node, or the link between its node and its leaf; in a partition its node. */
async function resolveTarget(
  kind: FaultKind,
  planned: string,
  lab: Lab,
  stores: readonly StoreUnderLoad[],
): Promise<string> {
  const wanted = storeOf(planned);
  if (wanted === undefined) return planned;
  const store = stores.find(({ kind }) => kind === wanted);
  if (store === undefined) throw new Error(`there is no ${wanted} whose leader could be struck`);
  const leader = await leaderWithin(store, WHOLE_MS);
  if (kind.targets === 'nodes') return planned.replace(`leader:${wanted}`, leader.node);
  if (kind.targets === 'node') return leader.node;
  if (kind.targets === 'link') {
    const [link] = lab.linksOf(leader.node);
    if (link === undefined) throw new Error(`${leader.node}, which leads ${wanted}, has no link`);
    return link.name;
  }
  const rack = [...lab.intent.racks].find(([, nodes]) => nodes.includes(leader.node));
  if (rack === undefined) throw new Error(`${leader.node}, which leads ${wanted}, is in no rack`);
  return rack[0];
}

/** Stores that lost power start again, and every session and store must be whole before the next fault may strike. Gives what is not. */
async function becomeWhole(fault: Fault, { lab, stores, observers, record }: DrillOptions): Promise<Unhealed> {
  const struck = [...struckBy(fault)];
  const gone: string[] = [];
  for (const store of stores) {
    try {
      await store.restart(struck);
      if (fault.rebuild) await rebuild(store, struck, record);
    } catch (error) {
      gone.push((error as Error).message);
    }
  }
  for (let attempt = 1; ; attempt++) {
    const waited = await observers.waits();
    const { broken, sick } = await wholeIn(lab, stores);
    const wait = await waited();
    const isStarved = explainsLateness(wait, WHOLE_MS);
    if (isStarved && broken.length + sick.size > 0 && attempt < ATTEMPTS) {
      record.emit({ type: 'say', line: `not whole again yet; ${excuse(wait)}, so it is waited for longer` });
      continue;
    }
    for (const store of stores) {
      // With its nodes up and the network whole, nothing but the store itself keeps it from serving.
      if (!sick.has(store)) store.trials.noteWhole(true);
      else if (broken.length === 0 && !isStarved) store.trials.noteWhole(false);
    }
    const what = [...new Set([...gone, ...broken, ...sick.values()])];
    return { what, ...(isStarved && gone.length === 0 && { excuse: excuse(wait) }) };
  }
}

/** Waits for sessions, then for stores, and gives those that are not whole. */
async function wholeIn(lab: Lab, stores: readonly StoreUnderLoad[]) {
  const sessions = await sessionsWhole(lab, lab.intent.predict(), WHOLE_MS);
  const sick = new Map<StoreUnderLoad, string>();
  for (const store of stores) {
    await store.healthy(WHOLE_MS).catch((error: Error) => sick.set(store, error.message));
  }
  return { broken: sessions.map(({ target, why }) => `${target}: ${why}`), sick };
}

/** Nodes whose members may be gone. A router whose daemon alone died has kept everything else. */
function struckBy({ kind, predicts, strikes }: Fault): ReadonlySet<string> {
  if (strikes !== undefined) return strikes;
  return (kind === 'daemon-killed' ? undefined : predicts.failures.nodes) ?? new Set();
}

/** Data that cannot be trusted is served for a moment, and the record tells whether the store minded; then the members are made anew. */
async function rebuild(store: StoreUnderLoad, nodes: readonly string[], record: RunRecord): Promise<void> {
  const members = store.members.filter(({ node }) => nodes.includes(node));
  if (members.length === 0 || store.rebuild === undefined) return;
  const noticed = await store.healthy(NOTICE_MS).then(
    () => 'started on it as if nothing were wrong',
    (error: Error) => `noticed: ${error.message}`,
  );
  record.emit({ type: 'say', line: `${store.kind} on ${members.map(({ node }) => node).join(', ')} ${noticed}` });
  await store.rebuild(nodes);
}

/** What only the record keeps: route changes by router, gaps by flow, stalls. */
function note(record: RunRecord, { prober }: Observers, { during, heal }: FaultMeasurement): void {
  for (const [window, half] of [
    ['fault', during],
    ['heal', heal],
  ] as const) {
    for (const [node, { firstMs, lastMs, count }] of half.routes.changes) {
      const relative = (ms: number) => round(ms - record.beganMs) as number;
      record.emit({ type: 'route', node, window, firstMs: relative(firstMs), lastMs: relative(lastMs), count });
    }
    noteGaps(record, prober.flows, half);
    if (half.probes.stallMs > 0) record.emit({ type: 'stall', stallMs: round(half.probes.stallMs) as number });
  }
}

function noteGaps(record: RunRecord, flows: Observers['prober']['flows'], { probes }: HalfMeasurement): void {
  for (const { flow, lost, gapFromMs, gapToMs } of probes.flows) {
    const { from, to, family } = flows[flow] as (typeof flows)[number];
    if (lost === 0) continue;
    const fromMs = round((gapFromMs ?? probes.fromMs) - record.beganMs) as number;
    record.emit({
      type: 'gap',
      from,
      to,
      family,
      fromMs,
      toMs: gapToMs === undefined ? null : round(gapToMs - record.beganMs),
      lost,
    });
  }
}

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
