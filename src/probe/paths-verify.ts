/** Whether flows cross the links that they claim to cross: counted by the interfaces, not believed. */
import { setTimeout } from 'node:timers/promises';
import type { Prober, ProbeWindow } from './observer.ts';
import type { ProbeLink, Step } from './paths.ts';
import type { PacketCounts } from './paths-counters.ts';

/** Packets of each flow that make a flow which is missing stand out from the routers' own traffic. */
const PACKETS = 50;
const LEAST_MS = 500;

export interface PathMismatch extends Step {
  /** Packets that the flows which claim the link have sent, and those that the interface at its end has received; anybody's. */
  readonly claimed: number;
  readonly counted: number;
}

export interface PathVerification {
  readonly mismatches: readonly PathMismatch[];
  readonly window: ProbeWindow;
}

/**
 * Probes for half a second, or as long as 50 packets of each flow take, and compares the receive counters of all interfaces with what the flows' paths claim. A link that
 * counted fewer packets, by half a flow or more, is not where those flows go. Other traffic on the links hides that: verify before load is put on.
 * @param counters reads the counters of all nodes (`receivedPackets`)
 */
export async function verifyPaths(
  prober: Prober,
  links: readonly ProbeLink[],
  counters: () => PacketCounts,
): Promise<PathVerification> {
  const before = counters();
  await prober.open();
  await setTimeout(Math.max(LEAST_MS, PACKETS * prober.intervalMs));
  const window = await prober.close();
  return Object.freeze({ mismatches: mismatchesOf(prober, window, links, before, counters()), window });
}

function mismatchesOf(
  prober: Prober,
  window: ProbeWindow,
  links: readonly ProbeLink[],
  before: PacketCounts,
  after: PacketCounts,
): readonly PathMismatch[] {
  const claims = new Map<string, number>();
  for (const { flow, sent } of window.flows) {
    for (const { link, direction } of prober.flows[flow]!.path) {
      claims.set(`${link} ${direction}`, (claims.get(`${link} ${direction}`) ?? 0) + sent);
    }
  }
  const tolerated = Math.min(...window.flows.map(({ sent }) => sent)) / 2;
  const found: PathMismatch[] = [];
  for (const { name, a, z } of links) {
    for (const [direction, end] of [['aToZ', z] as const, ['zToA', a] as const]) {
      const key = `${end.node}:${end.interface}`;
      const claimed = claims.get(`${name} ${direction}`) ?? 0;
      const counted = (after.get(key) ?? 0) - (before.get(key) ?? 0);
      if (counted < claimed - tolerated) found.push(Object.freeze({ link: name, direction, claimed, counted }));
    }
  }
  return Object.freeze(found);
}
