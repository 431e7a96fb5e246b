/** A leaf that passes on what a spine told it: traffic between other racks crosses it, and one drained leaf becomes a detour. */
import { parsePrefix } from '../../fabric/cidr.ts';
import { type Network, nameOf, type Router } from '../network.ts';
import { permits, policyOf } from '../policy.ts';
import { policyChanges } from '../policy-changes.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';
import { FAMILIES, isActive } from '../session.ts';

export const transit: Rule = {
  name: 'transit',
  *judge(network: Network): Generator<Found> {
    if (network.fabric) yield* againstIntent(network);
    else for (const router of network.routers) yield* withoutPolicy(router);
  },
};

function* againstIntent(network: Network): Generator<Found> {
  for (const { router, ends, family, direction, names, opened, path } of policyChanges(network)) {
    if (opened.length === 0) continue;
    const isTransit =
      direction === 'out' && router.intent!.role === 'leaf' && ends.some(({ remote }) => roleOf(remote) === 'spine');
    const policy = names.routeMap === undefined ? 'no route-map' : `route-map ${names.routeMap}`;
    yield atStatement(router, path, {
      severity: isTransit ? 'error' : 'warning',
      message: isTransit
        ? `${router.name} is transit: ${policy} ${direction} of ${listed(ends.map(nameOf))} passes ${listed(opened)} (${family}) on from one spine to another`
        : `${policy} ${direction} of ${listed(ends.map(nameOf))} lets ${listed(opened)} (${family}) through, which the intent stops`,
      remedy: isTransit
        ? `Let ${router.name} announce its own rack and loopback only`
        : 'Write the policy as the intent has it',
      link: ends.length === 1 ? ends[0]!.link : undefined,
    });
  }
}

function roleOf(router: Router | undefined): string {
  return router?.intent?.role ?? router?.node.labels['leafstorm-role'] ?? router?.node.group ?? '';
}

/** A prefix that no leaf has of its own. */
const PROBES = { ipv4: parsePrefix('203.0.113.1/32')!, ipv6: parsePrefix('2001:db8:ffff::1/128')! };

/** Without intent: a node of group or role `leaf` that would send anything to its spines. */
function* withoutPolicy(router: Router): Generator<Found> {
  if (!/^leaf/.test(roleOf(router))) return;
  for (const family of FAMILIES) {
    const spines = router.sessions.filter((end) => isActive(end, family) && /^spine/.test(roleOf(end.remote)));
    const open = spines.filter((end) => permits(router.config, family, policyOf(end, family, 'out'), PROBES[family]));
    if (spines.length < 2 || open.length === 0) continue;
    yield atStatement(router, open[0]!.path, {
      severity: 'warning',
      message: `${router.name} has no outbound policy (${family}) for ${listed(open.map(nameOf))}: only the spines' common ASN keeps it from being transit`,
      remedy: 'Announce the own rack and loopback only, by a route-map out',
    });
  }
}
