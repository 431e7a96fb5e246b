/** A client of the database: connects to the service address as applications do, and knows what it knows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Acknowledger, Outcome } from '../../history/operation.ts';
import { nowMs } from '../../linux/clock.ts';
import { type Change, type ClientDefects, transferInSteps } from './client-defects.ts';
import { type ConnectOptions, connect, type Session, TimeoutError } from './connection.ts';
import { type DoneStep, listSteps, THINKS_MS } from './lists.ts';
import { BANK, type DatabaseRequest, rollsBack, SET, type Step, type Transfer } from './workload.ts';

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

/** An open connection, and who is at its other end. */
interface Line {
  readonly session: Session;
  readonly by: Acknowledger;
}

/** One attempt at a request. */
interface Attempt extends Completed {
  /** No answer came in time. */
  readonly late: boolean;
  /** A change may have been sent that nobody can take back. */
  readonly sent: boolean;
}

export function createDatabaseClient(
  place: Omit<ConnectOptions, 'connectMs' | 'database'>,
  timeoutMs: number,
  defects: ClientDefects = {},
): DatabaseClient {
  const lines = new Map<string, Line>();
  let reads = 0;

  const lineTo = async (address: string, left: () => number): Promise<Line> => {
    const known = lines.get(address);
    if (known !== undefined && !known.session.closed) return known;
    lines.delete(address);
    const connectMs = Math.min(CONNECT_MS, timeoutMs);
    const session = await connect({ ...place, address, database: 'lab', connectMs, tcpMs: TCP_MS });
    try {
      const line = { session, by: await acknowledger(session, left()) };
      lines.set(address, line);
      return line;
    } catch (error) {
      session.close();
      throw error;
    }
  };
  const attempt = async (request: DatabaseRequest, address: string): Promise<Attempt> => {
    const { f, value } = request;
    const deadline = nowMs() + timeoutMs;
    const left = () => Math.max(1, deadline - nowMs());
    const sent = { commit: false };
    try {
      const { session, by } = await lineTo(address, left);
      const result = await perform(session, request, left, sent, defects);
      const shown = f === 'read' || f === 'txn' ? result : value;
      return { type: 'ok', value: shown, by, late: false, sent: true };
    } catch (error) {
      const { message, errno = 0 } = error as Error & { errno?: number };
      if (error instanceof Declined) return { type: 'fail', value, error: message, late: false, sent: false };
      lines.get(address)?.session.close();
      lines.delete(address);
      const certain = f === 'read' || !sent.commit || REFUSALS.includes(errno);
      const why = message.split('\n')[0]!.slice(0, 120);
      return { type: certain ? 'fail' : 'info', value, error: why, late: isLate(error as Error), sent: sent.commit };
    }
  };

  return {
    close() {
      for (const { session } of lines.values()) session.close();
    },
    async execute(request) {
      const isRead = request.f === 'read';
      const { readFrom = [], retries = 0, timeoutIs } = defects;
      const address = isRead && readFrom.length > 0 ? readFrom[reads++ % readFrom.length]! : place.address;
      let { late, sent, ...completed } = await attempt(request, address);
      const first = completed.error;
      const again = !isRead && late && sent;
      for (let i = 0; again && late && i < retries; i++) {
        ({ late, sent, ...completed } = await attempt(request, address));
        completed = { ...completed, error: `sent again after: ${first}` };
      }
      return late && !isRead && timeoutIs !== undefined ? { ...completed, type: timeoutIs } : completed;
    },
  };
}

function isLate(error: Error): boolean {
  return error instanceof TimeoutError || /timeout|no connection within/i.test(error.message);
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
  defects: ClientDefects,
): Promise<unknown> {
  const change: Change = async (sql, values) => {
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
      if (!defects.transferInSteps) return transfer(session, value, left, sent);
      if (await transferInSteps(change, value)) return undefined;
      throw new Declined('the balance is too low');
    case 'txn':
      return transaction(session, value, left, sent, defects);
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

async function transaction(
  session: Session,
  steps: readonly Step[],
  left: () => number,
  sent: { commit: boolean },
  defects: ClientDefects,
): Promise<readonly DoneStep[]> {
  const done = await listSteps(session, steps, defects, left);
  if (rollsBack(steps)) {
    await sleep(THINKS_MS);
    await session.query('ROLLBACK', [], left());
    throw new Declined('rolled back by the application');
  }
  sent.commit = true;
  await session.query('COMMIT', [], left());
  return done;
}
