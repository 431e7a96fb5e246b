/** How one prefix spreads: every speaker selects and announces until nothing changes any more. */
import { countAs, prepend } from './as-path.ts';
import { type Attributes, sameAttributes, sameSet } from './attributes.ts';
import { LOCAL_PREFERENCE } from './defaults.ts';
import type { Findings } from './findings.ts';
import { type Edge, type Graph, type GraphNode, thirdPartyOf } from './graph.ts';
import type { RouteMapFilter } from './policy.ts';
import type { KnownPrefix } from './prefixes.ts';
import { compareRoutes, type Selection, select } from './selection.ts';

/** Selections of one prefix by router index, of those that know a route. */
export type Outcome = ReadonlyMap<number, Selection>;

export interface Propagation {
  /** @param origins each originating router's index with its own best route */
  spread(prefix: KnownPrefix, origins: ReadonlyMap<number, Attributes>): Outcome;
}

/** A speaker that changes its mind this often for one prefix will not stop (RFC 4264). */
const MAXIMUM_CHANGES = 100;

/** `keepsOut` tells whether a better route of zebra keeps the prefix of BGP out of a router's table. */
export function propagation(
  graph: Graph,
  keepsOut: (router: number, prefix: KnownPrefix, edge: Edge) => boolean,
  findings: Findings,
): Propagation {
  const slots = new Array<Attributes | undefined>(graph.edges.length).fill(undefined);
  /** Routes that a loop check refused, but might not have: see `Attributes.doubtful`. */
  const refused = new Map<Edge, Attributes>();

  const spread = (prefix: KnownPrefix, origins: ReadonlyMap<number, Attributes>): Outcome => {
    slots.fill(undefined);
    refused.clear();
    const selections = new Map<number, Selection>();
    const changes = new Map<number, number>();
    const dirty = new Set(origins.keys());
    for (const index of dirty) {
      // A set keeps the order of insertion, and takes additions while it is gone through: a queue without duplicates.
      dirty.delete(index);
      const node = graph.nodes[index];
      if (!node) continue;
      const before = selections.get(index);
      const after = select(node, origins.get(index), slots);
      if (after) selections.set(index, after);
      else selections.delete(index);
      if (sameAnnouncement(before, after)) continue;
      const count = (changes.get(index) ?? 0) + 1;
      changes.set(index, count);
      if (count > MAXIMUM_CHANGES) {
        findings.addPrefix(node.router.name, 'router bgp', 'policies do not settle: routes oscillate', prefix.text);
        continue;
      }
      announce(node, after, prefix, dirty);
    }
    for (const [index, selection] of selections) reportOrder(graph.nodes[index]!, selection, prefix);
    return selections;
  };

  const announce = (node: GraphNode, selection: Selection | undefined, prefix: KnownPrefix, dirty: Set<number>) => {
    const hidden =
      selection?.edge !== undefined &&
      node.speaker.knobs.suppressFibPending &&
      keepsOut(node.router.index, prefix, selection.edge);
    const offer = selection && !hidden ? offerOf(node, selection) : undefined;
    for (const edge of node.outgoing) {
      if (refused.size > 0) refused.delete(edge);
      const sent = offer && send(edge, offer, prefix);
      const route = sent && receive(edge, sent, prefix);
      if (sameAttributes(slots[edge.index], route)) continue;
      slots[edge.index] = route;
      dirty.add(edge.to.router.index);
    }
  };

  const send = (edge: Edge, offer: Offer, prefix: KnownPrefix): Attributes | undefined => {
    const { from } = offer;
    // Back to where it came from: the receiver's loop check would refuse it anyway.
    if (from && from.from === edge.to && from.interface === edge.senderInterface) return undefined;
    if (from && !edge.ebgp) {
      if (!from.ebgp) return undefined;
      // A link-local next hop alone is replaced by the sender's own on the next link, next-hop-self or not.
      const isReplaced = edge.address === undefined && from.matchedInterface !== undefined;
      if (!edge.nextHopSelf && !isReplaced) {
        const text = `neighbor ${edge.senderNeighbor}`;
        findings.add(edge.from.router.name, 0, text, 'iBGP without next-hop-self: next hops beyond the neighbour');
      }
    }
    const before = edge.ebgp ? offer.external : offer.internal;
    let route = before;
    if (edge.exportFilter && !edge.exportFilter.permits(prefix)) return undefined;
    if (edge.exportMap) {
      reportDoubt(edge.exportMap, edge.from, before, prefix);
      const passed = edge.exportMap.apply(prefix, before);
      if (!passed) return undefined;
      // A preference does not leave its AS.
      route = edge.ebgp && passed !== before ? { ...passed, localPreference: LOCAL_PREFERENCE } : passed;
    }
    const third = thirdPartyOf(edge, before);
    if (third === 'receiver') return undefined;
    if (third === 'on-subnet' && prefix.family === 'ipv6') {
      const why = 'a static route announced to a neighbour on the subnet of its next hop';
      findings.addPrefix(edge.from.router.name, 'ipv6 route', why, prefix.text);
    }
    if (edge.ebgp && route === before) return offer.prepended;
    const as = edge.ebgp ? prepend(route.as, edge.from.speaker.asn) : route.as;
    return { ...route, as, interface: undefined, thirdParty: undefined };
  };

  /** A path that is one of several equal ones may pass where another would not. */
  const reportDoubt = (map: RouteMapFilter, at: GraphNode, { doubtful }: Attributes, prefix: KnownPrefix) => {
    if (!map.matchesAsPath || !doubtful?.size) return;
    const why = 'the AS path that is matched depends on which of equal routes came first';
    findings.addPrefix(at.router.name, 'match as-path', why, prefix.text);
  };

  const receive = (edge: Edge, sent: Attributes, prefix: KnownPrefix): Attributes | undefined => {
    const { asn } = edge.to.speaker;
    const loops = countAs(sent.as, asn) > edge.allowasIn;
    if (loops && !sent.doubtful?.has(asn)) return undefined;
    if (edge.importFilter && !edge.importFilter.permits(prefix)) return undefined;
    // bgpd keeps the interface with the route: outbound route-maps see it as well.
    const arrived = edge.to.matchesInterface ? { ...sent, interface: edge.matchedInterface } : sent;
    if (edge.importMap) reportDoubt(edge.importMap, edge.to, sent, prefix);
    const route = edge.importMap ? edge.importMap.apply(prefix, arrived) : arrived;
    if (!route || !loops) return route;
    refused.set(edge, route);
    return undefined;
  };

  /** Reports where the table, not only what is announced, depends on which of equal routes came first. */
  const reportOrder = (node: GraphNode, selection: Selection, prefix: KnownPrefix) => {
    const { best, edge, multipath, orderDependent } = selection;
    if (!edge) return;
    const report = (why: string) => findings.addPrefix(node.router.name, 'router bgp', why, prefix.text);
    if (orderDependent) report(orderDependent);
    const { asn } = node.speaker;
    const uncertain =
      multipath.some((each) => slots[each.index]!.doubtful?.has(asn)) ||
      (refused.size > 0 &&
        node.incoming.some((each) => refused.has(each) && compareRoutes(each, refused.get(each)!, edge, best) <= 0));
    if (uncertain) report('an AS path on the way depends on which of equal routes came first');
  };

  return { spread };
}

/** What a speaker tells its neighbours, made once for all of them. */
interface Offer {
  /** Where it came from; undefined for the speaker's own. */
  readonly from: Edge | undefined;
  /** Before the policies of iBGP neighbours. */
  readonly internal: Attributes;
  /** Before the policies of eBGP neighbours: no MED but that of the speaker's own routes. */
  readonly external: Attributes;
  /** As `external`, with the speaker's AS: what an eBGP neighbour gets if no policy changes anything. */
  readonly prepended: Attributes;
}

function offerOf(node: GraphNode, { best, edge, doubtful }: Selection): Offer {
  const internal = { ...best, local: false, doubtful };
  const external = { ...internal, localPreference: LOCAL_PREFERENCE, med: best.local ? best.med : 0 };
  const prepended = {
    ...external,
    as: prepend(best.as, node.speaker.asn),
    interface: undefined,
    thirdParty: undefined,
  };
  return { from: edge, internal, external, prepended };
}

function sameAnnouncement(before: Selection | undefined, after: Selection | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.edge === after.edge && sameSet(before.doubtful, after.doubtful) && sameAttributes(before.best, after.best)
  );
}
