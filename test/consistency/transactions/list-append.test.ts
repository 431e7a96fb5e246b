import test from 'ava';
import type { AnomalyName, Level } from '../../../src/consistency/transactions/level.ts';
import { listAppend } from '../../../src/consistency/transactions/list-append.ts';
import { InputError } from '../../../src/errors.ts';
import type { History } from '../../../src/history/operation.ts';
import { finalTransactions, transactionAt, transactionWorkload } from '../../../src/history/transaction-workload.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { executed, followedBy, transactionStore } from '../helpers/executed.ts';
import { isSerializable } from '../helpers/serial.ts';
import { concurrent, sequential } from '../helpers/transactions.ts';

const a = (key: string, element: number) => ['append', key, element] as const;
const r = (key: string, ...elements: number[]) => ['r', key, elements] as const;

interface Planted {
  readonly history: History;
  readonly names: readonly AnomalyName[];
  readonly breaks: readonly Level[];
}

const SNAPSHOT_AND_REPEATABLE: readonly Level[] = ['snapshot-isolation', 'repeatable-read'];

const PLANTED: Readonly<Record<string, Planted>> = {
  'dirty writes: G0': {
    history: concurrent([a('x', 1), a('y', 1)], [a('x', 2), a('y', 2)], [r('x', 1, 2), r('y', 2, 1)]),
    names: ['G0'],
    breaks: ['read-uncommitted'],
  },
  'an aborted read: G1a': {
    history: concurrent(['fail', a('x', 1)], [r('x', 1)]),
    names: ['G1a'],
    breaks: ['read-committed'],
  },
  'an intermediate read: G1b, which is read skew as well': {
    history: concurrent([a('x', 1), a('x', 2)], [r('x', 1)]),
    names: ['G1b', 'G-single'],
    breaks: ['read-committed'],
  },
  'circular information flow: G1c': {
    history: concurrent([a('x', 1), r('y', 1)], [a('y', 1), r('x', 1)]),
    names: ['G1c'],
    breaks: ['read-committed'],
  },
  'an update on top of an aborted one': {
    history: concurrent(['fail', a('x', 1)], [a('x', 2)], [r('x', 1, 2)]),
    names: ['G1a', 'dirty-update'],
    breaks: ['read-committed'],
  },
  'read skew: G-single': {
    history: concurrent([a('x', 1), a('y', 1)], [r('x', 1), r('y')], [r('y', 1)]),
    names: ['G-single'],
    breaks: SNAPSHOT_AND_REPEATABLE,
  },
  'a long fork: G-nonadjacent': {
    history: concurrent([a('x', 1)], [a('y', 1)], [r('x', 1), r('y')], [r('x'), r('y', 1)]),
    names: ['G-nonadjacent'],
    breaks: SNAPSHOT_AND_REPEATABLE,
  },
  'write skew: G2-item': {
    history: concurrent([r('x'), a('y', 1)], [r('y'), a('x', 1)]),
    names: ['G2-item'],
    breaks: ['repeatable-read'],
  },
  'lost update, the later one not read': {
    history: concurrent([r('x'), a('x', 1)], [r('x'), a('x', 2)]),
    names: ['lost-update', 'G2-item'],
    breaks: SNAPSHOT_AND_REPEATABLE,
  },
  'lost update, both read': {
    history: concurrent([r('x'), a('x', 1)], [r('x'), a('x', 2)], [r('x', 1, 2)]),
    names: ['lost-update', 'G-single'],
    breaks: SNAPSHOT_AND_REPEATABLE,
  },
  'an element twice': {
    history: concurrent([a('x', 1)], [r('x', 1, 1)]),
    names: ['duplicate-elements'],
    breaks: ['read-uncommitted'],
  },
  'an element that nobody appended': {
    history: concurrent([r('x', 7)]),
    names: ['garbage-read'],
    breaks: ['read-uncommitted'],
  },
  'own appends in another order': {
    history: concurrent([a('x', 1), a('x', 2)], [r('x', 2, 1)]),
    names: ['torn-append', 'G1b'],
    breaks: ['read-uncommitted'],
  },
  'orders that do not fit': {
    history: concurrent([a('x', 1)], [a('x', 2)], [r('x', 1)], [r('x', 2)]),
    names: ['incompatible-order'],
    breaks: ['read-committed'],
  },
  'own append not read': {
    history: concurrent([a('x', 1), r('x')]),
    names: ['internal'],
    breaks: SNAPSHOT_AND_REPEATABLE,
  },
  'own append read before': {
    history: concurrent([r('x', 1), a('x', 1)]),
    names: ['future-read'],
    breaks: ['read-committed'],
  },
  'own earlier append not read after it: G-single-process': {
    history: sequential([0, [a('x', 1)]], [0, [r('x')]]),
    names: ['G-single-process'],
    breaks: ['strong-session-snapshot-isolation'],
  },
  'dirty writes against the order of a process': {
    history: sequential([0, [a('x', 1)]], [0, [a('x', 2)]], [1, [r('x', 2, 1)]]),
    names: ['G0-process'],
    breaks: ['strong-session-snapshot-isolation'],
  },
  'a read of the future of a process': {
    history: sequential([0, [r('x', 1)]], [0, [a('x', 1)]]),
    names: ['G1c-process'],
    breaks: ['strong-session-snapshot-isolation'],
  },
  'a stale read: G-single-realtime': {
    history: sequential([0, [a('x', 1)]], [1, [r('x')]]),
    names: ['G-single-realtime'],
    breaks: ['strong-snapshot-isolation'],
  },
  'appends against real time': {
    history: sequential([0, [a('x', 1)]], [1, [a('x', 2)]], [2, [r('x', 2, 1)]]),
    names: ['G0-realtime'],
    breaks: ['strong-snapshot-isolation'],
  },
  'a read of what is appended later': {
    history: sequential([0, [r('x', 1)]], [1, [a('x', 1)]]),
    names: ['G1c-realtime'],
    breaks: ['strong-snapshot-isolation'],
  },
};

for (const [title, { history, names, breaks }] of Object.entries(PLANTED)) {
  test(`planted: ${title}`, (t) => {
    const result = listAppend().check(history);
    t.is(result.verdict, 'fail');
    t.deepEqual(
      result.anomalies.map(({ name }) => name),
      names,
      result.why,
    );
    t.deepEqual(result.breaks, breaks);
    t.true(result.offending.length > 0);
    t.true(result.why.startsWith(names[0]!));
  });
}

test('adjacent anti-dependencies against real time and against a process', (t) => {
  // T1 misses T2's x and T2 misses T3's y; T3 had returned before T1 began.
  const mixed = (process: number): History => {
    const event = (type: 'invoke' | 'ok', by: number, value: unknown, atMs: number) => ({
      type,
      process: by,
      f: 'txn',
      value,
      atMs,
    });
    const t2 = [['r', 'y', []], a('x', 1)];
    return [
      event('invoke', 1, t2, 0),
      event('invoke', 2, [a('y', 1)], 1),
      event('ok', 2, [a('y', 1)], 2),
      event('invoke', process, [r('x')], 3),
      event('ok', process, [r('x')], 4),
      event('ok', 1, t2, 5),
    ];
  };
  const names = (process: number, level: Level) =>
    listAppend({ level })
      .check(mixed(process))
      .anomalies.map(({ name }) => name);
  t.deepEqual(names(3, 'strict-serializable'), ['G2-item-realtime']);
  t.deepEqual(names(2, 'strict-serializable'), ['G2-item-process']);
  t.deepEqual(names(3, 'strong-session-serializable'), []);
  t.is(listAppend({ level: 'strong-snapshot-isolation' }).check(mixed(3)).verdict, 'pass');
});

test('a level forbids no more than it says', (t) => {
  const verdict = (title: string, level: Level) => listAppend({ level }).check(PLANTED[title]!.history).verdict;
  t.is(verdict('write skew: G2-item', 'snapshot-isolation'), 'pass');
  t.is(verdict('write skew: G2-item', 'serializable'), 'fail');
  t.is(verdict('read skew: G-single', 'read-committed'), 'pass');
  t.is(verdict('circular information flow: G1c', 'read-uncommitted'), 'pass');
  t.is(verdict('dirty writes: G0', 'read-uncommitted'), 'fail');
  t.is(verdict('a stale read: G-single-realtime', 'serializable'), 'pass');
  t.is(verdict('a stale read: G-single-realtime', 'strong-session-serializable'), 'pass');
  t.regex(
    listAppend({ level: 'snapshot-isolation' }).check(PLANTED['write skew: G2-item']!.history).why,
    /snapshot-isolation allows G2-item/,
  );
});

test('a cycle is told in words, with the events', (t) => {
  const { why, offending, anomalies } = listAppend().check(PLANTED['read skew: G-single']!.history);
  t.regex(why, /T2 did not observe 1, which T1 appended to y, because it read y as \[\]/);
  t.regex(why, /T1 appended 1 to x and T2 observed it, because it read x as \[1\]/);
  t.deepEqual(offending, [0, 1]);
  t.is(anomalies[0]?.steps?.length, 2);
});

test('what cannot be judged is unknown, or refused', (t) => {
  const twice = concurrent([a('x', 1)], [a('x', 1)]);
  t.is(listAppend().check(twice).verdict, 'unknown');
  t.is(listAppend({ steps: 0 }).check(concurrent([a('x', 1)], [r('x', 1)])).verdict, 'unknown');
  t.is(listAppend({ steps: 0 }).check(PLANTED['read skew: G-single']!.history).verdict, 'fail');
  t.throws(() => listAppend().check(concurrent([['w', 'x', 1]])), { instanceOf: InputError, message: /event 0/ });
  t.throws(() => listAppend().check(concurrent([['r', 'x', 1]])), { instanceOf: InputError, message: /shows no list/ });
  t.is(listAppend().check([]).verdict, 'pass');
});

/** A store without anomalies, with operations of unknown end and a final read of everything. */
function healthy(seed: number): History {
  const workload = transactionWorkload(seed, { keys: 3, keyLife: 4 });
  const store = transactionStore();
  const shape = { operations: 120, clients: 6, info: 0.1 };
  const history = executed(createRandom(seed), shape, (client, index) => transactionAt(workload, client, index), store);
  return followedBy(history, finalTransactions(workload, 30), store);
}

test('executions of a strictly serializable store never raise an alarm', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const result = listAppend().check(healthy(seed));
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
    t.deepEqual(result.anomalies, []);
  }
});

/** A few transactions on two keys, some reads shortened or moved. */
function arbitrary(random: Random): History {
  const workload = transactionWorkload(random.integer(2 ** 31), { keys: 2, keyLife: 1000, most: 3 });
  const shape = { operations: 2 + random.integer(4), clients: 1 + random.integer(4), info: 0.15 };
  const history = executed(
    random,
    shape,
    (client, index) => transactionAt(workload, client, index),
    transactionStore(),
  );
  return history.map((event) => {
    if (event.type !== 'ok') return event;
    const value = (event.value as (readonly [string, unknown, unknown])[]).map(([f, key, list]) =>
      f === 'r' && Array.isArray(list) && random.next() < 0.4
        ? [f, key, random.next() < 0.8 ? list.slice(0, random.integer(list.length + 1)) : list.toReversed()]
        : [f, key, list],
    );
    return { ...event, value };
  });
}

test('small histories: serializable and strictly serializable are just those that some order explains', (t) => {
  const counts = { pass: 0, fail: 0 };
  for (let seed = 0; seed < 3000; seed++) {
    const history = arbitrary(createRandom(seed, 7));
    for (const level of ['serializable', 'strict-serializable'] as const) {
      const expected = isSerializable(history, level === 'strict-serializable') ? 'pass' : 'fail';
      const result = listAppend({ level }).check(history);
      if (result.verdict !== expected)
        t.fail(`seed ${seed}, ${level}: ${result.verdict}, ${result.why}\n${JSON.stringify(history)}`);
      counts[expected]++;
    }
  }
  t.true(counts.pass > 500 && counts.fail > 500, JSON.stringify(counts));
});
