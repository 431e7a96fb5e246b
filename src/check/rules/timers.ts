/** Hold and keepalive timers of both ends; the smaller hold time of the two counts (RFC 4271 section 4.2). */

import { groupBy } from '../group-by.ts';
import { type Network, nameOf, type Router, type SessionEnd } from '../network.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';
import { type Placed, type SessionConfig, setting } from '../session.ts';

interface Timers {
  readonly keepalive: number;
  readonly hold: number;
}

export const timers: Rule = {
  name: 'timers',
  *judge(network: Network): Generator<Found> {
    for (const router of network.routers) {
      const wrong = router.sessions.filter((end) => right(end, network) !== undefined);
      for (const [path, ends] of groupBy(wrong, (end) => timersOf(end, router.config.defaults).path)) {
        yield finding(router, path, ends, network);
      }
    }
  },
};

function finding(router: Router, path: string, ends: readonly SessionEnd[], network: Network): Found {
  const [end] = ends as readonly [SessionEnd];
  const own = timersOf(end, router.config.defaults).value;
  const expected = right(end, network)!;
  return atStatement(router, path, {
    severity: 'warning',
    message: `timers of ${listed(ends.map(nameOf))} are ${own.keepalive} s keepalive, ${own.hold} s hold; ${network.intended(end) ? 'the intent has' : `${end.peer!.router.name} has`} ${expected.keepalive} and ${expected.hold}: a dead neighbour is found after another time than planned`,
    remedy: `Write timers bgp ${expected.keepalive} ${expected.hold}`,
    link: ends.length === 1 ? end.link : undefined,
  });
}

/** The timers that a session should have where it has others; undefined where it is right. */
function right(end: SessionEnd, network: Network): Timers | undefined {
  const own = timersOf(end, end.router.config.defaults).value;
  const intended = network.intended(end);
  if (intended) {
    const meant = timersOf(intended, end.router.intent!.config.defaults).value;
    return meant.hold === own.hold && meant.keepalive === own.keepalive ? undefined : meant;
  }
  if (!end.peer) return undefined;
  const other = timersOf(end.peer, end.peer.router.config.defaults).value;
  return own.hold > other.hold ? other : undefined;
}

function timersOf(session: SessionConfig, profile: 'traditional' | 'datacenter' | undefined): Placed<Timers> {
  const own = setting(session, 'timers');
  if (own) return own;
  const byProfile = profile === 'datacenter' ? { keepalive: 3, hold: 9 } : { keepalive: 60, hold: 180 };
  return { value: session.bgp.timers ?? byProfile, path: `${session.bgpPath}/timers` };
}
