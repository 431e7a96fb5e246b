/** IPv4 routes over an unnumbered session have an IPv6 next hop, which both ends must offer (RFC 8950). */
import { type Network, nameOf, type SessionEnd } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { isActive, setting } from '../session.ts';

export const extendedNexthop: Rule = {
  name: 'extended-nexthop',
  *judge({ routers }: Network): Generator<Found> {
    for (const end of routers.flatMap(({ sessions }) => sessions)) {
      const capability = setting(end, 'extendedNexthop');
      if (capability?.value !== false || !isUnnumbered(end) || !isActive(end, 'ipv4')) continue;
      yield atStatement(end.router, capability.path, {
        // Seen with FRR 8.4.4: the session offers the capability all the same, and the running configuration forgets the statement.
        severity: 'warning',
        message: `${nameOf(end)} is unnumbered without capability extended-nexthop: a router that obeys has no next hop for IPv4 routes over it, and FRR 8.4 ignores it`,
        remedy: `Remove no neighbor ${end.neighbor.name} capability extended-nexthop`,
        link: end.link,
      });
    }
  },
};

function isUnnumbered({ neighbor, router }: SessionEnd): boolean {
  const port = router.config.interfaces?.find(({ name }) => name === neighbor.name);
  return neighbor.byInterface === true && (port?.ipv4 ?? []).length === 0;
}
