/** Simulated databases of several isolation levels: each keeps its level, and breaks stronger ones in the way that is known of it. */
import test, { type ExecutionContext } from 'ava';
import { forbids, type Level, weakestBroken, weakestOf } from '../../../src/consistency/transactions/level.ts';
import { listAppend } from '../../../src/consistency/transactions/list-append.ts';
import { rwRegister } from '../../../src/consistency/transactions/rw-register.ts';
import type { History, Outcome } from '../../../src/history/operation.ts';
import { transactionAt, transactionWorkload } from '../../../src/history/transaction-workload.ts';
import { createRandom, type Random } from '../../../src/random.ts';

type Store = ReadonlyMap<unknown, unknown>;
type Micro = readonly [f: string, key: unknown, value: unknown];

interface Database {
  /** Which of all committed states a read sees; `first` is the state number when the transaction began. */
  snapshot(random: Random, first: number, now: number, session: number): number;
  /** Each read sees its own state, not one for the whole transaction. */
  readonly perRead?: boolean;
  /** Aborts where another transaction has written the same key since the snapshot. */
  readonly firstCommitterWins: boolean;
  /** Aborts where it writes what another open transaction has written. */
  readonly writeLocks?: boolean;
}

/** Transactions begin, read and commit at instants of their own; commits are atomic. */
function simulate(seed: number, write: 'append' | 'w', database: Database): History {
  const random = createRandom(seed);
  const workload = transactionWorkload(seed, { write, keys: 3, keyLife: 6, most: 4 });
  const states: { readonly store: Store; readonly wrote: ReadonlySet<unknown> }[] = [
    { store: new Map(), wrote: new Set() },
  ];
  const history: History[number][] = [];
  const next = [0, 0, 0, 0, 0];
  const open = new Map<
    number,
    { micros: readonly Micro[]; done: Micro[]; own: Map<unknown, unknown[]>; began: number; snapshot: number }
  >();
  while (history.length < 240) {
    const process = random.integer(next.length);
    const event = (type: 'invoke' | Outcome, value: unknown) =>
      history.push({ type, process, f: 'txn', value, atMs: history.length });
    const at = open.get(process);
    const now = states.length - 1;
    if (at === undefined) {
      const micros = transactionAt(workload, process, next[process]!++).value as readonly Micro[];
      event('invoke', micros);
      const snapshot = database.snapshot(random, now, now, process);
      open.set(process, { micros, done: [], own: new Map(), began: now, snapshot });
      continue;
    }
    const micro = at.micros[at.done.length];
    if (micro !== undefined) {
      const [f, key, given] = micro;
      const from = database.perRead ? database.snapshot(random, at.began, now, process) : at.snapshot;
      const own = at.own.get(key);
      const locked =
        database.writeLocks && f !== 'r' && [...open.values()].some((other) => other !== at && other.own.has(key));
      if (locked) {
        open.delete(process);
        event('fail', at.micros);
      } else if (f !== 'r') {
        at.own.set(key, [...(own ?? []), given]);
        at.done.push(micro);
      } else {
        const before = states[from]!.store.get(key) ?? null;
        const seen = write === 'w' ? (own?.at(-1) ?? before) : [...((before ?? []) as unknown[]), ...(own ?? [])];
        at.done.push([f, key, seen]);
      }
      continue;
    }
    open.delete(process);
    const since = states.slice(at.snapshot + 1);
    if (database.firstCommitterWins && [...at.own.keys()].some((key) => since.some(({ wrote }) => wrote.has(key)))) {
      event('fail', at.micros);
      continue;
    }
    const store = new Map(states[now]!.store);
    for (const [key, values] of at.own)
      store.set(key, write === 'w' ? values.at(-1) : [...((store.get(key) ?? []) as unknown[]), ...values]);
    states.push({ store, wrote: new Set(at.own.keys()) });
    event('ok', at.done);
  }
  return history;
}

const STRONG_SNAPSHOT: Database = { snapshot: (_, first) => first, firstCommitterWins: true };
/** Reads from a replica that is up to five commits behind. */
const LAGGING_SNAPSHOT: Database = {
  snapshot: (random, first) => Math.max(0, first - random.integer(6)),
  firstCommitterWins: true,
};
const READ_COMMITTED: Database = {
  snapshot: (_, __, now) => now,
  perRead: true,
  firstCommitterWins: false,
  writeLocks: true,
};

function holds(t: ExecutionContext, database: Database, kept: Level, broken: readonly Level[]): void {
  for (const [write, checker] of [
    ['append', listAppend],
    ['w', rwRegister],
  ] as const) {
    const failures = new Map<Level, number>();
    for (let seed = 0; seed < 40; seed++) {
      const history = simulate(seed, write, database);
      const result = checker({ level: kept }).check(history);
      t.is(result.verdict, 'pass', `${write}, seed ${seed}: ${result.why}`);
      for (const level of broken)
        if (checker({ level }).check(history).verdict === 'fail') failures.set(level, (failures.get(level) ?? 0) + 1);
    }
    for (const level of broken)
      t.true((failures.get(level) ?? 0) > 2, `${write}: ${level} broken in ${failures.get(level)} of 40`);
  }
}

test('snapshot isolation on fresh snapshots', (t) => {
  holds(t, STRONG_SNAPSHOT, 'strong-snapshot-isolation', ['serializable', 'repeatable-read']);
});

test('snapshot isolation on a lagging replica', (t) => {
  holds(t, LAGGING_SNAPSHOT, 'snapshot-isolation', ['strong-snapshot-isolation', 'strong-session-snapshot-isolation']);
});

test('the order of levels', (t) => {
  t.true(forbids('strict-serializable', 'G2-item-realtime'));
  t.false(forbids('strong-session-serializable', 'G2-item-realtime'));
  t.false(forbids('snapshot-isolation', 'G2-item'));
  t.true(forbids('snapshot-isolation', 'lost-update'));
  t.deepEqual(weakestBroken('G2-item-realtime'), ['strict-serializable']);
  t.deepEqual(weakestOf(['G2-item-realtime', 'G2-item', 'G-single']), ['repeatable-read', 'snapshot-isolation']);
  t.deepEqual(weakestOf(['G-single-realtime', 'G-single-process']), ['strong-session-snapshot-isolation']);
  t.deepEqual(weakestOf([]), []);
});

test('read committed: every read sees the latest commit', (t) => {
  const allowed = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const history = simulate(seed, 'append', READ_COMMITTED);
    const result = listAppend({ level: 'read-committed' }).check(history);
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
    for (const { name } of result.anomalies) allowed.add(name);
    t.is(listAppend({ level: 'snapshot-isolation' }).check(history).verdict, 'fail');
  }
  for (const name of ['internal', 'lost-update', 'G-single']) t.true(allowed.has(name), name);
});
