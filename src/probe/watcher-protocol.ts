/** What the route watcher and its process say to each other: plain JSON over the process channel. */
import { ANYWHERE, type NodeRoutes, type RouteDifference } from '../router/routes.ts';

/** A node's tables, both families: prefix to the interfaces of its next hops, sorted, with spaces between (an interface name holds none). Empty: the route drops. */
export type FlatTable = Readonly<Record<string, string>>;

/** `ANYWHERE` in such a table. */
export const ANYWHERE_FLAT = ANYWHERE.map((hop) => hop.interface).join(' ');

export interface WatchedNode {
  readonly name: string;
  /** Path of its network namespace. */
  readonly netns: string;
  /** Node at the other end of each interface's link. */
  readonly peers?: Readonly<Record<string, string>>;
}

/** One announcement of a kernel, as it was received. */
export type RouteEvent =
  | {
      readonly kind: 'added' | 'replaced' | 'removed';
      readonly node: string;
      readonly atMs: number;
      readonly family: 4 | 6;
      readonly prefix: string;
    }
  | {
      readonly kind: 'carrier' | 'no-carrier';
      readonly node: string;
      readonly atMs: number;
      readonly interface: string;
    }
  /** The kernel had to drop announcements: counts are too low from here on; tables are dumped all the same. */
  | { readonly kind: 'lost'; readonly node: string; readonly atMs: number };

export interface RouteEvents {
  readonly events: readonly RouteEvent[];
  /** Left out because too many had piled up since the last call. */
  readonly dropped: number;
}

export type Request =
  | { readonly method: 'open'; readonly nodes: readonly { readonly name: string; readonly netns: string }[] }
  | { readonly method: 'expect'; readonly predicted: Readonly<Record<string, FlatTable>> }
  | { readonly method: 'settled'; readonly timeoutMs: number; readonly quietMs: number }
  | { readonly method: 'dump' }
  | { readonly method: 'events' }
  | { readonly method: 'cost' }
  | { readonly method: 'close' };

export interface Settled {
  readonly equalAtMs?: number;
  readonly differences: readonly RouteDifference[];
  readonly changes: readonly (readonly [string, Change])[];
  readonly resolutionMs?: number;
}

export interface Change {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** What the watcher's process has used since it started. */
export interface WatcherCost {
  readonly cpuMs: number;
  readonly elapsedMs: number;
  readonly dumps: number;
  /** Time within dumps, of both families of one node each; ms. */
  readonly dumpMs: number;
}

/** What each method answers. */
export interface Answers {
  open: null;
  expect: null;
  settled: Settled;
  dump: Readonly<Record<string, FlatTable>>;
  events: RouteEvents;
  cost: WatcherCost;
  close: null;
}

export type Call = Request & { readonly id: number };
export type Reply =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly error: string };

/** @throws nothing */
export function flatten(routes: NodeRoutes): FlatTable {
  const flat: Record<string, string> = {};
  for (const table of [routes.ipv4, routes.ipv6]) {
    for (const [prefix, hops] of table) flat[prefix] = hops.map((hop) => hop.interface).join(' ');
  }
  return flat;
}

export function unflatten(flat: FlatTable, peers: Readonly<Record<string, string>> = {}): NodeRoutes {
  const ipv4 = new Map<string, NodeRoutes['ipv4'] extends ReadonlyMap<string, infer Hops> ? Hops : never>();
  const ipv6: typeof ipv4 = new Map();
  for (const [prefix, interfaces] of Object.entries(flat)) {
    const hops = splitInterfaces(interfaces).map((name) => {
      const peer = peers[name];
      return peer === undefined ? { interface: name } : { interface: name, peer };
    });
    (prefix.includes(':') ? ipv6 : ipv4).set(prefix, hops);
  }
  return { ipv4, ipv6 };
}

export function splitInterfaces(interfaces: string): readonly string[] {
  return interfaces === '' ? [] : interfaces.split(' ');
}
