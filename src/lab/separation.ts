/** Probes between endpoints that a partition has parted. */
import type { Flow, ProbeWindow } from '../probe/index.ts';

/** Whose packets no longer arrive at whom: sender -> receivers. */
export type Separated = ReadonlyMap<string, ReadonlySet<string>>;

/** Indexes of the flows that a partition stops. */
export function partedFlows(flows: readonly Flow[], separated: Separated | undefined): ReadonlySet<number> {
  return new Set(flows.flatMap(({ from, to }, index) => (separated?.get(from)?.has(to) ? [index] : [])));
}

/** A window without some of its flows. */
export function without(probes: ProbeWindow, flows: ReadonlySet<number>): ProbeWindow {
  return { ...probes, flows: probes.flows.filter(({ flow }) => !flows.has(flow)) };
}

/** Parted pairs of which a packet that was sent after an instant (CLOCK_MONOTONIC ms) arrived, up to the end of the window. */
export function leaks(
  probes: ProbeWindow,
  flows: readonly Flow[],
  parted: ReadonlySet<number>,
  atMs: number,
): readonly string[] {
  return probes.flows
    .filter(({ flow, sent, openSinceMs }) => parted.has(flow) && sent > 0 && !(openSinceMs! <= atMs))
    .map(({ flow }) => `${flows[flow]!.from} to ${flows[flow]!.to} (IPv${flows[flow]!.family})`);
}
