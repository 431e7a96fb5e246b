/** What each speaker originates itself: `network` and `redistribute`, after their route-maps. */
import type { AsPath } from './as-path.ts';
import { type Attributes, IGP, INCOMPLETE, type Origin } from './attributes.ts';
import { DISTANCE, LOCAL_PREFERENCE } from './defaults.ts';
import type { Findings } from './findings.ts';
import type { Policies } from './policy.ts';
import { isLocalOnly, type KnownPrefix, type PrefixTable } from './prefixes.ts';
import type { Router, Speaker } from './speakers.ts';
import type { Statics } from './statics.ts';

export interface OriginContext {
  readonly prefixes: PrefixTable;
  readonly findings: Findings;
  readonly empty: AsPath;
}

/** The route of zebra that a route of BGP is made of. */
interface Source {
  readonly interface?: string | undefined;
  readonly via?: bigint | undefined;
  readonly distance?: number | undefined;
}

/** All candidates of a router, several for one prefix where `network` and `redistribute` name it both. */
export function originsOf(
  router: Router,
  speaker: Speaker,
  statics: Statics,
  policies: Policies,
  context: OriginContext,
): readonly { readonly prefix: KnownPrefix; readonly attributes: Attributes }[] {
  const all: { prefix: KnownPrefix; attributes: Attributes }[] = [];
  const originate = (prefix: KnownPrefix, origin: Origin, from: Source, routeMap: string | undefined) => {
    const plain: Attributes = {
      as: context.empty,
      localPreference: LOCAL_PREFERENCE,
      med: 0,
      origin,
      local: true,
      interface: from.interface,
      thirdParty: from.via,
      doubtful: undefined,
    };
    const attributes = routeMap === undefined ? plain : policies.routeMap(routeMap).apply(prefix, plain);
    if (!attributes) return;
    if (from.distance !== undefined) reportLateStatic(router, prefix, from.distance, context.findings);
    all.push({ prefix, attributes });
  };

  for (const family of ['ipv4', 'ipv6'] as const) {
    const settings = family === 'ipv4' ? speaker.bgp.ipv4Unicast : speaker.bgp.ipv6Unicast;
    for (const network of settings?.networks ?? []) {
      const prefix = context.prefixes.of(network.prefix);
      if (!prefix || prefix.family !== family) continue;
      const route = statics.active.get(prefix);
      if (speaker.knobs.networkImportCheck) {
        if (!router.connected.has(prefix) && !route) continue;
      }
      // The next hop of a checked `network` is that of the route it was found by.
      const source = speaker.knobs.networkImportCheck ? { via: route?.via, distance: route?.distance } : {};
      originate(prefix, IGP, source, network.routeMap);
    }
    for (const each of settings?.redistribute ?? []) {
      const routeMap = each.routeMap;
      if (each.protocol === 'connected') {
        for (const [prefix, port] of router.connected) {
          if (prefix.family === family && !isLocalOnly(prefix))
            originate(prefix, INCOMPLETE, { interface: port }, routeMap);
        }
      } else if (each.protocol === 'static') {
        for (const [prefix, route] of statics.active) {
          if (prefix.family !== family || isLocalOnly(prefix)) continue;
          originate(prefix, INCOMPLETE, { ...route, interface: route.firstInterface }, routeMap);
        }
      } else {
        const text = `redistribute ${each.protocol}`;
        context.findings.add(router.name, 0, text, `routes of ${each.protocol} are not known beforehand`);
      }
    }
  }
  return all;
}

/** A static route that BGP can displace is announced or not depending on what BGP itself knows. */
function reportLateStatic(router: Router, prefix: KnownPrefix, distance: number, findings: Findings): void {
  if (distance < DISTANCE.ebgp) return;
  const command = prefix.family === 'ipv4' ? 'ip' : 'ipv6';
  findings.addPrefix(
    router.name,
    `${command} route ... ${distance}`,
    'BGP announces a static route that is no better than a route of BGP',
    prefix.text,
  );
}
