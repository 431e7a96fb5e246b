/** A fault judged: its figures against what was predicted and what is allowed. Pure. */
import { describeDifference, lossBound, summary } from '../assert/index.ts';
import type { Proof } from '../fault/index.ts';
import { isVoid } from '../probe/index.ts';
import type { FlowLoss, ProbeWindow, RouteWindow } from '../probe/observer.ts';
import { type Verdict, worst } from '../verdict.ts';
import { gapOf, type PairLoss } from './pair-loss.ts';
import { explainsLateness, mayHaveParted, type ProcessorWait } from './processor-wait.ts';
import { without } from './separation.ts';

/** Figures of one half of a fault: while it lasts, or its heal. Milliseconds; null where nothing was measured. */
export interface HalfMeasurement {
  readonly fibMs: number | null;
  readonly lossMs: number | null;
  readonly lostProbes: number | null;
  readonly routes: RouteWindow;
  readonly probes: ProbeWindow;
  /** The prober stood still: what its probes tell is no measurement. */
  readonly isVoid: boolean;
  /** Routing waited for processors for so long that its lateness may be the machine's. */
  readonly starved: boolean;
  /** As if it were not void. */
  readonly verdict: Verdict;
  /** What the tables alone show, in which no prober has a part: they were late or wrong, and nothing excuses it, or they were not. */
  readonly tables: 'pass' | 'fail';
  readonly why: string;
}

export interface FaultMeasurement {
  /** CLOCK_MONOTONIC milliseconds at which it took effect. */
  readonly atMs: number;
  readonly proof: Proof;
  readonly during: HalfMeasurement;
  readonly heal: HalfMeasurement;
  /** The prober stood still, or routing had no processor, for so long that the figures are no measurement: repeat it. */
  readonly stalled: boolean;
  readonly unhealed: Unhealed;
}

/** What was not whole again long after the heal. */
export interface Unhealed {
  readonly what: readonly string[];
  /** The machine had no processors for it either. */
  readonly excuse?: string;
}

/** After sessions that were taken for dead came back: connecting anew, exchanging tables, and setting them. */
const RECONNECT_MS = 4_000;

/** A gap is known to within an interval: of a limit of fewer intervals than these nothing is shown. */
const LEAST_INTERVALS = 5;

export interface HalfOptions {
  /** Where the fault must change tables: an instant before it was injected. */
  readonly strikesMs?: number;
  /** There are no tables to judge. */
  readonly isBlank?: boolean;
  /** Why it is unknown, where nothing fails. */
  readonly doubts?: readonly string[];
  /** Who waited longest for a processor. */
  readonly wait?: ProcessorWait | undefined;
  /** Silence after which a neighbour is taken for dead. */
  readonly silenceMs?: number;
}

export function judgeHalf(
  atMs: number,
  routes: RouteWindow,
  probes: ProbeWindow,
  loss: PairLoss,
  fibLimit: number,
  lossLimit: number,
  intervalMs: number,
  { strikesMs, isBlank = false, doubts: before = [], wait, silenceMs }: HalfOptions = {},
): HalfMeasurement {
  const early = strikesMs !== undefined && routes.equalAtMs !== undefined && routes.equalAtMs < strikesMs;
  const fibMs = routes.equalAtMs === undefined || early || isBlank ? null : Math.max(0, routes.equalAtMs - atMs);
  /** What came too late, by how much at least, and what never came while the window was open. */
  const late: { readonly byMs: number; readonly why: string }[] = [];
  const doubts = [...before];
  const openMs = probes.toMs - probes.fromMs;
  const isVoided = isVoid(probes, intervalMs);
  // Where the prober stood still all may have. Neighbours that had no processor for so long took each other for dead, and had to find each other again.
  const stalledMs = isVoided ? probes.stallMs : 0;
  const againMs = mayHaveParted(wait, stalledMs, silenceMs) ? RECONNECT_MS : 0;
  const isExcused = ({ byMs }: { readonly byMs: number }) => explainsLateness(wait, byMs - stalledMs - againMs);
  if (early) doubts.push('tables were as predicted before it struck, so nothing shows that it changed them');
  else if (fibMs === null && !isBlank)
    late.push({ byMs: openMs - fibLimit, why: `tables never were as predicted: ${differencesOf(routes)}` });
  else if (fibMs !== null && fibMs > fibLimit) {
    const why = `tables were right after ${Math.round(fibMs)} ms, limit ${fibLimit} ms`;
    late.push({ byMs: fibMs - fibLimit, why });
  }
  const areTablesLate = late.some((one) => !isExcused(one));
  if (loss.open.length > 0) {
    // Nobody's wait for a processor explains what is lost where all tables are right.
    const byMs = routes.equalAtMs === undefined ? openMs - lossLimit : Number.POSITIVE_INFINITY;
    late.push({ byMs, why: `still losing when the window closed: ${summary(loss.open)}` });
  }
  if (loss.longestGapMs > lossLimit) {
    const why = `${loss.worst} lost probes for ${Math.round(loss.longestGapMs)} ms, limit ${lossLimit} ms`;
    late.push({ byMs: loss.longestGapMs - lossLimit, why });
  }
  // A fault that leaves no two endpoints connected leaves nothing to lose between them.
  if (loss.due && loss.sent === 0) doubts.push('no probe was sent between endpoints that remain connected');
  else if (loss.due && lossLimit < LEAST_INTERVALS * intervalMs)
    doubts.push(`a probe every ${Math.round(intervalMs)} ms is too seldom for a limit of ${lossLimit} ms`);
  const starved = late.length > 0 && late.every(isExcused);
  if (starved) doubts.push(excuse(wait as ProcessorWait));
  return Object.freeze({
    fibMs,
    lossMs: loss.sent === 0 ? null : loss.longestGapMs,
    lostProbes: loss.sent === 0 ? null : loss.lost,
    routes,
    probes,
    isVoid: isVoided,
    starved,
    tables: areTablesLate ? 'fail' : 'pass',
    verdict: late.length > 0 && !starved ? 'fail' : doubts.length > 0 ? 'unknown' : 'pass',
    why: [...late.map(({ why }) => why), ...doubts].join('; '),
  });
}

/** What a machine without processors to spare may be to blame for. */
export function excuse({ node, program, waitedMs, stolenMs }: ProcessorWait): string {
  const stolen = stolenMs > 0 ? `, and the hypervisor took ${Math.round(stolenMs)} ms of them all` : '';
  return `the machine may be to blame: ${program} of ${node} waited ${Math.round(waitedMs)} ms for a processor${stolen}`;
}

/**
 * Tables stay as they are. Where a link is lossy the packets that cross it are lost as chance has it: no more, and no fewer; no other is. Between
 * endpoints that are parted none arrives.
 */
export function judgeUnchanged(
  beforeMs: number,
  routes: RouteWindow,
  probes: ProbeWindow,
  parted: ReadonlySet<number>,
  leaking: readonly string[],
  intervalMs: number,
  lossy: { readonly share: number; readonly over: ReadonlySet<number> } | undefined,
  wait: ProcessorWait | undefined,
): HalfMeasurement {
  const crosses = ({ flow }: FlowLoss) => lossy?.over.has(flow) ?? false;
  const total = (losses: readonly FlowLoss[], field: 'sent' | 'lost') =>
    losses.reduce((sum, loss) => sum + loss[field], 0);
  const joined = without(probes, parted).flows;
  const over = joined.filter(crosses);
  const elsewhere = joined.filter((loss) => !crosses(loss));
  const [sent, lost, astray] = [total(over, 'sent'), total(over, 'lost'), total(elsewhere, 'lost')];
  const { least, most } = lossBound(sent, lossy?.share ?? 0);
  const whys: string[] = [];
  const changed = routes.equalAtMs === undefined || routes.equalAtMs > beforeMs;
  if (routes.equalAtMs === undefined) whys.push(`tables changed: ${differencesOf(routes)}`);
  else if (routes.equalAtMs > beforeMs)
    whys.push(`tables changed, and were right again ${Math.round(routes.equalAtMs - beforeMs)} ms after it struck`);
  if (lost < least || lost > most)
    whys.push(`${lost} of ${sent} probes over the link were lost, ${least} to ${most} were due`);
  if (astray > 0)
    whys.push(
      `${astray} probes ${lossy !== undefined ? 'that do not cross the link were lost' : parted.size > 0 ? 'were lost between endpoints that are not parted' : 'were lost, none was due'}`,
    );
  if (leaking.length > 0) whys.push(`probes still arrive where the network is parted: ${summary(leaking)}`);
  const all = total(joined, 'sent');
  const unseen = lossy === undefined ? total(probes.flows, 'sent') === 0 : sent === 0;
  // No wait for a processor lets a packet through that is dropped, unless it went another way.
  const leaks = leaking.length > 0 || (lost < least && !changed);
  const starved = whys.length > 0 && !leaks && wait !== undefined;
  if (starved) whys.push(excuse(wait));
  const verdict: Verdict = whys.length > 0 && !starved ? 'fail' : unseen || starved ? 'unknown' : 'pass';
  return Object.freeze({
    fibMs: routes.equalAtMs === undefined ? null : 0,
    lossMs: all === 0 ? null : joined.reduce((longest, loss) => Math.max(longest, gapOf(loss, probes)), 0),
    lostProbes: all === 0 ? null : lost + astray,
    routes,
    probes,
    isVoid: isVoid(probes, intervalMs),
    starved,
    tables: changed && !starved ? 'fail' : 'pass',
    verdict,
    why: whys.join('; ') || (unseen ? (lossy === undefined ? 'no probe was sent' : 'no probe crosses the link') : ''),
  });
}

function differencesOf({ differences }: RouteWindow): string {
  return summary(differences.map((difference) => `${difference.node}: ${describeDifference(difference)}`));
}

/**
 * The verdict of a whole fault: one that did not take effect proves nothing, and is a failure of the lab. Where the prober stood still nobody knows,
 * but for what it has no part in.
 */
export function verdictOf({ proof, during, heal, unhealed }: FaultMeasurement): Verdict {
  const isWhole = unhealed.what.length === 0;
  const healed: Verdict = isWhole ? 'pass' : unhealed.excuse === undefined ? 'fail' : 'unknown';
  return worst([proof.verdict, healed, ...[during, heal].map(verdictOfHalf)]);
}

function verdictOfHalf({ isVoid, tables, verdict }: HalfMeasurement): Verdict {
  return isVoid ? worst([tables, 'unknown']) : verdict;
}

/** Why it is not a pass; empty where it is. */
export function whyOf({ proof, during, heal, unhealed }: FaultMeasurement): string {
  const unproven = proof.verdict === 'fail' ? 'did not take effect' : 'nobody saw it take effect';
  const parts = [
    proof.verdict === 'pass' ? '' : `${unproven}: ${proof.evidence}`,
    during.isVoid || heal.isVoid ? 'the prober stood still, so its figures are no measurement' : '',
    during.why,
    heal.why && `heal: ${heal.why}`,
    unhealed.what.length > 0 ? `not whole again after the heal: ${summary(unhealed.what)}` : '',
    (unhealed.what.length > 0 && unhealed.excuse) || '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
