/** How a member of an etcd cluster is started. */
import type { Member } from '../store.ts';

export const CLIENT_PORT = 2379;
export const PEER_PORT = 2380;
/** On the node's own disk, so that a power cut takes what was not flushed. */
export const DATA_DIR = '/var/lib/store/etcd';

export interface EtcdOptions {
  /** Milliseconds between a leader's heartbeats. Default 100. */
  readonly heartbeatMs?: number;
  /** Milliseconds without a heartbeat before an election. Default 1,000: members of a lab share few processors, and a false election is an outage. */
  readonly electionMs?: number;
  /** A member that was cut off asks before it stands for election, so that its return does not depose the leader. */
  readonly preVote?: boolean;
  /** A planted defect: acknowledges what is not on the disk (`--unsafe-no-fsync`). */
  readonly noFsync?: boolean;
}

/**
 * The argv of one member. It listens on its service address only: inside its node's namespace, on an address that the node announces.
 * @param token tells this cluster from others, for members that would meet by mistake
 * @param cluster `existing` for a member without data that joins a cluster which runs
 */
export function etcdArgv(
  member: Member,
  members: readonly Member[],
  token: string,
  options: EtcdOptions = {},
  cluster: 'new' | 'existing' = 'new',
): readonly string[] {
  const client = clientUrl(member);
  const peer = peerUrl(member);
  return [
    'etcd',
    `--name=${member.name}`,
    `--data-dir=${DATA_DIR}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=${members.map((each) => `${each.name}=${peerUrl(each)}`).join(',')}`,
    `--initial-cluster-token=${token}`,
    // A member that finds its data ignores the initial cluster.
    `--initial-cluster-state=${cluster}`,
    `--heartbeat-interval=${options.heartbeatMs ?? 100}`,
    `--election-timeout=${options.electionMs ?? 1000}`,
    '--logger=zap',
    '--log-outputs=stderr',
    ...(options.preVote ? ['--pre-vote'] : []),
    ...(options.noFsync ? ['--unsafe-no-fsync'] : []),
  ];
}

export function clientUrl({ address }: Member): string {
  return `http://${host(address)}:${CLIENT_PORT}`;
}

export function peerUrl({ address }: Member): string {
  return `http://${host(address)}:${PEER_PORT}`;
}

function host(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
