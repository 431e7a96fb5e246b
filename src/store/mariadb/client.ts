/** A client of the database: connects to the service address as applications do, and knows what it knows. */
import type { Acknowledger, Outcome } from '../../history/operation.ts';
import { nowMs } from '../../linux/clock.ts';
import { type ConnectOptions, connect, type Session } from './connection.ts';
import { BANK, type DatabaseRequest, SET, type Transfer } from './workload.ts';

export interface Completed {
  readonly type: Outcome;
  /** What a read returned; what was asked for otherwise. */
  readonly value: unknown;
  readonly error?: string;
  /** Who acknowledged it. */
  readonly by?: Acknowledger;
}

export interface DatabaseClient {
  execute(request: DatabaseRequest): Promise<Completed>;
  close(): void;
}

/** Errors of the server that say for certain that nothing was done: too many connections, read-only, lock wait, deadlock, no access. */
const REFUSALS = [1040, 1044, 1045, 1205, 1213, 1290];
const CONNECT_MS = 300;
/** A packet that got lost while the address moved is not worth a long wait. */
const TCP_MS = 60;

/** Thrown where the request itself decides against it: nothing was changed. */
class Declined extends Error {}

export function createDatabaseClient(
  place: Omit<ConnectOptions, 'connectMs' | 'database'>,
  timeoutMs: number,
): DatabaseClient {
  let session: Session | undefined;
  let by: Acknowledger | undefined;
  return {
    close: () => session?.close(),
    async execute(request) {
      const { f, value } = request;
      const deadline = nowMs() + timeoutMs;
      /** Whether a change may have been sent that nobody can take back. */
      const sent = { commit: false };
      try {
        if (session === undefined || session.closed) {
          session = undefined;
          by = undefined;
          session = await connect({
            ...place,
            database: 'lab',
            connectMs: Math.min(CONNECT_MS, timeoutMs),
            tcpMs: TCP_MS,
          });
        }
        const left = () => Math.max(1, deadline - nowMs());
        by ??= await acknowledger(session, left());
        const read = await perform(session, request, left, sent);
        return { type: 'ok', value: f === 'read' ? read : value, by };
      } catch (error) {
        const { message, errno = 0 } = error as Error & { errno?: number };
        if (error instanceof Declined) return { type: 'fail', value, error: message };
        session?.close();
        session = undefined;
        const certain = f === 'read' || !sent.commit || REFUSALS.includes(errno);
        return { type: certain ? 'fail' : 'info', value, error: message.split('\n')[0]!.slice(0, 120) };
      }
    },
  };
}

/** Who is at the other end, for as long as the session stands: the address alone does not tell. */
async function acknowledger(session: Session, leftMs: number): Promise<Acknowledger> {
  const [row] = await session.query<{ server: number; epoch: number | null }>(
    'SELECT @@server_id AS server, @epoch AS epoch',
    [],
    leftMs,
  );
  return { server: Number(row!.server), epoch: Number(row!.epoch ?? 0) };
}

async function perform(
  session: Session,
  { f, key, value }: DatabaseRequest,
  left: () => number,
  sent: { commit: boolean },
): Promise<unknown> {
  /** A statement that is a transaction by itself. */
  const change = async (sql: string, values: readonly unknown[]): Promise<{ readonly affectedRows: number }> => {
    sent.commit = true;
    return (await session.query(sql, values, left())) as unknown as { readonly affectedRows: number };
  };
  switch (f) {
    case 'read':
      return read(session, key, left());
    case 'write':
      return change('INSERT INTO registers VALUES (?, ?) ON DUPLICATE KEY UPDATE value=VALUES(value)', [key, value]);
    case 'cas': {
      const [expected, replacement] = value as readonly [unknown, unknown];
      const { affectedRows } = await change('UPDATE registers SET value=? WHERE name=? AND value=?', [
        replacement,
        key,
        expected,
      ]);
      if (affectedRows === 0) throw new Declined('another value stands');
      return undefined;
    }
    case 'add':
      return change('INSERT INTO elements VALUES (?)', [value]);
    case 'transfer':
      return transfer(session, value as Transfer, left, sent);
  }
}

async function read(session: Session, key: string, leftMs: number): Promise<unknown> {
  if (key === BANK) {
    const rows = await session.query<{ name: string; balance: number }>(
      'SELECT name, balance FROM accounts',
      [],
      leftMs,
    );
    return Object.fromEntries(rows.map(({ name, balance }) => [name, balance]));
  }
  if (key === SET) {
    const rows = await session.query<{ value: number }>('SELECT value FROM elements', [], leftMs);
    return rows.map(({ value }) => value);
  }
  const [row] = await session.query<{ value: number }>('SELECT value FROM registers WHERE name=?', [key], leftMs);
  return row?.value ?? null;
}

/** Both accounts are locked in the order of their names, so that transfers do not wait for each other in a ring. */
async function transfer(
  session: Session,
  { from, to, amount }: Transfer,
  left: () => number,
  sent: { commit: boolean },
): Promise<void> {
  await session.query('START TRANSACTION', [], left());
  const rows = await session.query<{ name: string; balance: number }>(
    'SELECT name, balance FROM accounts WHERE name IN (?, ?) ORDER BY name FOR UPDATE',
    [from, to],
    left(),
  );
  if ((rows.find(({ name }) => name === from)?.balance ?? 0) < amount) {
    await session.query('ROLLBACK', [], left());
    throw new Declined('the balance is too low');
  }
  await session.query(
    'UPDATE accounts SET balance = balance + IF(name=?, ?, ?) WHERE name IN (?, ?)',
    [from, -amount, amount, from, to],
    left(),
  );
  sent.commit = true;
  await session.query('COMMIT', [], left());
}
