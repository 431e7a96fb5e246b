/** Two routers with one router ID: neighbours take one for the other, and best paths change at random (RFC 6286). */

import { groupBy } from '../group-by.ts';
import { addressOf, type Network, type Router } from '../network.ts';
import { atStatement, culprits, type Found, type Rule } from '../rule.ts';

interface Holder {
  readonly router: Router;
  readonly id: string;
  readonly path: string;
}

export const duplicateRouterId: Rule = {
  name: 'duplicate-router-id',
  *judge({ routers }: Network): Generator<Found> {
    for (const [id, holders] of groupBy(routers.flatMap(routerIds), (holder) => holder.id)) {
      if (holders.length < 2) continue;
      for (const { router, path } of culprits(holders, (holder) => holder.router.intent?.routerId === id)) {
        const others = holders.filter((other) => other.router !== router).map((other) => other.router.name);
        yield atStatement(router, path, {
          severity: 'error',
          message: `router ID ${id} is also that of ${others.join(', ')}`,
          remedy: `Give ${router.name} an ID of its own${router.intent ? `, ${router.intent.routerId} by the intent` : ''}`,
        });
      }
    }
  },
};

/** Without `bgp router-id`, FRR takes the loopback's address. */
function routerIds(router: Router): readonly Holder[] {
  return (router.config.bgp ?? []).slice(0, 1).flatMap(({ routerId }) => {
    if (routerId !== undefined) return [{ router, id: routerId, path: 'bgp/0/routerId' }];
    const index = router.config.interfaces?.findIndex(({ name }) => name === 'lo') ?? -1;
    const address = router.config.interfaces?.[index]?.ipv4?.[0];
    return address === undefined ? [] : [{ router, id: addressOf(address), path: `interfaces/${index}/ipv4/0` }];
  });
}
