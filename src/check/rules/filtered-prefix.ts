/** Prefixes of the fabric that a policy stops although the intent lets them pass. */
import { type Network, nameOf } from '../network.ts';
import { policyChanges } from '../policy-changes.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';

export const filteredPrefix: Rule = {
  name: 'filtered-prefix',
  *judge(network: Network): Generator<Found> {
    for (const { router, ends, family, direction, names, closed, path } of policyChanges(network)) {
      if (closed.length === 0) continue;
      const policy = names.routeMap ?? names.prefixList;
      yield atStatement(router, path, {
        severity: 'error',
        message: `${policy === undefined ? 'the policy' : policy} ${direction} of ${listed(ends.map(nameOf))} stops ${listed(closed)} (${family}), which the intent lets pass`,
        remedy: 'Permit these prefixes again',
        link: ends.length === 1 ? ends[0]!.link : undefined,
      });
    }
  },
};
