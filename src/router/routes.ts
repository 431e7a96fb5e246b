/** Forwarding tables in the one form in which prediction and kernel are compared. */

/** Where a route sends packets: by interface; `peer` is the node at the other end of that interface's link where it is known. */
export interface NextHop {
  readonly interface: string;
  readonly peer?: string;
}

/**
 * Prefix (`10.0.0.1/32`, `fd00::1/128`; canonical, lower case, masked) to its next hops, sorted by interface.
 * An empty list is a route that drops (blackhole, unreachable, prohibit).
 */
export type RouteTable = ReadonlyMap<string, readonly NextHop[]>;

/** Routes of one node that routing protocols and static configuration put there: connected, local, link-local and multicast routes are left out. */
export interface NodeRoutes {
  readonly ipv4: RouteTable;
  readonly ipv6: RouteTable;
}

/**
 * The next hops of a route of which nobody can say beforehand whether it is there and where it leads: that to a floating service address,
 * which follows the store. Whatever is there, or nothing, is as predicted.
 */
export const ANYWHERE: readonly NextHop[] = Object.freeze([Object.freeze({ interface: '*' })]);

/** One place where a table is not as predicted. */
export interface RouteDifference {
  readonly node: string;
  readonly prefix: string;
  /** Interfaces, sorted; undefined where there must be no route, or there is none. */
  readonly expected: readonly string[] | undefined;
  readonly actual: readonly string[] | undefined;
}

/** All differences of a node's tables from the prediction, next hops compared by interface (and so by peer). */
export function diffRoutes(node: string, expected: NodeRoutes, actual: NodeRoutes): readonly RouteDifference[] {
  return [...diffTable(node, expected.ipv4, actual.ipv4), ...diffTable(node, expected.ipv6, actual.ipv6)];
}

function* diffTable(node: string, expected: RouteTable, actual: RouteTable): Generator<RouteDifference> {
  for (const [prefix, hops] of expected) {
    if (hops === ANYWHERE) continue;
    const there = actual.get(prefix);
    if (there === undefined || !sameHops(hops, there)) {
      yield { node, prefix, expected: interfacesOf(hops), actual: there && interfacesOf(there) };
    }
  }
  for (const [prefix, hops] of actual) {
    if (!expected.has(prefix)) yield { node, prefix, expected: undefined, actual: interfacesOf(hops) };
  }
}

function sameHops(left: readonly NextHop[], right: readonly NextHop[]): boolean {
  return left.length === right.length && left.every((hop, i) => hop.interface === right[i]?.interface);
}

function interfacesOf(hops: readonly NextHop[]): readonly string[] {
  return hops.map((hop) => hop.interface);
}
