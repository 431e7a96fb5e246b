/** What a member holds, read while nothing is written: its place in the log, checksums of its tables, what its binary log has. */
import type { ReplicaState } from '../../consistency/index.ts';
import type { Session } from './connection.ts';
import { positionOf } from './replication.ts';

const TABLES = ['lab.accounts', 'lab.elements', 'lab.lists', 'lab.registers'];
const READ_MS = 10_000;
const PAGE = 1_000;
/** "Wrong offset or I/O error" of SHOW BINLOG EVENTS. */
const TORN = 1220;

/**
 * @param withLog reads the whole binary log too, for its holes; long logs take long
 * @throws Error where the member does not answer
 */
export async function replicaState(session: Session, replica: string, withLog = true): Promise<ReplicaState> {
  const position = await positionOf(session);
  const sums = await session.query<{ Table: string; Checksum: number }>(
    `CHECKSUM TABLE ${TABLES.join(', ')}`,
    [],
    READ_MS,
  );
  const tables = Object.fromEntries(sums.map(({ Table, Checksum }) => [Table, Checksum]));
  return { replica, position, tables, ...(withLog ? { sequence: await loggedSequence(session) } : {}) };
}

/** Numbers of the transactions in a member's binary log. */
async function loggedSequence(session: Session): Promise<readonly number[]> {
  const logs = await session.query<{ Log_name: string }>('SHOW BINARY LOGS', [], READ_MS);
  const events: LogEvent[] = [];
  for (const { Log_name } of logs) events.push(...(await eventsOf(session, Log_name)));
  return events.flatMap(({ Event_type, Info }) => {
    const number = Event_type === 'Gtid' ? /GTID \d+-\d+-(\d+)/.exec(Info)?.[1] : undefined;
    return number === undefined ? [] : [Number(number)];
  });
}

interface LogEvent {
  readonly Event_type: string;
  readonly Info: string;
}

/** Events of one file, as far as they can be read: a power cut may tear the last one, of a transaction that was never acknowledged. */
async function eventsOf(session: Session, file: string): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for (let page = PAGE; ; ) {
    try {
      const some = await session.query<LogEvent>(
        `SHOW BINLOG EVENTS IN ? LIMIT ${events.length}, ${page}`,
        [file],
        READ_MS,
      );
      events.push(...some);
      if (some.length < page) return events;
    } catch (error) {
      if ((error as { readonly errno?: number }).errno !== TORN) throw error;
      if (page === 1) return events;
      page = Math.ceil(page / 2);
    }
  }
}

/** Bytes of a file of the binary log; undefined where there is none of that name. */
export async function loggedEnd(session: Session, file: string): Promise<number | undefined> {
  const logs = await session.query<{ Log_name: string; File_size: number }>('SHOW BINARY LOGS', [], READ_MS);
  return logs.find(({ Log_name }) => Log_name === file)?.File_size;
}

/** Where InnoDB's last commit stood in the binary log, as a server says that starts after a crash: the last it said so. */
export function committedBeforeCrash(log: string): { readonly file: string; readonly at: number } | undefined {
  const found = [...log.matchAll(/Last binlog file '(?:\.\/)?([^']+)', position (\d+)/g)].at(-1);
  return found === undefined ? undefined : { file: found[1]!, at: Number(found[2]) };
}
