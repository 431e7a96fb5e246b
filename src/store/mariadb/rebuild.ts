/** A member that has transactions nobody else has starts anew with the primary's data. */
import type { Member } from '../store.ts';
import { connect, type Session } from './connection.ts';
import { follow } from './replication.ts';
import { emptyData, killServer, markRebuilding, type ServerPlace, startServer } from './server.ts';

const SYSTEM = ['mysql', 'information_schema', 'performance_schema', 'sys'];
const ROWS_AT_ONCE = 1_000;
const COPY_MS = 30_000;

/**
 * Empties a member and copies the primary's tables in one consistent snapshot, outside the member's binary log, then follows from
 * exactly that position. @throws Error where the primary goes away meanwhile
 */
export async function rebuild(place: ServerPlace, primary: Member): Promise<Session> {
  const { lab, member, credentials } = place;
  await killServer(lab, member);
  await markRebuilding(place, true);
  await emptyData(place);
  const own = await startServer(place, true);
  const source = await connect({
    netns: lab.node(member.node).netns,
    address: primary.address,
    user: 'manager',
    password: credentials.manager,
    connectMs: 2_000,
  });
  try {
    await own.query('SET SESSION sql_log_bin=0');
    await own.query('SET SESSION foreign_key_checks=0');
    const position = await snapshot(source);
    for (const table of await tablesOf(source)) await copyTable(source, own, table);
    await own.query('SET GLOBAL gtid_slave_pos=?', [position]);
    // The session goes on as the manager's: what it writes as a primary must be replicated.
    await own.query('SET SESSION sql_log_bin=1');
    await markRebuilding(place, false);
    await follow(own, primary, credentials);
    return own;
  } catch (error) {
    own.close();
    throw error;
  } finally {
    source.close();
  }
}

/** Begins a snapshot and tells the GTID position that it shows. */
async function snapshot(source: Session): Promise<string> {
  await source.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await source.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  const rows = await source.query<{ Variable_name: string; Value: string }>("SHOW STATUS LIKE 'binlog_snapshot_%'");
  const value = (name: string) => rows.find((row) => row.Variable_name.toLowerCase() === name)?.Value ?? '';
  const [row] = await source.query<{ position: string }>('SELECT BINLOG_GTID_POS(?, ?) AS position', [
    value('binlog_snapshot_file'),
    Number(value('binlog_snapshot_position')),
  ]);
  if (!row?.position) throw new Error('the primary does not tell the position of a snapshot');
  return row.position;
}

async function tablesOf(source: Session): Promise<readonly { readonly schema: string; readonly name: string }[]> {
  return source.query(
    `SELECT table_schema AS \`schema\`, table_name AS name FROM information_schema.tables
     WHERE table_type='BASE TABLE' AND table_schema NOT IN (${SYSTEM.map(() => '?').join(', ')})`,
    SYSTEM,
  );
}

async function copyTable(
  source: Session,
  own: Session,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<void> {
  const table = `\`${schema}\`.\`${name}\``;
  const [made] = await source.query<Record<string, string>>(`SHOW CREATE TABLE ${table}`);
  await own.query(`DROP TABLE IF EXISTS ${table}`);
  await own.query(`CREATE DATABASE IF NOT EXISTS \`${schema}\``);
  await own.query(`USE \`${schema}\``);
  await own.query(made!['Create Table']!);
  const rows = await source.query<Record<string, unknown>>(`SELECT * FROM ${table}`, [], COPY_MS);
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE).map((row) => Object.values(row));
    const marks = some.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    await own.query(`INSERT INTO ${table} VALUES ${marks}`, some.flat(), COPY_MS);
  }
}
