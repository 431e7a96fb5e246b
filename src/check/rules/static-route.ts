/** Static routes over prefixes of the fabric: with distance 1 they win over BGP's 20, whatever BGP knows. */
import type { StaticRoute } from 'frr-config';
import { contains, type Prefix, parsePrefix } from '../../fabric/cidr.ts';
import { announcements, intendedAnnouncers } from '../announcements.ts';
import type { Network, Router } from '../network.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';

/** `distance` from which on BGP's own routes win. */
const EBGP_DISTANCE = 20;

export const staticRoute: Rule = {
  name: 'static-route',
  *judge(network: Network): Generator<Found> {
    const withStatics = network.routers.filter(({ config }) => config.staticRoutes?.length);
    if (withStatics.length === 0) return;
    const announced = announcedPrefixes(network);
    for (const router of withStatics) {
      for (const [i, route] of router.config.staticRoutes!.entries()) {
        const found = judgeRoute(router, route, `staticRoutes/${i}`, announced);
        if (found) yield found;
      }
    }
  },
};

interface Announced {
  readonly text: string;
  readonly prefix: Prefix;
  readonly nodes: ReadonlySet<string>;
}

/** What the intent announces, or, without intent, what the configurations do. */
function announcedPrefixes({ fabric, routers }: Network): readonly Announced[] {
  const byPrefix = new Map(intendedAnnouncers(fabric));
  if (!fabric) {
    for (const { prefix, router } of routers.flatMap(announcements)) {
      byPrefix.set(prefix, new Set([...(byPrefix.get(prefix) ?? []), router.name]));
    }
  }
  return [...byPrefix].map(([text, nodes]) => ({ text, prefix: parsePrefix(text)!, nodes }));
}

function judgeRoute(
  router: Router,
  route: StaticRoute,
  path: string,
  announced: readonly Announced[],
): Found | undefined {
  const intended = router.intent?.config.staticRoutes?.some((one) => JSON.stringify(one) === JSON.stringify(route));
  const prefix = parsePrefix(route.prefix);
  // The default route covers everything and takes from nobody: what is more specific wins.
  if (intended || !prefix || prefix.length === 0 || (route.distance ?? 1) >= EBGP_DISTANCE) return undefined;
  const foreign = announced.filter(({ nodes }) => !nodes.has(router.name));
  const taken = foreign.filter((one) => contains(one.prefix, prefix));
  const covered = foreign.filter((one) => one.prefix.length > prefix.length && contains(prefix, one.prefix));
  // A leaf may anchor its own aggregate: its servers' host routes are more specific.
  const own = announced.some((one) => one.nodes.has(router.name) && one.text === route.prefix);
  if (taken.length === 0 && (covered.length === 0 || own || route.blackhole === undefined)) return undefined;
  const hits = taken.length > 0 ? taken : covered;
  const action = route.blackhole === undefined ? 'sends elsewhere' : 'drops';
  return atStatement(router, path, {
    severity: 'error',
    message: `static route ${route.prefix} ${action} packets for ${listed(hits.map(({ text, nodes }) => `${text} of ${[...nodes].join(', ')}`))}${taken.length > 0 ? ', before BGP is asked' : ' whenever BGP has no route for it'}`,
    remedy: 'Remove the static route, or write it for a prefix that nobody else announces',
  });
}
