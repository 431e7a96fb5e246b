/** From selections and static routes to kernel tables. */
import type { NextHop } from '../router/routes.ts';
import { DISTANCE } from './defaults.ts';
import type { Findings } from './findings.ts';
import { getOrMake } from './get-or-make.ts';
import type { Edge } from './graph.ts';
import type { RouteMapFilter } from './policy.ts';
import type { Family, KnownPrefix } from './prefixes.ts';
import { installed, type Selection } from './selection.ts';
import type { Router } from './speakers.ts';
import type { Statics } from './statics.ts';

/** The tables of one router while they are filled. */
export interface TableBuilder {
  readonly router: Router;
  readonly statics: Statics;
  readonly ipv4: Map<string, readonly NextHop[]>;
  readonly ipv6: Map<string, readonly NextHop[]>;
  /** Adds a route of BGP unless a better one of zebra, or `ip protocol bgp route-map`, keeps it out. */
  addBgp(prefix: KnownPrefix, selection: Selection, edge: Edge): void;
}

/** A builder whose tables already hold the static routes. */
export function tableBuilder(
  router: Router,
  statics: Statics,
  filter: (family: Family) => RouteMapFilter | undefined,
  findings: Findings,
): TableBuilder {
  const hop = (name: string): NextHop => {
    const peer = router.ports.get(name)?.peer;
    return Object.freeze(peer ? { interface: name, peer: peer.node } : { interface: name });
  };
  const tables = { ipv4: new Map<string, readonly NextHop[]>(), ipv6: new Map<string, readonly NextHop[]>() };
  for (const [prefix, route] of statics.active) {
    tables[prefix.family].set(prefix.text, Object.freeze(route.interfaces.map(hop)));
  }
  const filters = { ipv4: filter('ipv4'), ipv6: filter('ipv6') };
  const hops = new Map<string, NextHop>();
  /** Sets of next hops already made, by their first edge: a fabric has few, on many prefixes. */
  const made = new Map<Edge, { readonly edges: readonly Edge[]; readonly set: readonly NextHop[] }[]>();

  const hopsOf = (edges: readonly Edge[]): readonly NextHop[] => {
    const known = getOrMake(made, edges[0]!, () => []);
    for (const each of known) if (sameEdges(each.edges, edges)) return each.set;
    const names = [...new Set(edges.map((edge) => edge.interface))].sort();
    const set = Object.freeze(names.map((name) => getOrMake(hops, name, () => hop(name))));
    known.push({ edges, set });
    return set;
  };

  return {
    router,
    statics,
    ...tables,
    addBgp(prefix, selection, edge) {
      if (isKeptOut(router, statics, prefix, edge)) return;
      const late = statics.active.get(prefix);
      if (late && late.distance === distanceOf(edge)) {
        findings.addPrefix(router.name, 'static route', 'the same administrative distance as BGP', prefix.text);
      }
      const zebra = filters[prefix.family];
      if (zebra?.matchesInterface) {
        findings.addPrefix(
          router.name,
          'ip protocol bgp route-map',
          'match interface judges each next hop',
          prefix.text,
        );
      }
      if (zebra?.matchesAsPath) {
        findings.addPrefix(router.name, 'ip protocol bgp route-map', 'zebra knows no AS paths', prefix.text);
      }
      if (zebra && !zebra.apply(prefix, selection.best)) return;
      tables[prefix.family].set(prefix.text, hopsOf(installed(edge.to, selection)));
    },
  };
}

/** Whether a connected or static route keeps a prefix of BGP out of the table. */
export function isKeptOut(router: Router, statics: Statics, prefix: KnownPrefix, best: Edge): boolean {
  if (router.connected.has(prefix)) return true;
  const route = statics.active.get(prefix);
  return route !== undefined && route.distance < distanceOf(best);
}

function distanceOf(edge: Edge): number {
  return edge.ebgp ? DISTANCE.ebgp : DISTANCE.ibgp;
}

function sameEdges(left: readonly Edge[], right: readonly Edge[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
