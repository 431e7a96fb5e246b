/** BFD (RFC 5880) on both ends of every session that is to have it, with the timers that were meant. */
import type { BfdProfile, FrrConfig } from 'frr-config';
import { groupBy } from '../group-by.ts';
import { type Network, nameOf, type Router, type SessionEnd } from '../network.ts';
import { atStatement, type Found, listed, type Rule } from '../rule.ts';
import { hasBfd, type SessionConfig, setting } from '../session.ts';

export const bfd: Rule = {
  name: 'bfd',
  *judge(network: Network): Generator<Found> {
    for (const router of network.routers) {
      yield* without(router, network);
      yield* otherTimers(router, network);
    }
  },
};

function* without(router: Router, network: Network): Generator<Found> {
  const lacking = router.sessions.filter((end) => {
    const intended = network.intended(end);
    return !hasBfd(end) && ((end.peer && hasBfd(end.peer)) || (intended && hasBfd(intended)));
  });
  for (const [path, ends] of groupBy(lacking, (end) => setting(end, 'bfd')?.path ?? end.group?.path ?? end.path)) {
    const [end] = ends as readonly [SessionEnd];
    yield atStatement(router, path, {
      severity: 'error',
      message: `no BFD for ${listed(ends.map(nameOf))}, ${end.peer && hasBfd(end.peer) ? 'though the other end has it' : 'which the intent has'}: a silent loss is found by the hold timer only`,
      remedy: `Add neighbor ${end.neighbor.peerGroup ?? end.neighbor.name} bfd${profileName(network.intended(end) ?? end.peer)}`,
      link: ends.length === 1 ? end.link : undefined,
    });
  }
}

function profileName(session: SessionConfig | undefined): string {
  const profile = session && setting(session, 'bfdProfile');
  return profile ? ` profile ${profile.value}` : '';
}

/** What FRR has where a profile says nothing. */
const DEFAULTS = { detectMultiplier: 3, receiveInterval: 300, transmitInterval: 300 } as const;
type Timers = { readonly [K in keyof typeof DEFAULTS]: number };

const WORDS: readonly (readonly [keyof Timers, string])[] = [
  ['detectMultiplier', 'detect-multiplier'],
  ['receiveInterval', 'receive-interval'],
  ['transmitInterval', 'transmit-interval'],
];

function* otherTimers(router: Router, network: Network): Generator<Found> {
  const told = new Set<string>();
  for (const end of router.sessions) {
    if (!hasBfd(end) || !end.peer || !hasBfd(end.peer)) continue;
    const intended = network.intended(end);
    const hasIntent = intended !== undefined && router.intent !== undefined && hasBfd(intended);
    // Without intent nobody knows which end is right: it is told once, at the later of the two.
    if (!hasIntent && end.router.name < end.peer.router.name) continue;
    const right = hasIntent ? timersOf(router.intent!.config, intended) : timersOf(end.peer.router.config, end.peer);
    const own = timersOf(router.config, end);
    for (const [key, words] of WORDS) {
      if (own[key] === right[key]) continue;
      const path = pathOf(router, end, key);
      if (told.has(`${path} ${key}`)) continue;
      told.add(`${path} ${key}`);
      yield atStatement(router, path, {
        severity: hasIntent ? 'error' : 'warning',
        message: `BFD ${words} of ${nameOf(end)} is ${own[key]}; ${hasIntent ? 'the intent has' : `${end.peer.router.name} has`} ${right[key]}: detection takes another time than planned`,
        remedy: `Write ${words} ${right[key]} in the BFD profile of the session`,
        link: end.link,
      });
    }
  }
}

function profileOf(config: FrrConfig, session: SessionConfig): BfdProfile | undefined {
  const name = setting(session, 'bfdProfile')?.value;
  return config.bfdProfiles?.find((profile) => profile.name === name);
}

function timersOf(config: FrrConfig, session: SessionConfig): Timers {
  return { ...DEFAULTS, ...profileOf(config, session) };
}

/** The profile's own statement, else where the session says which profile it has. */
function pathOf(router: Router, end: SessionEnd, key: keyof Timers): string {
  const profile = profileOf(router.config, end);
  if (profile) return `bfdProfiles/${router.config.bfdProfiles!.indexOf(profile)}/${key}`;
  return (setting(end, 'bfdProfile') ?? setting(end, 'bfd'))?.path ?? end.path;
}
