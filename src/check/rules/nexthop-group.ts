/**
 * FRR 8.4.4 loses ECMP after a flap: on carrier loss the kernel prunes the next-hop group without telling anybody, and zebra,
 * which keeps groups for 180 s by default, later reuses its own as if it were whole.
 */
import type { Network } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { equalPaths } from './multipath.ts';

const DEFAULT_SECONDS = 180;
/** The least that zebra takes: only flaps of links that come back within a second still meet a kept group. */
const LEAST_SECONDS = 1;

export const nexthopGroup: Rule = {
  name: 'nexthop-group',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const { nexthopGroupKeep = DEFAULT_SECONDS, nexthopKernel = true } = router.config.zebra ?? {};
      if (!nexthopKernel) continue;
      const hasEqualPaths = equalPaths(router).length > 0;
      if (!hasEqualPaths && router.intent?.config.zebra?.nexthopKernel === undefined) continue;
      yield atStatement(router, 'zebra/nexthopGroupKeep', {
        severity: router.intent && hasEqualPaths && nexthopGroupKeep > LEAST_SECONDS ? 'error' : 'warning',
        message: `zebra keeps next-hop groups for ${nexthopGroupKeep} s: after a flap shorter than that, FRR 8.4 routes over one path only although it shows all`,
        remedy: 'Add no zebra nexthop kernel enable, or at least zebra nexthop-group keep 1',
      });
    }
  },
};
