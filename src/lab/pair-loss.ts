/** Loss between endpoints, over the pairs that the oracle says remain connected. */
import type { Prediction } from '../oracle/index.ts';
import type { Flow, FlowLoss, ProbeEndpoint, ProbeWindow } from '../probe/index.ts';
import { arrives } from './connected.ts';

export interface PairLoss {
  readonly longestGapMs: number;
  readonly sent: number;
  readonly lost: number;
  /** Pairs for which the window closed before a packet came through again. */
  readonly open: readonly string[];
  readonly worst: string;
  /** Whether any pair of endpoints remains connected, probed or not. */
  readonly due: boolean;
}

/** Loss over the pairs that the oracle says remain connected. */
export function lossOf(
  probes: ProbeWindow,
  flows: readonly Flow[],
  endpoints: readonly ProbeEndpoint[],
  prediction: Prediction,
): PairLoss {
  const byNode = new Map(endpoints.map((endpoint) => [endpoint.node, endpoint]));
  let result: PairLoss = { longestGapMs: 0, sent: 0, lost: 0, open: [], worst: '', due: false };
  for (const loss of probes.flows) {
    const flow = flows[loss.flow] as Flow;
    const to = byNode.get(flow.to);
    if (to === undefined || !arrives(prediction, flow.from, to, flow.family)) continue;
    const gapMs = gapOf(loss, probes);
    const longer = gapMs > result.longestGapMs;
    result = {
      longestGapMs: longer ? gapMs : result.longestGapMs,
      sent: result.sent + loss.sent,
      lost: result.lost + loss.lost,
      open: isOpen(loss) ? [...result.open, `${flow.from} to ${flow.to}`] : result.open,
      worst: longer ? `${flow.from} to ${flow.to} (IPv${flow.family})` : result.worst,
      due: true,
    };
  }
  if (result.due) return result;
  const due = endpoints.some((to) =>
    endpoints.some(({ node }) => node !== to.node && arrives(prediction, node, to, to.ipv4 === '' ? 6 : 4)),
  );
  return { ...result, due };
}

function isOpen({ lost, gapToMs, openSinceMs }: FlowLoss): boolean {
  return openSinceMs !== undefined || (lost > 0 && gapToMs === undefined);
}

/** The longest gap of a flow, up to the end of the window where it lasts. */
export function gapOf({ lost, longestGapMs, gapFromMs, gapToMs }: FlowLoss, { fromMs, toMs }: ProbeWindow): number {
  return lost > 0 && gapToMs === undefined ? Math.max(longestGapMs, toMs - (gapFromMs ?? fromMs)) : longestGapMs;
}
