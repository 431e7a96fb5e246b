/**
 * Timers that follow a fabric's size: small values make a small fabric converge sooner, but in a big one they multiply route
 * installs, router advertisements and BFD packets until the machine starves. Coalesce times and the BFD budget were measured
 * (FRR 8.4.4, 2 cores, 6 to 208 routers); connect and advertisement intervals grow along with them. A session by interface needs its
 * peer's advertisement first: 50 routers converge 0.9 s sooner with one a second than with one in two, and 5 s later with two a second.
 */
import type { DesignTimers, LeafSpineDesign } from './fabric.ts';

/** What timers depend on. */
export interface FabricSize {
  readonly routers: number;
  /** One BGP and one BFD session each. */
  readonly links: number;
}

const STEPS: readonly { readonly routers: number; readonly timers: DesignTimers }[] = [
  { routers: 20, timers: { keepalive: 3, hold: 9, connect: 1, coalesceMs: 20, raIntervalMs: 1000 } },
  { routers: 60, timers: { keepalive: 3, hold: 9, connect: 2, coalesceMs: 300, raIntervalMs: 1000 } },
  { routers: 120, timers: { keepalive: 3, hold: 9, connect: 5, coalesceMs: 1000, raIntervalMs: 5000 } },
  {
    routers: Number.POSITIVE_INFINITY,
    timers: { keepalive: 3, hold: 9, connect: 5, coalesceMs: 4000, raIntervalMs: 10000 },
  },
];

/** BGP and router advertisement timers for a fabric of this size. */
export function timersFor(size: FabricSize): DesignTimers {
  return STEPS.find((step) => size.routers <= step.routers)!.timers;
}

/** BFD packets a second that all sessions together may send: about a third of one core. */
const BFD_PACKETS_PER_SECOND = 600;
const BFD_INTERVALS_MS = [100, 200, 300, 500, 1000, 2000];
/** Past it even slow BFD takes more of the machine than it gives; carrier loss and the hold timer remain. */
const BFD_MOST_SESSIONS = 1000;

/** BFD for a fabric of this size; undefined where it has too many sessions for it. */
export function bfdFor(size: FabricSize): LeafSpineDesign['bfd'] {
  if (size.links > BFD_MOST_SESSIONS) return undefined;
  const needed = (2 * size.links * 1000) / BFD_PACKETS_PER_SECOND;
  return {
    intervalMs: BFD_INTERVALS_MS.find((interval) => interval >= needed) ?? BFD_INTERVALS_MS.at(-1)!,
    multiplier: 3,
  };
}

/** Routers and links of a leaf-spine design. */
export function sizeOf(design: Pick<LeafSpineDesign, 'spines' | 'racks' | 'servers'>): FabricSize {
  const { spines, racks, servers } = design;
  return { routers: spines + racks * (1 + servers), links: racks * (spines + servers) };
}
