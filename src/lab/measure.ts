/** One fault, measured: inject, proof, convergence, loss, heal, convergence again (RFC 7747's words: loss-derived and route-derived). */
import { setTimeout as sleep } from 'node:timers/promises';
import { summary } from '../assert/index.ts';
import type { Fault, Proof } from '../fault/index.ts';
import { nowMs } from '../linux/clock.ts';
import type { Prediction } from '../oracle/index.ts';
import type { ProbeEndpoint, Prober, RouteWatcher, RouteWindow } from '../probe/observer.ts';
import { diffRoutes, type NodeRoutes } from '../router/routes.ts';
import type { FaultLimits } from './definition.ts';
import { type FaultMeasurement, judgeHalf, judgeUnchanged, type Unhealed } from './fault-verdict.ts';
import { type Intent, silenceOf } from './intent.ts';
import { lossOf } from './pair-loss.ts';
import { mayHaveParted, type ProcessorWait } from './processor-wait.ts';
import { leaks, partedFlows, without } from './separation.ts';

export interface Observers {
  readonly watcher: RouteWatcher;
  readonly prober: Prober;
  readonly endpoints: readonly ProbeEndpoint[];
  /** Indexes of the flows that cross a link as the kernels route them now. */
  crossing(link: string): ReadonlySet<number>;
  /** Opens a window; what it gives closes it, and tells which routing daemon waited longest for a processor. */
  waits(): Promise<() => Promise<ProcessorWait | undefined>>;
}

export interface MeasureOptions {
  readonly intent: Intent;
  readonly observers: Observers;
  readonly limits: FaultLimits;
  /** How long the fault stays in force at least, milliseconds. */
  readonly lastsMs?: number;
  /** Told as the fault is proven and as it heals. */
  readonly onProof?: (proof: Proof) => void;
  readonly onHeal?: () => void;
  /** Waits until sessions and stores are whole again and gives what is not: part of the heal, not of its figures. */
  readonly afterHeal?: () => Promise<Unhealed>;
}

/** Without a change for so long a window counts as settled. */
const QUIET_MS = 300;
/** How long a lossy link is watched: long enough for the binomial bound to mean something. */
const LOSSY_MS = 2000;

/** Breaks and mends one thing. Whatever happens the fault is healed. */
export async function measureFault(fault: Fault, options: MeasureOptions): Promise<FaultMeasurement> {
  const { intent, observers, limits, lastsMs = 0, onProof, onHeal, afterHeal } = options;
  const { watcher, prober } = observers;
  const { failures, excluded = new Set<string>(), kind, loss, rebooted, separated } = fault.predicts;
  const parted = partedFlows(prober.flows, separated);
  const prediction = intent.predict(failures);
  /** What is connected all the time, also while something is off for a moment. */
  const lasting = rebooted === undefined ? prediction : intent.predict({ nodes: rebooted });
  const healthy = intent.predict();
  const judged = new Map([...prediction.routes].filter(([node]) => !excluded.has(node)));
  // Without BFD only the hold timer sees a silent link, and it is that time that must be shown.
  const timeoutMs = Math.max(intent.holdMs, intent.detectionMs ?? 0) + 6000;
  const silenceMs = silenceOf(intent);
  try {
    await watcher.expect(judged);
    const waitsDuring = await observers.waits();
    await prober.open();
    const beforeMs = nowMs();
    const { atMs } = await fault.inject();
    const proof = await fault.proof();
    onProof?.(proof);
    if (kind === 'unchanged') await sleep(LOSSY_MS);
    // Where a cut leaves no router, there is no table to wait for.
    const routes = judged.size === 0 ? nothingLeft(atMs) : await watcher.settled({ timeoutMs, quietMs: QUIET_MS });
    const probes = await prober.close();
    const wait = await waitsDuring();
    const during =
      kind === 'unchanged'
        ? judgeUnchanged(
            beforeMs,
            routes,
            probes,
            parted,
            leaks(probes, prober.flows, parted, atMs),
            prober.intervalMs,
            loss === undefined ? undefined : { share: loss, over: observers.crossing(fault.target) },
            // Neighbours that had no processor for so long took each other for dead.
            mayHaveParted(wait, 0, silenceMs) ? wait : undefined,
          )
        : judgeHalf(
            atMs,
            routes,
            probes,
            lossOf(probes, prober.flows, observers.endpoints, lasting),
            rebooted === undefined ? limits.fibMs : limits.healMs,
            limits.lossMs,
            prober.intervalMs,
            {
              ...(moves(judged, healthy) ? { strikesMs: beforeMs } : {}),
              isBlank: judged.size === 0,
              doubts: unmodelledSince(healthy, prediction),
              wait,
              silenceMs,
            },
          );

    // Stores take longer than routes: what they do about it must have its time.
    await sleep(Math.max(0, atMs + lastsMs - nowMs()));
    await watcher.expect(healthy.routes);
    const waitsAfter = await observers.waits();
    await prober.open();
    const healed = await fault.heal();
    onHeal?.();
    const routesAfter = await watcher.settled({ timeoutMs: timeoutMs + limits.healMs, quietMs: QUIET_MS });
    const probesAfter = await prober.close();
    // Pairs that the fault cut off are still coming back: those that it left connected must not lose anything for long.
    const left = without(probesAfter, parted);
    const lossAfter = lossOf(left, prober.flows, observers.endpoints, lasting);
    // In the end they must be back as well.
    const { open } = lossOf(probesAfter, prober.flows, observers.endpoints, healthy);
    const heal = judgeHalf(
      healed.atMs,
      routesAfter,
      probesAfter,
      { ...lossAfter, open },
      limits.healMs,
      limits.lossMs,
      prober.intervalMs,
      { wait: await waitsAfter(), silenceMs },
    );
    const unhealed = (await afterHeal?.()) ?? { what: [] };
    const stalled = [during, heal].some(({ isVoid, starved }) => isVoid || starved);
    return Object.freeze({ atMs, proof, during, heal, stalled, unhealed });
  } finally {
    await fault.heal();
  }
}

function nothingLeft(atMs: number): RouteWindow {
  return Object.freeze({ equalAtMs: atMs, differences: [], changes: new Map() });
}

/** Whether a fault predicts other tables than those of the whole network, on any router that is judged. */
function moves(judged: ReadonlyMap<string, NodeRoutes>, { routes }: Prediction): boolean {
  return [...judged].some(([node, expected]) => {
    const before = routes.get(node);
    return before !== undefined && diffRoutes(node, expected, before).length > 0;
  });
}

/** What the oracle cannot model only while the fault lasts: of the rest the baseline tells. */
function unmodelledSince(healthy: Prediction, prediction: Prediction): readonly string[] {
  const known = new Set(healthy.unmodelled.map(({ node, text }) => `${node} ${text}`));
  const fresh = prediction.unmodelled.filter(({ node, text }) => !known.has(`${node} ${text}`));
  if (fresh.length === 0) return [];
  return [`the oracle cannot tell: ${summary(fresh.map(({ node, text, why }) => `${node}: ${text}: ${why}`))}`];
}
