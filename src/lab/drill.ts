/** The faults of a run, one after another, each measured until it counts. */

import type { PlannedFault } from '../fault/index.ts';
import { sessionsWhole } from './baseline.ts';
import type { Expectations } from './definition.ts';
import type { Lab } from './lab.ts';
import {
  type FaultMeasurement,
  type HalfMeasurement,
  measureFault,
  type Observers,
  verdictOf,
  whyOf,
} from './measure.ts';
import type { RunRecord } from './record.ts';
import type { StoreUnderLoad } from './stores/index.ts';
import type { FaultRecord } from './verdict-file.ts';

/** How often a fault is measured again because the prober stood still. */
const ATTEMPTS = 3;
/** How long sessions and stores may take to be whole again after a heal, before the next fault. */
const WHOLE_MS = 15_000;

export interface DrillOptions {
  readonly lab: Lab;
  readonly plan: readonly PlannedFault[];
  readonly observers: Observers;
  readonly stores: readonly StoreUnderLoad[];
  readonly expect: Expectations;
  readonly record: RunRecord;
  readonly checkInterrupt: () => void;
}

/** Strikes the plan, up to the first fault after which the lab is not whole again: what would follow it measured nothing. */
export async function drill(options: DrillOptions): Promise<readonly FaultRecord[]> {
  const records: FaultRecord[] = [];
  for (const planned of options.plan) {
    options.checkInterrupt();
    const { record, whole } = await strike(planned, options);
    records.push(record);
    if (!whole) break;
  }
  return Object.freeze(records);
}

async function strike(
  { kind, target: planned }: PlannedFault,
  options: DrillOptions,
): Promise<{ readonly record: FaultRecord; readonly whole: boolean }> {
  const { lab, observers, stores, expect, record } = options;
  const target = await resolveTarget(planned, lab, stores);
  const name = { kind: kind.kind, target };
  record.emit({ type: 'fault', ...name });
  const limits = expect.faults[kind.kind] ?? expect.faults.default;
  for (let attempt = 1; ; attempt++) {
    const fault = lab.prepare(kind.kind, target);
    const off = fault.predicts.failures.nodes ?? new Set<string>();
    const measured = await measureFault(fault, {
      intent: lab.intent,
      observers,
      limits,
      onProof: ({ verdict, evidence }) => record.emit({ type: 'proof', ...name, verdict, evidence }),
      onHeal: () => record.emit({ type: 'heal', ...name }),
      afterHeal: () => becomeWhole(lab, stores, kind.kind === 'daemon-killed' ? new Set() : off),
    });
    note(record, observers, measured);
    if (measured.stalled && attempt < ATTEMPTS) {
      record.emit({ type: 'say', line: `${kind.kind} ${target}: the prober stood still, so it is measured again` });
      continue;
    }
    for (const store of stores) store.noteFault({ ...name, atMs: measured.atMs });
    return { record: finish(name, measured, record), whole: measured.unhealed.length === 0 };
  }
}

function finish(name: { kind: string; target: string }, measured: FaultMeasurement, record: RunRecord): FaultRecord {
  const { atMs, proof, during, heal } = measured;
  const verdict = verdictOf(measured);
  const figures = { fibMs: round(during.fibMs), lossMs: round(during.lossMs), lostProbes: during.lostProbes };
  const why = whyOf(measured);
  record.emit({ type: 'fault-end', ...name, ...figures, healFibMs: round(heal.fibMs), verdict, why });
  return Object.freeze({
    ...name,
    at: Math.round(atMs - record.beganMs),
    proof,
    ...figures,
    heal: { fibMs: round(heal.fibMs), lossMs: round(heal.lossMs), lostProbes: heal.lostProbes },
    verdict,
    ...(why === '' ? {} : { why }),
  });
}

/** `leader:etcd` is the rack of the member that leads as the fault strikes. */
async function resolveTarget(planned: string, lab: Lab, stores: readonly StoreUnderLoad[]): Promise<string> {
  if (!planned.startsWith('leader:')) return planned;
  const wanted = planned.slice('leader:'.length);
  const leader = await stores.find(({ kind }) => kind === wanted)?.leader();
  if (leader === undefined) throw new Error(`${wanted} has no leader to strike`);
  const rack = [...lab.intent.racks].find(([, nodes]) => nodes.includes(leader.node));
  if (rack === undefined) throw new Error(`${leader.node}, which leads ${wanted}, is in no rack`);
  return rack[0];
}

/** Stores that lost power start again, and every session and store must be whole before the next fault may strike. Gives what is not. */
async function becomeWhole(
  lab: Lab,
  stores: readonly StoreUnderLoad[],
  off: ReadonlySet<string>,
): Promise<readonly string[]> {
  for (const store of stores) await store.restart([...off]);
  const broken = await sessionsWhole(lab, lab.intent.predict(), WHOLE_MS);
  const sick = await Promise.all(
    stores.map((store) =>
      store.healthy(WHOLE_MS).then(
        () => [],
        (error: Error) => [error.message],
      ),
    ),
  );
  return [...broken.map(({ target, why }) => `${target}: ${why}`), ...sick.flat()];
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
