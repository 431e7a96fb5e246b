/** bfdd's sessions (RFC 5880), typed. */
import type { Frr } from './frr.ts';
import { flag, list, number, object, optional, text } from './json.ts';

export interface BfdPeer {
  readonly peer: string;
  readonly interface?: string;
  readonly multihop: boolean;
  /** `up`, `down`, `init`, `shutdown` as bfdd says it. */
  readonly status: string;
  readonly up: boolean;
  /** Seconds in the present state. */
  readonly uptimeS?: number;
  readonly diagnostic?: string;
  readonly transmitMs: number;
  readonly receiveMs: number;
  /** After how long without a packet this end declares the path dead (RFC 5880 section 6.8.4); undefined while the peer has not told its timers. */
  readonly detectMs?: number;
}

/**
 * All BFD sessions of a node.
 * @throws VtyError, also where the node runs no bfdd
 */
export async function bfdPeers(frr: Frr): Promise<readonly BfdPeer[]> {
  return list(await frr.vty('bfdd').json('show bfd peers json')).map((value) => {
    const peer = object(value);
    const status = text(peer['status']) ?? 'unknown';
    return {
      peer: text(peer['peer']) ?? '',
      ...optional('interface', text(peer['interface'])),
      multihop: flag(peer['multihop']),
      status,
      up: status === 'up',
      ...optional('uptimeS', number(peer['uptime'])),
      ...optional('diagnostic', text(peer['diagnostic'])),
      transmitMs: number(peer['transmit-interval']) ?? 0,
      receiveMs: number(peer['receive-interval']) ?? 0,
      ...optional('detectMs', status === 'up' ? detectMs(peer) : undefined),
    };
  });
}

/** The peer's multiplier times the slower of what it sends and what we are willing to receive. */
function detectMs(peer: Readonly<Record<string, unknown>>): number | undefined {
  const multiplier = number(peer['remote-detect-multiplier']);
  const sends = number(peer['remote-transmit-interval']);
  const receives = number(peer['receive-interval']);
  if (multiplier === undefined || sends === undefined || receives === undefined) return undefined;
  return multiplier * Math.max(sends, receives);
}
