/** BGP sessions as an agent shows them (BGP4-MIB, RFC 4273), typed. */
import { type Snmp, SnmpError } from './snmp.ts';
import { numberOf } from './snmp-tables.ts';

export interface SnmpBgpPeer {
  /** IPv4 address of the peer: this MIB knows no other, so unnumbered and IPv6 sessions are not in it. */
  readonly peer: string;
  readonly localAddress: string;
  /** As `BgpSession.remoteAs`; 23456 (AS_TRANS, RFC 6793) where the agent cannot show four bytes. */
  readonly remoteAs: number;
  readonly routerId: string;
  readonly adminUp: boolean;
  /** RFC 4271 section 8.2.2, in FRR's spelling. */
  readonly state: 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established' | 'unknown';
  readonly established: boolean;
  /** How often the session became established. */
  readonly transitions: number;
  /** Seconds in, or since it last left, the established state; 0 where it never was. */
  readonly establishedS: number;
}

const BGP_LOCAL_AS = '1.3.6.1.2.1.15.2.0';
const PEER_ENTRY = '1.3.6.1.2.1.15.3.1';
const PEER = {
  identifier: 1,
  state: 2,
  adminStatus: 3,
  localAddr: 5,
  remoteAddr: 7,
  remoteAs: 9,
  transitions: 15,
  establishedTime: 16,
} as const;
const STATES = ['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established'] as const;
const ADMIN_START = 2;

/**
 * The BGP sessions over IPv4.
 * @throws SnmpError, also where the agent has no BGP4-MIB: FRR gives it where bgpd runs with `-M snmp` and is configured with `agentx`
 */
export async function snmpBgpPeers(session: Snmp): Promise<readonly SnmpBgpPeer[]> {
  const [localAs] = await session.get([BGP_LOCAL_AS]);
  if (localAs === undefined) {
    throw new SnmpError(
      session.node,
      'the agent shows no BGP4-MIB to this user: FRR needs bgpd with "-M snmp" and "agentx" in its configuration',
    );
  }
  const rows = await session.table(PEER_ENTRY, Object.values(PEER));
  return [...rows].map(([index, row]) => {
    const address = (column: number) => {
      const value = row.get(column);
      return typeof value === 'string' ? value : '';
    };
    const state = STATES[numberOf(row.get(PEER.state)) - 1] ?? 'unknown';
    return {
      peer: address(PEER.remoteAddr) || index,
      localAddress: address(PEER.localAddr),
      // An Integer32 by the MIB: agents put four-byte numbers there, and the high ones arrive below zero.
      remoteAs: numberOf(row.get(PEER.remoteAs)) >>> 0,
      routerId: address(PEER.identifier),
      adminUp: row.get(PEER.adminStatus) === ADMIN_START,
      state,
      established: state === 'Established',
      transitions: numberOf(row.get(PEER.transitions)),
      establishedS: numberOf(row.get(PEER.establishedTime)),
    };
  });
}
