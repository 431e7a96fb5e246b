/** `network` statements: who announces what, and who is meant to. */
import { canonicalPrefix, type Family } from '../fabric/cidr.ts';
import type { Fabric } from '../fabric/fabric.ts';
import type { Router } from './network.ts';
import { FAMILIES, FAMILY_KEY } from './session.ts';

export interface Announcement {
  readonly router: Router;
  /** As written. */
  readonly prefix: string;
  readonly family: Family;
  /** Number of the BGP instance. */
  readonly instance: number;
  readonly path: string;
}

/** Every `network` statement of a router. */
export function announcements(router: Router): readonly Announcement[] {
  return (router.config.bgp ?? []).flatMap((bgp, instance) =>
    FAMILIES.flatMap((family) =>
      (bgp[FAMILY_KEY[family]]?.networks ?? []).map(({ prefix }, i) => ({
        router,
        prefix,
        family,
        instance,
        path: `bgp/${instance}/${FAMILY_KEY[family]}/networks/${i}`,
      })),
    ),
  );
}

/** Canonical prefixes of the intent with the nodes that are to announce them; several are anycast. */
export function intendedAnnouncers(fabric: Fabric | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const announcers = new Map<string, Set<string>>();
  for (const { name, config } of fabric?.nodes ?? []) {
    for (const bgp of config.bgp ?? []) {
      for (const { prefix } of FAMILIES.flatMap((family) => bgp[FAMILY_KEY[family]]?.networks ?? [])) {
        const canonical = canonicalPrefix(prefix);
        const nodes = announcers.get(canonical);
        if (nodes) nodes.add(name);
        else announcers.set(canonical, new Set([name]));
      }
    }
  }
  return announcers;
}
