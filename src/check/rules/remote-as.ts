/** A session starts only where each end has the ASN that the other expects (RFC 4271 section 6.2: Bad Peer AS). */
import { type Network, nameOf, type SessionEnd } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { setting } from '../session.ts';

export const remoteAs: Rule = {
  name: 'remote-as',
  *judge({ routers }: Network): Generator<Found> {
    for (const end of routers.flatMap(({ sessions }) => sessions)) {
      const expected = setting(end, 'remoteAs');
      if (expected === undefined) {
        yield atStatement(end.router, end.path, {
          severity: 'error',
          message: `${nameOf(end)} has no remote-as, so its session never starts`,
          remedy: `Add neighbor ${end.neighbor.name} remote-as ${asnOf(end) ?? 'ASN'}`,
          link: end.link,
        });
        continue;
      }
      const actual = asnOf(end);
      if (actual === undefined || accepts(expected.value, end.bgp.asn, actual) || isTheirs(end, expected.value))
        continue;
      yield atStatement(end.router, expected.path, {
        severity: 'error',
        message: `${nameOf(end)} has remote-as ${expected.value}, but ${end.remote!.name} is in ASN ${actual}${expected.value === 'external' || expected.value === 'internal' ? `, and ${end.router.name} in ${end.bgp.asn}` : ''}`,
        remedy: `Write remote-as ${actual}, or correct router bgp of ${end.remote!.name}`,
        link: end.link,
      });
    }
  },
};

/** The ASN that the router at the other end has. */
function asnOf({ peer, remote }: SessionEnd): number | undefined {
  return peer?.bgp.asn ?? remote?.config.bgp?.[0]?.asn;
}

function accepts(expected: number | 'external' | 'internal', own: number, actual: number): boolean {
  if (expected === 'external') return actual !== own;
  return actual === (expected === 'internal' ? own : expected);
}

/** Whether it is the other router that has left the intent: then the finding is about its `router bgp`. */
function isTheirs({ remote }: SessionEnd, expected: number | 'external' | 'internal'): boolean {
  return remote?.intent !== undefined && remote.intent.asn === expected;
}
