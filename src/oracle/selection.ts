/** The decision process of one speaker for one prefix: RFC 4271 section 9.1.2.2 with FRR 8.4's multipath. */
import { doubtfulAsns } from './as-path.ts';
import type { Attributes } from './attributes.ts';
import { byNextHop, type Edge, type GraphNode } from './graph.ts';

export interface Selection {
  readonly best: Attributes;
  /** Undefined where the best route is the speaker's own. */
  readonly edge: Edge | undefined;
  /** All edges whose routes go into the table, unless there are more than `maximum-paths`; `edge` among them. */
  readonly multipath: readonly Edge[];
  /** What is announced depends on which of several equal routes came first: ASNs that not all of them hold. */
  readonly doubtful: ReadonlySet<number> | undefined;
  /** Why the table itself depends on the order of events, where it does. */
  readonly orderDependent: string | undefined;
}

/** Selects among the routes in `slots` (indexed by edge) and the speaker's own. */
export function select(
  node: GraphNode,
  own: Attributes | undefined,
  slots: readonly (Attributes | undefined)[],
): Selection | undefined {
  if (own) return { best: own, edge: undefined, multipath: [], doubtful: undefined, orderDependent: undefined };
  const present: Edge[] = [];
  let medsDiffer = false;
  let firstMed = -1;
  for (const edge of node.incoming) {
    const route = slots[edge.index];
    if (!route) continue;
    present.push(edge);
    if (firstMed < 0) firstMed = route.med;
    else if (route.med !== firstMed) medsDiffer = true;
  }
  const [first] = present;
  if (!first) return undefined;

  const bestEdge = medsDiffer ? bestByGroup(present, slots) : bestOf(present, slots);
  const best = slots[bestEdge.index]!;
  const tied = present.filter((edge) => compareRoutes(edge, slots[edge.index]!, bestEdge, best) === 0);
  if (tied.length === 1) {
    const orderDependent = medsDiffer ? medOrder(node, present, slots) : undefined;
    return { best, edge: bestEdge, multipath: tied, doubtful: best.doubtful, orderDependent };
  }
  return {
    best,
    edge: bestEdge,
    multipath: tied.filter((edge) => isMultipath(node, edge, slots[edge.index]!, bestEdge, best)),
    doubtful: isDetermined(node, tied) ? best.doubtful : doubtOf(tied, slots),
    orderDependent: orderOf(node, tied, bestEdge, slots) ?? (medsDiffer ? medOrder(node, present, slots) : undefined),
  };
}

/** Negative where the left route is preferred; 0 where only router IDs and addresses are left to decide. */
export function compareRoutes(
  leftEdge: Edge | undefined,
  left: Attributes,
  rightEdge: Edge | undefined,
  right: Attributes,
): number {
  const leftExternal = leftEdge?.ebgp ?? false;
  const rightExternal = rightEdge?.ebgp ?? false;
  if (left === right && leftExternal === rightExternal) return 0;
  const byLocalPreference = right.localPreference - left.localPreference;
  if (byLocalPreference !== 0) return byLocalPreference;
  const byLength = left.as.asns.length - right.as.asns.length;
  if (byLength !== 0) return byLength;
  if (left.origin !== right.origin) return left.origin - right.origin;
  if (left.med !== right.med && left.as.asns[0] === right.as.asns[0]) return left.med - right.med;
  return Number(rightExternal) - Number(leftExternal);
}

/** The edges whose next hops are installed, at most `maximum-paths`: the best and those with the lowest next hops. */
export function installed(node: GraphNode, selection: Selection): readonly Edge[] {
  const { multipath, edge } = selection;
  if (!edge?.ebgp || multipath.length <= node.maximumPaths) return multipath;
  const others = multipath.filter((each) => each !== edge).sort(byNextHop);
  return [edge, ...others.slice(0, node.maximumPaths - 1)];
}

/** `incoming` is sorted by preference, so the first of equals is the one. */
function bestOf(present: readonly Edge[], slots: readonly (Attributes | undefined)[]): Edge {
  let best = present[0]!;
  for (const edge of present) {
    if (compareRoutes(edge, slots[edge.index]!, best, slots[best.index]!) < 0) best = edge;
  }
  return best;
}

/** `bgp deterministic-med`: the best of each neighbouring AS, then the best of these. */
function bestByGroup(present: readonly Edge[], slots: readonly (Attributes | undefined)[]): Edge {
  const groups = Map.groupBy(present, (edge) => slots[edge.index]!.as.asns[0]);
  const winners = new Set([...groups.values()].map((group) => bestOf(group, slots)));
  return bestOf(
    present.filter((edge) => winners.has(edge)),
    slots,
  );
}

/** Without multipath-relax FRR asks for the same neighbouring AS (eBGP) or the same path (iBGP). */
function isMultipath(node: GraphNode, edge: Edge, route: Attributes, bestEdge: Edge, best: Attributes): boolean {
  if (edge === bestEdge || node.speaker.knobs.multipathRelax) return true;
  return edge.ebgp ? edge.from.speaker.asn === bestEdge.from.speaker.asn : route.as === best.as;
}

/** Whether router IDs, or addresses that are known, settle a tie; without `compare-routerid` eBGP prefers the older route. */
function isDetermined(node: GraphNode, tied: readonly Edge[]): boolean {
  const [best, second] = tied;
  if (!best || !second) return true;
  if (!node.speaker.knobs.compareRouterId && best.ebgp) return false;
  if (best.from.speaker.routerId !== second.from.speaker.routerId) return true;
  return best.address !== undefined && second.address !== undefined && best.address !== second.address;
}

function doubtOf(tied: readonly Edge[], slots: readonly (Attributes | undefined)[]): ReadonlySet<number> | undefined {
  const routes = tied.map((edge) => slots[edge.index]!);
  const paths = [...new Set(routes.map((route) => route.as))];
  const known = routes.some((route) => route.doubtful)
    ? new Set(routes.flatMap((route) => [...(route.doubtful ?? [])]))
    : undefined;
  return paths.length === 1 ? known : doubtfulAsns(paths, known);
}

function orderOf(
  node: GraphNode,
  tied: readonly Edge[],
  bestEdge: Edge,
  slots: readonly (Attributes | undefined)[],
): string | undefined {
  const size = (of: Edge) =>
    tied.filter((edge) => isMultipath(node, edge, slots[edge.index]!, of, slots[of.index]!)).length;
  const determined = isDetermined(node, tied);
  const older = node.speaker.knobs.compareRouterId
    ? 'equal router IDs'
    : 'the older route wins (no bgp bestpath compare-routerid)';
  if (!determined && tied.some((edge) => size(edge) < tied.length)) {
    return `${older}, and without multipath-relax it decides which routes join it`;
  }
  if (!bestEdge.ebgp || size(bestEdge) <= node.maximumPaths) return undefined;
  if (!determined) return `${older}, and there are more equal routes than maximum-paths ${node.maximumPaths}`;
  const unknown = node.maximumPaths > 1 && tied.some((edge) => edge.address === undefined);
  return unknown
    ? `more equal routes than maximum-paths ${node.maximumPaths}, chosen by link-local addresses`
    : undefined;
}

/** Without `bgp deterministic-med` routes are compared in the order they came. */
function medOrder(
  node: GraphNode,
  present: readonly Edge[],
  slots: readonly (Attributes | undefined)[],
): string | undefined {
  if (node.speaker.knobs.deterministicMed) return undefined;
  const groups = new Set(present.map((edge) => slots[edge.index]!.as.asns[0]));
  return groups.size > 1 ? 'MEDs of several neighbouring ASs differ (no bgp deterministic-med)' : undefined;
}
