/**
 * FRR 8.4.4 loses ECMP after a flap: on carrier loss the kernel prunes the next-hop group without telling anybody, and zebra,
 * which keeps groups for 180 s by default, later reuses its own as if it were whole.
 */
import type { Network } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { equalPaths } from './multipath.ts';

/** Seconds that zebra may keep a group: no flap is over sooner. */
const MOST_SECONDS = 1;
const DEFAULT_SECONDS = 180;

export const nexthopGroup: Rule = {
  name: 'nexthop-group',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const { nexthopGroupKeep = DEFAULT_SECONDS, nexthopKernel = true } = router.config.zebra ?? {};
      if (!nexthopKernel || nexthopGroupKeep <= MOST_SECONDS) continue;
      const hasEqualPaths = equalPaths(router).length > 0;
      if (!hasEqualPaths && router.intent?.config.zebra?.nexthopGroupKeep === undefined) continue;
      yield atStatement(router, 'zebra/nexthopGroupKeep', {
        severity: router.intent && hasEqualPaths ? 'error' : 'warning',
        message: `zebra keeps next-hop groups for ${nexthopGroupKeep} s: after a flap shorter than that, FRR 8.4 routes over one path only although it shows all`,
        remedy: 'Add zebra nexthop-group keep 1, or no zebra nexthop kernel enable',
      });
    }
  },
};
