/** Both ends of a session need the same password (RFC 2385): a wrong one shows as a TCP connection that never opens. */
import { type Network, nameOf, type SessionEnd } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { setting } from '../session.ts';

export const password: Rule = {
  name: 'password',
  *judge(network: Network): Generator<Found> {
    for (const end of network.routers.flatMap(({ sessions }) => sessions)) {
      if (!end.peer || passwordOf(end) === passwordOf(end.peer) || !isCulprit(end, network)) continue;
      const [own, other] = [passwordOf(end), passwordOf(end.peer)];
      // The passwords themselves stay out of messages: these end up in logs and reports.
      yield atStatement(end.router, setting(end, 'password')?.path ?? end.path, {
        severity: 'error',
        message: `${nameOf(end)} ${own === undefined ? 'has no password, but the other end has one' : other === undefined ? 'has a password, but the other end has none' : 'has another password than the other end'}: the session never opens`,
        remedy: 'Give both ends the same password',
        link: end.link,
      });
    }
  },
};

function passwordOf(end: SessionEnd): string | undefined {
  return setting(end, 'password')?.value;
}

/** One finding a session: at the end that left the intent, else at the one whose name comes later. */
function isCulprit(end: SessionEnd, network: Network): boolean {
  const leftIntent = (one: SessionEnd) => {
    const intended = network.intended(one);
    return intended !== undefined && setting(intended, 'password')?.value !== passwordOf(one);
  };
  const [own, other] = [leftIntent(end), leftIntent(end.peer!)];
  return own === other ? end.router.name > end.peer!.router.name : own;
}
