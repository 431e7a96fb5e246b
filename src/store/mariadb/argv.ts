/** How a member's server is started. */
import type { Member } from '../store.ts';

export const PORT = 3306;
/** On the node's own disk, so that a power cut takes what was not flushed. */
export const DATA_DIR = '/var/lib/store/mysql';
/** Users and passwords of a new member, executed once; inside the node. */
export const INIT_FILE = '/run/mariadb-init.sql';

export interface MariadbOptions {
  /** A planted defect: milliseconds after which a primary without acknowledging replica goes on alone. Default: never. */
  readonly semiSyncTimeoutMs?: number;
  /** A planted defect: `sync_binlog=0` and `innodb_flush_log_at_trx_commit=2`. */
  readonly looseDisk?: boolean;
  /** Options of the server beside ours, which they override: for defects that are one setting. */
  readonly args?: readonly string[];
}

/** Longest that the server takes: longer than any lab. */
const NEVER_MS = 4_294_967_295;

/**
 * The argv of a member's server. It comes up read-only and not replicating, whatever it was before: who writes is for the manager to say.
 * It listens on its own address and on the service address, which only the primary's node has.
 */
export function mariadbArgv(
  member: Member,
  serverId: number,
  serviceAddress: string,
  options: MariadbOptions = {},
  init = false,
): readonly string[] {
  return [
    'mariadbd',
    '--no-defaults',
    '--user=mysql',
    `--datadir=${DATA_DIR}`,
    '--socket=/tmp/mariadb.sock',
    '--pid-file=/tmp/mariadb.pid',
    `--port=${PORT}`,
    `--bind-address=${member.address},${serviceAddress}`,
    '--skip-name-resolve',
    `--server-id=${serverId}`,
    '--read-only=ON',
    '--log-bin=binlog',
    '--binlog-format=ROW',
    '--log-slave-updates=ON',
    '--gtid-strict-mode=ON',
    '--relay-log=relay',
    '--relay-log-recovery=ON',
    // In order, and several in one flush: a replica that was away catches up many times faster.
    '--slave-parallel-mode=optimistic',
    '--slave-parallel-threads=16',
    '--skip-slave-start',
    // Longer than a fail-over: while it reads, a connection can be severed at once; while it connects anew, not.
    '--slave-net-timeout=4',
    `--sync-binlog=${options.looseDisk ? 0 : 1}`,
    `--innodb-flush-log-at-trx-commit=${options.looseDisk ? 2 : 1}`,
    '--rpl-semi-sync-master-enabled=OFF',
    '--rpl-semi-sync-slave-enabled=OFF',
    // AFTER_SYNC: a replica has the transaction before anybody can see it.
    '--rpl-semi-sync-master-wait-point=AFTER_SYNC',
    `--rpl-semi-sync-master-timeout=${options.semiSyncTimeoutMs ?? NEVER_MS}`,
    `--rpl-semi-sync-master-wait-no-slave=${options.semiSyncTimeoutMs === undefined ? 'ON' : 'OFF'}`,
    // How long a commit of the primary's waits for others, once `binlog_commit_wait_count` says that it should.
    '--binlog-commit-wait-usec=2000',
    // A pool of fewer pages than are to be kept free would be written out and read again all the time.
    '--innodb-buffer-pool-size=64M',
    '--innodb-lru-scan-depth=256',
    '--innodb-log-file-size=16M',
    '--performance-schema=OFF',
    '--max-connections=200',
    '--thread-cache-size=32',
    ...(init ? [`--init-file=${INIT_FILE}`] : []),
    ...(options.args ?? []),
  ];
}
