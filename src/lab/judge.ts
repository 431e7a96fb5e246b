/** A run record judged again, with the checkers of today. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { readHistory } from '../history/index.ts';
import { worst } from '../verdict.ts';
import { judgeCache } from './cache-verdict.ts';
import { DATABASE_ASSERTIONS, judgeDatabase } from './database-verdict.ts';
import { judgeStore, type StoreFault } from './store-verdict.ts';
import type { VerdictFile } from './verdict-file.ts';

/** What a store's judgement needs beside its history; written into the record as `stores.json`. */
export interface StoreMemo {
  readonly name: string;
  /** Faults that struck it, each with a recovery time of its own. */
  readonly outages: readonly StoreFault[];
  /** The fault after which it never served again. */
  readonly unrecovered?: string;
  /** Judged as a cache: what a read may be stale by at most. */
  readonly maxStaleMs?: number;
}

/**
 * Judges the history of a record again; what was measured on the lab stays as it was measured.
 * @throws InputError where the folder is no run record
 */
export async function judgeRecord(given: string): Promise<VerdictFile> {
  const dir = resolve(given);
  const before = readJson<VerdictFile>(join(dir, 'verdict.json'));
  if (
    ![before?.assertions, before?.faults, before?.stores].every(Array.isArray) ||
    !['pass', 'fail', 'unknown'].includes(before.verdict)
  ) {
    throw new InputError(`${join(dir, 'verdict.json')}: is not what a run record holds: run the lab again`);
  }
  const memos = existsSync(join(dir, 'stores.json')) ? readJson<readonly StoreMemo[]>(join(dir, 'stores.json')) : [];
  const left = before.stores.filter(({ name }) => !memos.some((memo) => memo.name === name));
  if (left.length > 0) {
    const names = left.map(({ name }) => name).join(', ');
    throw new InputError(
      `${join(dir, 'stores.json')}: does not tell of ${names}, which the run judged: copy the whole record`,
    );
  }
  if (memos.length === 0) return before;
  const history = readHistory(join(dir, 'history.jsonl'));
  const judgedThen = Math.max(
    0,
    ...before.assertions.map(({ unit, measured }) => (unit === 'events' ? Number(measured) : 0)),
  );
  if (history.length < judgedThen) {
    throw new InputError(
      `${join(dir, 'history.jsonl')}: holds ${history.length} events, the run judged ${judgedThen}: copy the whole record`,
    );
  }
  const judged = memos.map(({ name, unrecovered, outages, maxStaleMs }) =>
    maxStaleMs !== undefined
      ? judgeCache(name, history, maxStaleMs, outages, unrecovered)
      : name === 'mariadb'
        ? judgeDatabase(name, history, outages, unrecovered)
        : judgeStore(name, history, outages, unrecovered),
  );
  const stores = judged.map(({ record }) => record);
  const names = new Set(stores.map(({ name }) => name));
  const kept = before.assertions.filter(({ name, target }) => !names.has(target) || !STORE_ASSERTIONS.has(name));
  const assertions = [...kept, ...judged.flatMap(({ assertions: made }) => made)];
  const verdict = worst([...assertions, ...before.faults, ...stores].map((part) => part.verdict));
  return Object.freeze({ ...before, verdict, assertions, stores });
}

const STORE_ASSERTIONS: ReadonlySet<string> = new Set([
  'linearizable',
  'no-acknowledged-write-lost',
  'recovered',
  'staleness',
  ...DATABASE_ASSERTIONS,
]);

function readJson<T>(file: string): T {
  if (!existsSync(file))
    throw new InputError(`${file} is not there: a run record is a folder runs/LAB/TIME that a run has finished`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new InputError(`${file}: ${(cause as Error).message}`, { cause });
  }
}
