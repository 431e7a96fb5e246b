/** A configuration for a daemon that never starts does nothing, without a word. */
import type { DaemonsFile } from '../daemons.ts';
import type { Network, Router } from '../network.ts';
import type { Found, Rule } from '../rule.ts';
import { hasBfd } from '../session.ts';

export const daemons: Rule = {
  name: 'daemons',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      if (!router.daemons) continue;
      if (router.config.bgp?.length) yield* started(router, router.daemons, 'bgpd', 'router bgp');
      if (router.sessions.some(hasBfd)) yield* started(router, router.daemons, 'bfdd', 'BFD');
    }
  },
};

function* started(router: Router, { file, daemons: all }: DaemonsFile, daemon: string, what: string): Generator<Found> {
  const entry = all.get(daemon);
  if (entry?.starts) return;
  yield {
    severity: 'error',
    node: router.name,
    file,
    line: entry?.line ?? 1,
    message: `${daemon} does not start on ${router.name}, whose configuration has ${what}`,
    remedy: `Write ${daemon}=yes`,
  };
}
