/** BGP sessions over time, as bgpd's log has them (`bgp log-neighbor-changes`). Pure. */

export interface SessionChange {
  /** Interface or address, as the configuration names the neighbour. */
  readonly neighbour: string;
  /** Host name that the neighbour told, where it told one. */
  readonly peer: string | undefined;
  readonly state: 'up' | 'down';
  /** bgpd's reason for a session that went down. */
  readonly why: string | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly wallMs: number;
  /** How finely the log tells the time (`log timestamp precision`): the change was within so many milliseconds after `wallMs`. */
  readonly withinMs: number;
}

const LINE =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)(\.\d+)? BGP: .*%ADJCHANGE: neighbor (\S+?)(?:\(([^)]*)\))? in vrf \S+ (Up|Down)(?: (.*))?$/;

/** Reads the log of a node whose clock shows UTC, as that of every node of the embedded engine does. Other lines are passed over. */
export function readSessionChanges(log: string): readonly SessionChange[] {
  return log.split('\n').flatMap((line): SessionChange[] => {
    const found = LINE.exec(line);
    if (found === null) return [];
    const [, year, month, day, time, fraction = '', neighbour, peer, state, why] = found;
    return [
      {
        neighbour: neighbour!,
        peer: peer || undefined,
        state: state === 'Up' ? 'up' : 'down',
        why: why?.trim() || undefined,
        wallMs: Date.parse(`${year}-${month}-${day}T${time}${fraction.slice(0, 4)}Z`),
        withinMs: 1000 / 10 ** Math.min(3, Math.max(0, fraction.length - 1)),
      },
    ];
  });
}
