/** One fault, measured: inject, proof, convergence, loss, heal, convergence again (RFC 7747's words: loss-derived and route-derived). */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeDifference, lossBound, summary } from '../assert/index.ts';
import type { Fault, Proof } from '../fault/index.ts';
import { nowMs } from '../linux/clock.ts';
import type { Prediction } from '../oracle/index.ts';
import { isVoid } from '../probe/index.ts';
import type {
  Flow,
  FlowLoss,
  ProbeEndpoint,
  Prober,
  ProbeWindow,
  RouteWatcher,
  RouteWindow,
} from '../probe/observer.ts';
import { type Verdict, worst } from '../verdict.ts';
import type { FaultLimits } from './definition.ts';
import type { Intent } from './intent.ts';

export interface Observers {
  readonly watcher: RouteWatcher;
  readonly prober: Prober;
  readonly endpoints: readonly ProbeEndpoint[];
  /** Indexes of the flows that cross a link as the kernels route them now. */
  crossing(link: string): ReadonlySet<number>;
}

/** Figures of one half of a fault: while it lasts, or its heal. Milliseconds; null is unknown. */
export interface HalfMeasurement {
  readonly fibMs: number | null;
  readonly lossMs: number | null;
  readonly lostProbes: number | null;
  readonly routes: RouteWindow;
  readonly probes: ProbeWindow;
  readonly verdict: Verdict;
  readonly why: string;
}

export interface FaultMeasurement {
  /** CLOCK_MONOTONIC milliseconds at which it took effect. */
  readonly atMs: number;
  readonly proof: Proof;
  readonly during: HalfMeasurement;
  readonly heal: HalfMeasurement;
  /** The prober stood still for so long that its figures are no measurement: repeat it. */
  readonly stalled: boolean;
  /** What was not whole again long after the heal. */
  readonly unhealed: readonly string[];
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
  readonly afterHeal?: () => Promise<readonly string[]>;
}

/** Without a change for so long a window counts as settled. */
const QUIET_MS = 300;
/** How long a lossy link is watched: long enough for the binomial bound to mean something. */
const LOSSY_MS = 2000;

/** Breaks and mends one thing. Whatever happens the fault is healed. */
export async function measureFault(fault: Fault, options: MeasureOptions): Promise<FaultMeasurement> {
  const { intent, observers, limits, lastsMs = 0, onProof, onHeal, afterHeal } = options;
  const { watcher, prober } = observers;
  const { failures, excluded = new Set<string>(), kind, loss, rebooted } = fault.predicts;
  const prediction = intent.predict(failures);
  /** What is connected all the time, also while something is off for a moment. */
  const lasting = rebooted === undefined ? prediction : intent.predict({ nodes: rebooted });
  const healthy = intent.predict();
  const judged = new Map([...prediction.routes].filter(([node]) => !excluded.has(node)));
  // Without BFD only the hold timer sees a silent link, and it is that time that must be shown.
  const timeoutMs = Math.max(intent.holdMs, intent.detectionMs ?? 0) + 6000;
  try {
    await watcher.expect(judged);
    await prober.open();
    const { atMs } = await fault.inject();
    const proof = await fault.proof();
    onProof?.(proof);
    if (kind === 'unchanged') await sleep(LOSSY_MS);
    // Where a cut leaves no router, there is no table to wait for.
    const routes = judged.size === 0 ? nothingLeft(atMs) : await watcher.settled({ timeoutMs, quietMs: QUIET_MS });
    const probes = await prober.close();
    const during =
      kind === 'unchanged'
        ? judgeUnchanged(
            routes,
            probes,
            loss === undefined ? undefined : { share: loss, over: observers.crossing(fault.target) },
          )
        : judgeHalf(
            atMs,
            routes,
            probes,
            lossOf(probes, prober.flows, observers.endpoints, lasting),
            rebooted === undefined ? limits.fibMs : limits.healMs,
            limits.lossMs,
          );

    // Stores take longer than routes: what they do about it must have its time.
    await sleep(Math.max(0, atMs + lastsMs - nowMs()));
    await watcher.expect(healthy.routes);
    await prober.open();
    const healed = await fault.heal();
    onHeal?.();
    const routesAfter = await watcher.settled({ timeoutMs: timeoutMs + limits.healMs, quietMs: QUIET_MS });
    const probesAfter = await prober.close();
    // Pairs that the fault cut off are still coming back: those that it left connected must not lose anything for long.
    const lossAfter = lossOf(probesAfter, prober.flows, observers.endpoints, lasting);
    const heal = judgeHalf(healed.atMs, routesAfter, probesAfter, lossAfter, limits.healMs, limits.lossMs);
    const unhealed = (await afterHeal?.()) ?? [];
    const stalled = [probes, probesAfter].some((window) => isVoid(window, prober.intervalMs));
    return Object.freeze({ atMs, proof, during, heal, stalled, unhealed });
  } finally {
    await fault.heal();
  }
}

function nothingLeft(atMs: number): RouteWindow {
  return Object.freeze({ equalAtMs: atMs, differences: [], changes: new Map() });
}

interface PairLoss {
  readonly longestGapMs: number;
  readonly lost: number;
  /** Pairs for which the window closed before a packet came through again. */
  readonly open: readonly string[];
  readonly worst: string;
}

/** Loss over the pairs that the oracle says remain connected. */
function lossOf(
  probes: ProbeWindow,
  flows: readonly Flow[],
  endpoints: readonly ProbeEndpoint[],
  prediction: Prediction,
): PairLoss {
  const address = new Map(endpoints.map(({ node, ipv4, ipv6 }) => [node, { 4: `${ipv4}/32`, 6: `${ipv6}/128` }]));
  let result: PairLoss = { longestGapMs: 0, lost: 0, open: [], worst: '' };
  for (const loss of probes.flows) {
    const flow = flows[loss.flow] as Flow;
    if (!isConnected(flow, prediction, address.get(flow.to)?.[flow.family])) continue;
    const gapMs = gapOf(loss, probes);
    const longer = gapMs > result.longestGapMs;
    result = {
      longestGapMs: longer ? gapMs : result.longestGapMs,
      lost: result.lost + loss.lost,
      open: loss.lost > 0 && loss.gapToMs === undefined ? [...result.open, `${flow.from} to ${flow.to}`] : result.open,
      worst: longer ? `${flow.from} to ${flow.to} (IPv${flow.family})` : result.worst,
    };
  }
  return result;
}

function isConnected({ from, to, family }: Flow, { routes }: Prediction, prefix: string | undefined): boolean {
  const source = routes.get(from);
  if (source === undefined || !routes.has(to) || prefix === undefined) return false;
  return ((family === 4 ? source.ipv4 : source.ipv6).get(prefix)?.length ?? 0) > 0;
}

function gapOf({ lost, longestGapMs, gapFromMs, gapToMs }: FlowLoss, { fromMs, toMs }: ProbeWindow): number {
  return lost > 0 && gapToMs === undefined ? Math.max(longestGapMs, toMs - (gapFromMs ?? fromMs)) : longestGapMs;
}

function judgeHalf(
  atMs: number,
  routes: RouteWindow,
  probes: ProbeWindow,
  loss: PairLoss,
  fibLimit: number,
  lossLimit: number,
): HalfMeasurement {
  const fibMs = routes.equalAtMs === undefined ? null : Math.max(0, routes.equalAtMs - atMs);
  const whys: string[] = [];
  if (fibMs === null) whys.push(`tables never were as predicted: ${differencesOf(routes)}`);
  else if (fibMs > fibLimit) whys.push(`tables were right after ${Math.round(fibMs)} ms, limit ${fibLimit} ms`);
  if (loss.open.length > 0) whys.push(`still losing when the window closed: ${summary(loss.open)}`);
  if (loss.longestGapMs > lossLimit)
    whys.push(`${loss.worst} lost probes for ${Math.round(loss.longestGapMs)} ms, limit ${lossLimit} ms`);
  return Object.freeze({
    fibMs,
    lossMs: loss.longestGapMs,
    lostProbes: loss.lost,
    routes,
    probes,
    verdict: whys.length > 0 ? 'fail' : 'pass',
    why: whys.join('; '),
  });
}

/** Tables stay as they are. Where a link is lossy the packets that cross it are lost as chance has it: no more, and no fewer; no other is. */
function judgeUnchanged(
  routes: RouteWindow,
  probes: ProbeWindow,
  lossy: { readonly share: number; readonly over: ReadonlySet<number> } | undefined,
): HalfMeasurement {
  const crosses = ({ flow }: FlowLoss) => lossy?.over.has(flow) ?? false;
  const total = (losses: readonly FlowLoss[], field: 'sent' | 'lost') =>
    losses.reduce((sum, loss) => sum + loss[field], 0);
  const over = probes.flows.filter(crosses);
  const elsewhere = probes.flows.filter((loss) => !crosses(loss));
  const [sent, lost, astray] = [total(over, 'sent'), total(over, 'lost'), total(elsewhere, 'lost')];
  const { least, most } = lossBound(sent, lossy?.share ?? 0);
  const whys: string[] = [];
  if (routes.equalAtMs === undefined) whys.push(`tables changed: ${differencesOf(routes)}`);
  if (lost < least || lost > most)
    whys.push(`${lost} of ${sent} probes over the link were lost, ${least} to ${most} were due`);
  if (astray > 0)
    whys.push(
      `${astray} probes ${lossy === undefined ? 'were lost, none was due' : 'that do not cross the link were lost'}`,
    );
  const unseen = lossy !== undefined && sent === 0;
  const verdict: Verdict = whys.length > 0 ? 'fail' : unseen ? 'unknown' : 'pass';
  return Object.freeze({
    fibMs: routes.equalAtMs === undefined ? null : 0,
    lossMs: over.reduce((longest, loss) => Math.max(longest, loss.longestGapMs), 0),
    lostProbes: lost + astray,
    routes,
    probes,
    verdict,
    why: whys.join('; ') || (unseen ? 'no probe crosses the link' : ''),
  });
}

function differencesOf({ differences }: RouteWindow): string {
  return summary(differences.map((difference) => `${difference.node}: ${describeDifference(difference)}`));
}

/** The verdict of a whole fault: one that did not take effect proves nothing, and is a failure of the lab. */
export function verdictOf({ proof, during, heal, stalled, unhealed }: FaultMeasurement): Verdict {
  if (unhealed.length > 0) return 'fail';
  if (stalled && proof.verdict === 'pass') return 'unknown';
  return worst([proof.verdict, during.verdict, heal.verdict]);
}

/** Why it is not a pass; empty where it is. */
export function whyOf({ proof, during, heal, stalled, unhealed }: FaultMeasurement): string {
  const parts = [
    proof.verdict === 'pass' ? '' : `did not take effect: ${proof.evidence}`,
    stalled ? 'the prober stood still, so its figures are no measurement' : '',
    during.why,
    heal.why && `heal: ${heal.why}`,
    unhealed.length > 0 ? `not whole again after the heal: ${summary(unhealed)}` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
