/** Names that nothing defines. FRR takes them without a word: a missing route-map or prefix-list denies everything. */
import type { BgpPeer } from 'frr-config';
import type { Network, Router } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { FAMILIES, FAMILY_KEY } from '../session.ts';

interface Reference {
  readonly kind: string;
  readonly name: string | undefined;
  readonly path: string;
}

export const undefinedReference: Rule = {
  name: 'undefined-reference',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const defined = definitions(router);
      for (const { kind, name, path } of references(router)) {
        if (name === undefined || defined.has(`${kind} ${name}`)) continue;
        yield atStatement(router, path, {
          severity: 'error',
          message: `${kind} ${name} is not defined: ${CONSEQUENCE[kind]}`,
          remedy: `Define ${kind} ${name}, or correct the name`,
        });
      }
    }
  },
};

const CONSEQUENCE: Readonly<Record<string, string>> = {
  'route-map': 'it denies every route',
  'ip prefix-list': 'nothing matches it',
  'ipv6 prefix-list': 'nothing matches it',
  'as-path access-list': 'nothing matches it',
  'bfd profile': 'the session runs with the default BFD timers',
  'peer-group': 'FRR refuses the neighbour',
};

function definitions({ config }: Router): ReadonlySet<string> {
  return new Set([
    ...(config.routeMaps ?? []).map(({ name }) => `route-map ${name}`),
    ...(config.prefixLists ?? []).map(({ family, name }) => `${listKind(family)} ${name}`),
    ...(config.asPathLists ?? []).map(({ name }) => `as-path access-list ${name}`),
    ...(config.bfdProfiles ?? []).map(({ name }) => `bfd profile ${name}`),
    ...(config.bgp ?? []).flatMap(({ peerGroups = [] }) => peerGroups.map(({ name }) => `peer-group ${name}`)),
  ]);
}

function listKind(family: 'ipv4' | 'ipv6'): string {
  return family === 'ipv4' ? 'ip prefix-list' : 'ipv6 prefix-list';
}

function* references({ config }: Router): Generator<Reference> {
  for (const [i, bgp] of (config.bgp ?? []).entries()) {
    for (const list of ['peerGroups', 'neighbors'] as const) {
      for (const [j, peer] of ((bgp[list] ?? []) as readonly (BgpPeer & { peerGroup?: string })[]).entries()) {
        const path = `bgp/${i}/${list}/${j}`;
        yield { kind: 'bfd profile', name: peer.bfdProfile, path: `${path}/bfdProfile` };
        yield { kind: 'peer-group', name: peer.peerGroup, path: `${path}/peerGroup` };
      }
    }
    for (const family of FAMILIES)
      yield* familyReferences(bgp[FAMILY_KEY[family]] ?? {}, family, `bgp/${i}/${FAMILY_KEY[family]}`);
  }
  for (const [i, { entries }] of (config.routeMaps ?? []).entries()) {
    for (const [j, entry] of entries.entries()) {
      const path = `routeMaps/${i}/entries/${j}`;
      yield { kind: listKind('ipv4'), name: entry.matchIpv4PrefixList, path: `${path}/matchIpv4PrefixList` };
      yield { kind: listKind('ipv6'), name: entry.matchIpv6PrefixList, path: `${path}/matchIpv6PrefixList` };
      yield { kind: 'as-path access-list', name: entry.matchAsPath, path: `${path}/matchAsPath` };
    }
  }
  for (const [i, { routeMap }] of (config.protocolRouteMaps ?? []).entries()) {
    yield { kind: 'route-map', name: routeMap, path: `protocolRouteMaps/${i}` };
  }
}

function* familyReferences(
  {
    networks = [],
    redistribute = [],
    neighbors = [],
  }: NonNullable<NonNullable<Router['config']['bgp']>[number]['ipv4Unicast']>,
  family: 'ipv4' | 'ipv6',
  path: string,
): Generator<Reference> {
  for (const [i, { routeMap }] of networks.entries())
    yield { kind: 'route-map', name: routeMap, path: `${path}/networks/${i}` };
  for (const [i, { routeMap }] of redistribute.entries()) {
    yield { kind: 'route-map', name: routeMap, path: `${path}/redistribute/${i}` };
  }
  for (const [i, peer] of neighbors.entries()) {
    for (const key of ['routeMapIn', 'routeMapOut'] as const) {
      yield { kind: 'route-map', name: peer[key], path: `${path}/neighbors/${i}/${key}` };
    }
    for (const key of ['prefixListIn', 'prefixListOut'] as const) {
      yield { kind: listKind(family), name: peer[key], path: `${path}/neighbors/${i}/${key}` };
    }
  }
}
