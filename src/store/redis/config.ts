/** How a member is configured: a Redis server, and the sentinel beside it. Both rewrite their files as roles change. */
import type { Member } from '../store.ts';

export const PORT = 6379;
export const SENTINEL_PORT = 26379;
/** On the node's own disk. */
export const DATA_DIR = '/var/lib/store/redis';
export const SERVER_CONF = `${DATA_DIR}/redis.conf`;
export const SENTINEL_CONF = `${DATA_DIR}/sentinel.conf`;
/** What the sentinels call what they watch. */
export const MASTER_NAME = 'cache';

export interface RedisOptions {
  /** Milliseconds without an answer before a sentinel believes a primary down. Default 1,000. */
  readonly downAfterMs?: number;
  /** Replicas that must have confirmed lately for a primary to take writes (`min-replicas-to-write`, lag at most 1 s). Default 0. */
  readonly minReplicasToWrite?: number;
  /** Flushes every write before it is acknowledged (`appendfsync always`). Default: nothing is kept on the disk. */
  readonly persistent?: boolean;
}

/** @param primary undefined for the member that is to be primary itself */
export function serverConf({ address }: Member, primary: Member | undefined, options: RedisOptions): string {
  return lines([
    `port ${PORT}`,
    `bind ${address}`,
    'protected-mode no',
    'daemonize no',
    `dir ${DATA_DIR}`,
    'save ""',
    ...(options.persistent ? ['appendonly yes', 'appendfsync always'] : ['appendonly no']),
    `replica-announce-ip ${address}`,
    'repl-diskless-sync yes',
    'repl-diskless-sync-delay 0',
    'repl-ping-replica-period 1',
    // A dead peer is found within seconds, not within a minute.
    'repl-timeout 5',
    `min-replicas-to-write ${options.minReplicasToWrite ?? 0}`,
    'min-replicas-max-lag 1',
    ...(primary === undefined ? [] : [`replicaof ${primary.address} ${PORT}`]),
  ]);
}

export function sentinelConf({ address }: Member, primary: Member, members: number, options: RedisOptions): string {
  return lines([
    `port ${SENTINEL_PORT}`,
    `bind ${address}`,
    'protected-mode no',
    'daemonize no',
    `dir ${DATA_DIR}`,
    `sentinel announce-ip ${address}`,
    `sentinel monitor ${MASTER_NAME} ${primary.address} ${PORT} ${Math.floor(members / 2) + 1}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${options.downAfterMs ?? 1000}`,
    `sentinel failover-timeout ${MASTER_NAME} 5000`,
    `sentinel parallel-syncs ${MASTER_NAME} 1`,
  ]);
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
