/** A prefix announced from two places draws half of its traffic to the wrong one, unless that is the intent: anycast. */
import { canonicalPrefix } from '../../fabric/cidr.ts';
import { type Announcement, announcements, intendedAnnouncers } from '../announcements.ts';
import { groupBy } from '../group-by.ts';
import type { Network } from '../network.ts';
import { atStatement, culprits, type Found, type Rule } from '../rule.ts';

export const duplicatePrefix: Rule = {
  name: 'duplicate-prefix',
  *judge({ routers, fabric }: Network): Generator<Found> {
    const intended = intendedAnnouncers(fabric);
    for (const [prefix, holders] of groupBy(routers.flatMap(announcements), (one) => canonicalPrefix(one.prefix))) {
      const owners = intended.get(prefix);
      const isIntended = ({ router }: Announcement) => owners?.has(router.name) ?? false;
      // Of a prefix that the intent gives to somebody, every other announcement is wrong, also where the owner's own is missing.
      const wrong = owners ? holders.filter((holder) => !isIntended(holder)) : culprits(holders, isIntended);
      const all = [...new Set([...(owners ?? []), ...holders.map(({ router }) => router.name)])];
      for (const holder of wrong) {
        const others = all.filter((name) => name !== holder.router.name);
        if (others.length === 0) continue;
        yield atStatement(holder.router, holder.path, {
          severity: owners ? 'error' : 'warning',
          message: `network ${holder.prefix} is ${owners ? 'the prefix' : 'also announced'} ${owners ? 'of' : 'by'} ${others.join(', ')}`,
          remedy: owners
            ? `Remove the statement: traffic for ${others.join(', ')} would come to ${holder.router.name} as well`
            : 'Announce it from one place, or ignore this where it is anycast',
        });
      }
    }
  },
};
