/** Transactions over lists, as Elle's workload has them: a row a list, its elements in the order in which they were appended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientDefects } from './client-defects.ts';
import type { Session } from './connection.ts';
import type { Step } from './workload.ts';

/** A step with the list that was read. */
export type DoneStep = readonly ['append', key: number, element: number] | readonly ['r', key: number, list: number[]];

/** Within a transaction, an application does something of its own. */
export const THINKS_MS = 10;

const READ = 'SELECT value FROM lists WHERE name=?';
const APPEND = 'INSERT INTO lists VALUES (?, ?) ON DUPLICATE KEY UPDATE value = CONCAT(value, ?)';
const REPLACE = 'INSERT INTO lists VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)';

/** Begins a transaction and does its steps; whether it is committed is for the caller. */
export async function listSteps(
  session: Session,
  steps: readonly Step[],
  { isolation = 'SERIALIZABLE', appendInApplication = false }: ClientDefects,
  left: () => number,
): Promise<readonly DoneStep[]> {
  await session.query(`SET TRANSACTION ISOLATION LEVEL ${isolation}`, [], left());
  await session.query('START TRANSACTION', [], left());
  const read = async (key: number): Promise<string | undefined> =>
    (await session.query<{ value: string }>(READ, [String(key)], left()))[0]?.value;
  const done: DoneStep[] = [];
  for (const step of steps) {
    const [f, key, element] = step;
    if (f === 'r') {
      done.push(['r', key, (await read(key))?.split(',').map(Number) ?? []]);
      continue;
    }
    if (appendInApplication) {
      const before = await read(key);
      await sleep(THINKS_MS);
      await session.query(REPLACE, [String(key), before === undefined ? `${element}` : `${before},${element}`], left());
    } else await session.query(APPEND, [String(key), `${element}`, `,${element}`], left());
    done.push(step);
  }
  return done;
}
