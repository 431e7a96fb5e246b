/** With `bgp ebgp-requires-policy` (RFC 8212), a session without a policy exchanges nothing in that direction. */
import type { Family } from '../../fabric/cidr.ts';
import { groupBy } from '../group-by.ts';
import { type Network, nameOf, type SessionEnd } from '../network.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';
import { FAMILIES, FAMILY_KEY, familySetting, isActive, isExternal } from '../session.ts';

const DIRECTIONS = [
  { name: 'in', map: 'routeMapIn', list: 'prefixListIn', effect: 'takes no route' },
  { name: 'out', map: 'routeMapOut', list: 'prefixListOut', effect: 'announces no route' },
] as const;

export const missingPolicy: Rule = {
  name: 'missing-policy',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const bound = router.sessions.filter((end) => isExternal(end) && requiresPolicy(end));
      for (const family of FAMILIES) {
        for (const direction of DIRECTIONS) {
          const open = bound.filter((end) => isActive(end, family) && !hasPolicy(end, family, direction));
          const byGroup = groupBy(open, (end) => end.neighbor.peerGroup ?? end.neighbor.name);
          for (const [name, ends] of byGroup) yield finding(name, ends, family, direction);
        }
      }
    }
  },
};

type Direction = (typeof DIRECTIONS)[number];

/** On by default, but for the datacenter profile and for texts older than FRR 7.4. */
function requiresPolicy({ bgp, router: { config } }: SessionEnd): boolean {
  if (bgp.ebgpRequiresPolicy !== undefined) return bgp.ebgpRequiresPolicy;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(config.version ?? '') ?? [];
  const old = major !== undefined && Number(major) * 100 + Number(minor) < 704;
  return config.defaults !== 'datacenter' && !old;
}

function hasPolicy(end: SessionEnd, family: Family, { map, list }: Direction): boolean {
  return familySetting(end, family, map) !== undefined || familySetting(end, family, list) !== undefined;
}

function finding(name: string, ends: readonly SessionEnd[], family: Family, direction: Direction): Found {
  const [end] = ends as readonly [SessionEnd];
  return atStatement(end.router, placeOf(end, name, family), {
    severity: 'error',
    message: `no policy ${direction.name} for ${listed(ends.map(nameOf))} in ${family}, and bgp ebgp-requires-policy is on: ${end.router.name} ${direction.effect} there`,
    remedy: `Add neighbor ${name} route-map NAME ${direction.name}, or no bgp ebgp-requires-policy`,
    link: ends.length === 1 ? end.link : undefined,
  });
}

function placeOf({ bgp, bgpPath }: SessionEnd, name: string, family: Family): string {
  const path = `${bgpPath}/${FAMILY_KEY[family]}`;
  const index = bgp[FAMILY_KEY[family]]?.neighbors?.findIndex((peer) => peer.name === name) ?? -1;
  return index === -1 ? path : `${path}/neighbors/${index}/activate`;
}
