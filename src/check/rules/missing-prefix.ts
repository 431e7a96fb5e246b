/** Every prefix of the intent is announced by the node that has it, and really is: `network` alone does not put it into the table. */
import { canonicalPrefix, parsePrefix } from '../../fabric/cidr.ts';
import { announcements, intendedAnnouncers } from '../announcements.ts';
import type { Network, Router } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { FAMILY_KEY } from '../session.ts';

export const missingPrefix: Rule = {
  name: 'missing-prefix',
  *judge({ routers, router, fabric }: Network): Generator<Found> {
    const announced = new Map(
      routers.map((one) => [one.name, new Set(announcements(one).map(({ prefix }) => canonicalPrefix(prefix)))]),
    );
    for (const [prefix, nodes] of intendedAnnouncers(fabric)) {
      for (const name of nodes) {
        const owner = router.get(name);
        if (!owner || announced.get(name)!.has(prefix)) continue;
        const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
        yield atStatement(owner, `bgp/0/${FAMILY_KEY[family]}`, {
          severity: 'error',
          message: `${name} does not announce ${prefix}, which the intent has it announce: nobody else reaches it`,
          remedy: `Add network ${prefix} to address-family ${family} unicast`,
        });
      }
    }
    for (const one of routers) yield* notInTable(one);
  },
};

/** With `bgp network import-check`, FRR's default, a `network` counts only while some other route has exactly that prefix. */
function* notInTable(router: Router): Generator<Found> {
  let table: ReadonlySet<string> | undefined;
  for (const { instance, prefix, path } of announcements(router)) {
    if (router.config.bgp![instance]!.networkImportCheck === false) continue;
    table ??= localPrefixes(router);
    if (table.has(canonicalPrefix(prefix))) continue;
    yield atStatement(router, path, {
      severity: router.intent ? 'error' : 'warning',
      message: `network ${prefix} is not announced: bgp network import-check is on, and ${router.name} has no route for exactly this prefix`,
      remedy: 'Add no bgp network import-check, or a static route or an address with this prefix',
    });
  }
}

/** Prefixes of interfaces and static routes, also those that the topology has the node set itself. */
function localPrefixes(router: Router): ReadonlySet<string> {
  const { interfaces = [], staticRoutes = [] } = router.config;
  const commands = router.node.exec.flatMap((line) => line.split(/\s+/).filter((word) => parsePrefix(word)));
  const addresses = interfaces.flatMap(({ ipv4 = [], ipv6 = [] }) => [...ipv4, ...ipv6]);
  return new Set([...addresses, ...staticRoutes.map(({ prefix }) => prefix), ...commands].map(canonicalPrefix));
}
