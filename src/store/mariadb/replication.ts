/** What members replicate, and from whom. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../../linux/clock.ts';
import type { Member } from '../store.ts';
import { PORT } from './argv.ts';
import type { Session } from './connection.ts';
import type { Credentials } from './credentials.ts';

const APPLY_MS = 1_000;
const STOPPED_MS = 50;

export interface ReplicaStatus {
  /** Address of the source; undefined where there is none. */
  readonly source: string | undefined;
  readonly receiving: boolean;
  readonly applying: boolean;
  /** One of its threads ended, and does not begin again by itself. */
  readonly isStopped: boolean;
  /** Last transaction received whole. */
  readonly received: string;
  readonly ioErrno: number;
  readonly sqlErrno: number;
  readonly error: string;
}

export async function replicaStatus(session: Session): Promise<ReplicaStatus> {
  const [row] = await session.query<Record<string, unknown>>('SHOW SLAVE STATUS');
  const text = (name: string): string => String(row?.[name] ?? '');
  return {
    source: row === undefined || text('Master_Host') === '' ? undefined : text('Master_Host'),
    receiving: text('Slave_IO_Running') === 'Yes',
    applying: text('Slave_SQL_Running') === 'Yes',
    isStopped: [text('Slave_IO_Running'), text('Slave_SQL_Running')].includes('No'),
    received: text('Gtid_IO_Pos'),
    ioErrno: Number(row?.['Last_IO_Errno'] ?? 0),
    sqlErrno: Number(row?.['Last_SQL_Errno'] ?? 0),
    error: text('Last_IO_Error') || text('Last_SQL_Error'),
  };
}

/** All that the member has executed, its own and others': the binary log's position and the replica's, the higher of both. */
export async function positionOf(session: Session): Promise<string> {
  const [row] = await session.query<{ position: string }>('SELECT @@gtid_current_pos AS position');
  return row?.position ?? '';
}

/** All that a member has, executed or still in its relay log; its receiving must have stopped. */
export async function positionHeld(
  session: Session,
): Promise<{ readonly position: string; readonly executed: string }> {
  const executed = await positionOf(session);
  const { received } = await replicaStatus(session);
  return { position: sequenceOf(received) > sequenceOf(executed) ? received : executed, executed };
}

/** Number of the last transaction of a position in the only domain there is (`0-SERVER-NUMBER`); 0 for none. */
export function sequenceOf(position: string): number {
  const numbers = position
    .split(',')
    .map((gtid) => Number(gtid.trim().split('-')[2] ?? 0))
    .filter((number) => Number.isFinite(number));
  return Math.max(0, ...numbers);
}

/**
 * Stops receiving. The slave side of semi-sync goes off first: with it on, stopping opens a new connection to the source to end its
 * dump thread, and waits for one that is dead.
 */
export async function stopReceiving(session: Session): Promise<void> {
  await session.query('SET GLOBAL rpl_semi_sync_slave_enabled=OFF');
  await session.query('STOP SLAVE IO_THREAD', [], 10_000);
}

/** Starts what has stopped of receiving and applying. */
export async function startThreads(session: Session): Promise<void> {
  await session.query('START SLAVE', [], 10_000);
}

/** Waits until all that was received is executed. @returns whether it is, within the time */
export async function applyReceived(session: Session, timeoutMs: number): Promise<boolean> {
  const { received, source, applying } = await replicaStatus(session);
  if (source === undefined || received === '') return true;
  if (!applying) return sequenceOf(await positionOf(session)) >= sequenceOf(received);
  const [row] = await session.query<{ waited: number }>(
    'SELECT MASTER_GTID_WAIT(?, ?) AS waited',
    [received, timeoutMs / 1000],
    timeoutMs + 1000,
  );
  return row?.waited === 0;
}

/**
 * Waits until all that was received is executed, as long as that goes on and is wanted.
 * @param stuckMs for so long nothing may be executed at all
 * @returns whether it is done and still wanted
 * @throws Error where it does not go on
 */
export async function executeReceived(session: Session, stuckMs: number, isWanted: () => boolean): Promise<boolean> {
  let executed = 0;
  let until = 0;
  while (!(await applyReceived(session, APPLY_MS))) {
    if (!isWanted()) return false;
    const now = sequenceOf(await positionOf(session));
    if (now > executed || until === 0) until = nowMs() + stuckMs;
    executed = now;
    if (nowMs() > until) throw new Error('what it received is not executed');
    if (!(await replicaStatus(session)).applying) {
      // The thread ended, of a full disk for instance.
      await session.query('START SLAVE SQL_THREAD');
      await sleep(STOPPED_MS);
    }
  }
  return isWanted();
}

/** Makes a server, whatever it was, the replica of a source, from what it has executed itself. */
export async function follow(session: Session, source: Member, credentials: Credentials): Promise<void> {
  await session.query('SET GLOBAL read_only=ON');
  await session.query('STOP SLAVE', [], 10_000);
  await session.query('SET GLOBAL rpl_semi_sync_master_enabled=OFF');
  await session.query('SET GLOBAL binlog_commit_wait_count=0');
  await session.query('RESET SLAVE ALL');
  await session.query('SET GLOBAL rpl_semi_sync_slave_enabled=ON');
  await session.query(
    `CHANGE MASTER TO MASTER_HOST=?, MASTER_PORT=${PORT}, MASTER_USER='replica', MASTER_PASSWORD=?, MASTER_USE_GTID=current_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=0.3`,
    [source.address, credentials.replica],
  );
  await session.query('START SLAVE');
}

/**
 * Makes a replica that has executed all it received a primary. The master side of semi-sync goes on only here: on a replica it hangs the SQL thread.
 * @param epoch that every client's session there is told (`@epoch`), until the server ends
 */
export async function promote(session: Session, epoch: number): Promise<void> {
  await session.query('STOP SLAVE', [], 10_000);
  await session.query('RESET SLAVE ALL');
  await session.query('SET GLOBAL rpl_semi_sync_slave_enabled=OFF');
  await session.query('SET GLOBAL rpl_semi_sync_master_enabled=ON');
  // Under load many commits share a flush and an acknowledgement. A replica's own would only wait for each other.
  await session.query('SET GLOBAL binlog_commit_wait_count=16');
  await session.query('SET GLOBAL init_connect=?', [`SET @epoch=${epoch}`]);
  await session.query('SET GLOBAL read_only=OFF');
}
