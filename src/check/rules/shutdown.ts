/** Things that somebody switched off, and forgot: neighbours, interfaces, BFD profiles; and sessions that nobody opens. */
import type { FrrConfig } from 'frr-config';
import { type Network, nameOf, type Router } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { setting } from '../session.ts';

export const shutdown: Rule = {
  name: 'shutdown',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const intended = router.intent
        ? new Set([...switchedOff(router.intent.config)].map(({ what }) => what))
        : undefined;
      for (const { what, path } of switchedOff(router.config)) {
        if (intended?.has(what)) continue;
        yield atStatement(router, path, {
          severity: 'error',
          message: `${what} is shut down`,
          remedy: 'Remove shutdown, or say in the design that it is meant',
        });
      }
      yield* bothPassive(router);
    }
  },
};

function* switchedOff({
  bgp = [],
  interfaces = [],
  bfdProfiles = [],
}: FrrConfig): Generator<{ what: string; path: string }> {
  for (const [i, { peerGroups = [], neighbors = [] }] of bgp.entries()) {
    for (const [list, peers] of Object.entries({ peerGroups, neighbors })) {
      for (const [j, peer] of peers.entries()) {
        if (peer.shutdown) yield { what: `neighbor ${peer.name}`, path: `bgp/${i}/${list}/${j}/shutdown` };
      }
    }
  }
  for (const [i, one] of interfaces.entries()) {
    if (one.shutdown) yield { what: `interface ${one.name}`, path: `interfaces/${i}/shutdown` };
  }
  for (const [i, profile] of bfdProfiles.entries()) {
    if (profile.shutdown) yield { what: `BFD profile ${profile.name}`, path: `bfdProfiles/${i}/shutdown` };
  }
}

function* bothPassive(router: Router): Generator<Found> {
  for (const end of router.sessions) {
    const passive = setting(end, 'passive');
    if (!passive?.value || !end.peer || !setting(end.peer, 'passive')?.value) continue;
    if (router.name > end.peer.router.name) continue;
    yield atStatement(router, passive.path, {
      severity: 'error',
      message: `${nameOf(end)} is passive at both ends: nobody opens the session`,
      remedy: 'Remove passive at one end',
      link: end.link,
    });
  }
}
