/** Attributes that make one of several equal paths better than the others: ECMP ends, although every session is up. */
import type { RouteMapEntry } from 'frr-config';
import type { Network, Router } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';

const SETTINGS = [
  ['setAsPathPrepend', 'set as-path prepend'],
  ['setLocalPreference', 'set local-preference'],
  ['setMetric', 'set metric'],
] as const satisfies readonly (readonly [keyof RouteMapEntry, string])[];

export const pathAttributes: Rule = {
  name: 'path-attributes',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) if (router.intent) yield* changed(router);
  },
};

function* changed(router: Router): Generator<Found> {
  for (const [i, map] of (router.config.routeMaps ?? []).entries()) {
    const meant = router.intent!.config.routeMaps?.find(({ name }) => name === map.name);
    for (const [j, entry] of map.entries.entries()) {
      const meantEntry = meant?.entries.find(({ seq }) => seq === entry.seq);
      for (const [key, words] of SETTINGS) {
        if (entry[key] === undefined || String(entry[key]) === String(meantEntry?.[key])) continue;
        yield atStatement(router, `routeMaps/${i}/entries/${j}/${key}`, {
          severity: 'warning',
          message: `${words} ${[entry[key]].flat().join(' ')} in route-map ${map.name}, which the intent does not have: routes with it are no longer equal to those without`,
          remedy: 'Remove it, or set it on all equal paths',
        });
      }
    }
  }
}
