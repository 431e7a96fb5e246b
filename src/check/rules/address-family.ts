/** A family is exchanged only where both ends activate it (RFC 4760 section 8). */
import type { Family } from '../../fabric/cidr.ts';
import { groupBy } from '../group-by.ts';
import { type Network, nameOf, type SessionEnd } from '../network.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';
import { FAMILIES, FAMILY_KEY, familySetting, isActive } from '../session.ts';

export const addressFamily: Rule = {
  name: 'address-family',
  *judge(network: Network): Generator<Found> {
    for (const router of network.routers) {
      for (const family of FAMILIES) {
        const wrong = router.sessions.filter((end) => lacks(end, family, network));
        for (const [path, ends] of groupBy(wrong, (end) => placeOf(end, family))) yield finding(path, ends, family);
      }
      for (const end of router.sessions) {
        if (FAMILIES.some((family) => isActive(end, family) || lacks(end, family, network))) continue;
        yield atStatement(router, end.path, {
          severity: 'error',
          message: `${nameOf(end)} is active in no address family: its session carries no route`,
          remedy: `Add neighbor ${end.neighbor.name} activate to an address-family`,
          link: end.link,
        });
      }
    }
  },
};

/** Inactive, although the other end or the intent has it active. */
function lacks(end: SessionEnd, family: Family, network: Network): boolean {
  if (isActive(end, family)) return false;
  const intended = network.intended(end);
  return (
    (end.peer !== undefined && isActive(end.peer, family)) || (intended !== undefined && isActive(intended, family))
  );
}

/** `no neighbor X activate` where it is said, else the block in which `activate` is missing. */
function placeOf(end: SessionEnd, family: Family): string {
  return familySetting(end, family, 'activate')?.path ?? `${end.bgpPath}/${FAMILY_KEY[family]}`;
}

function finding(path: string, ends: readonly SessionEnd[], family: Family): Found {
  const [end] = ends as readonly [SessionEnd];
  return atStatement(end.router, path, {
    severity: 'error',
    message: `${family} unicast is not active for ${listed(ends.map(nameOf))}, as it is ${end.peer && isActive(end.peer, family) ? 'at the other end' : 'in the intent'}: the session exchanges no ${family} route`,
    remedy: `Add neighbor ${end.neighbor.peerGroup ?? end.neighbor.name} activate to address-family ${family} unicast`,
    link: ends.length === 1 ? end.link : undefined,
  });
}
