/** Uplinks that are all used: `maximum-paths` enough for them, and `multipath-relax` where they lead to different ASNs. */

import { groupBy } from '../group-by.ts';
import type { Network, Router, SessionEnd } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { FAMILIES, FAMILY_KEY } from '../session.ts';

export const multipath: Rule = {
  name: 'multipath',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const bundles = equalPaths(router);
      yield* relax(router, bundles);
      yield* order(router);
      yield* paths(router, Math.max(1, ...bundles.map((bundle) => bundle.length)));
    }
  },
};

/** Sessions over which one and the same third router is reached, for each such router: equal-cost paths. */
export function equalPaths(router: Router): readonly (readonly SessionEnd[])[] {
  const towards = new Map<Router, Set<SessionEnd>>();
  const asn = router.config.bgp?.[0]?.asn;
  for (const end of router.sessions) {
    for (const beyond of end.remote?.sessions ?? []) {
      const third = beyond.remote;
      // A router of our own ASN drops what comes from us, and we what comes from it.
      if (!third || third === router || third.config.bgp?.[0]?.asn === asn) continue;
      const ends = towards.get(third);
      if (ends) ends.add(end);
      else towards.set(third, new Set([end]));
    }
  }
  const parallel = groupBy(
    router.sessions.filter(({ remote }) => remote),
    ({ remote }) => remote,
  );
  return [...[...towards.values()].map((ends) => [...ends]), ...parallel.values()].filter((ends) => ends.length > 1);
}

function* relax(router: Router, bundles: readonly (readonly SessionEnd[])[]): Generator<Found> {
  for (const [i, bgp] of (router.config.bgp ?? []).entries()) {
    if (bgp.bestpath?.asPathMultipathRelax) continue;
    const needed = bundles.find((ends) => new Set(ends.map(({ remote }) => remote?.config.bgp?.[0]?.asn)).size > 1);
    const intended = router.intent?.config.bgp?.[0]?.bestpath?.asPathMultipathRelax ?? false;
    if (!needed && !intended) continue;
    const path = bgp.bestpath?.asPathMultipathRelax === false ? `bgp/${i}/bestpath/asPathMultipathRelax` : `bgp/${i}`;
    yield atStatement(router, path, {
      severity: needed || router.sessions.length > 1 ? 'error' : 'warning',
      message: needed
        ? `no bgp bestpath as-path multipath-relax, but equal paths lead through ${needed.map(({ remote }) => remote!.name).join(', ')} of different ASNs: only one is used`
        : 'no bgp bestpath as-path multipath-relax, which the intent has: paths through different ASNs are not equal',
      remedy: 'Add bgp bestpath as-path multipath-relax',
    });
  }
}

/** FRR prefers the older of two equal paths, unless told to compare router IDs: then what is announced depends on who came first. */
function* order(router: Router): Generator<Found> {
  const intended = router.intent?.config.bgp?.[0]?.bestpath?.compareRouterId ?? false;
  for (const [i, bgp] of (router.config.bgp ?? []).entries()) {
    if (bgp.bestpath?.compareRouterId || !intended) continue;
    yield atStatement(
      router,
      bgp.bestpath?.compareRouterId === false ? `bgp/${i}/bestpath/compareRouterId` : `bgp/${i}`,
      {
        severity: 'warning',
        message:
          'no bgp bestpath compare-routerid, which the intent has: the path announced depends on which session came up first',
        remedy: 'Add bgp bestpath compare-routerid',
      },
    );
  }
}

function* paths(router: Router, width: number): Generator<Found> {
  for (const [i, bgp] of (router.config.bgp ?? []).entries()) {
    for (const family of FAMILIES) {
      const block = bgp[FAMILY_KEY[family]];
      const intended = router.intent?.config.bgp?.[i]?.[FAMILY_KEY[family]]?.maximumPaths;
      const path = `bgp/${i}/${FAMILY_KEY[family]}/maximumPaths`;
      const remedy = `Write maximum-paths ${intended ?? 64} in address-family ${family} unicast`;
      // FRR's own default is every path that it was built for.
      if (block?.maximumPaths !== undefined && block.maximumPaths < width) {
        const message = `maximum-paths ${block.maximumPaths} of ${family}, but there are ${width} equal paths: the others stay unused`;
        yield atStatement(router, path, { severity: 'error', message, remedy });
      } else if (intended !== undefined && block?.maximumPaths !== intended) {
        const message = `${block?.maximumPaths === undefined ? 'no maximum-paths' : `maximum-paths ${block.maximumPaths}`} of ${family}; the intent has ${intended}`;
        yield atStatement(router, path, { severity: 'warning', message, remedy });
      }
    }
  }
}
