import test from 'ava';
import type { AnomalyName } from '../../../src/consistency/transactions/level.ts';
import { rwRegister } from '../../../src/consistency/transactions/rw-register.ts';
import type { History } from '../../../src/history/operation.ts';
import { finalTransactions, transactionAt, transactionWorkload } from '../../../src/history/transaction-workload.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { executed, followedBy, transactionStore } from '../helpers/executed.ts';
import { isSerializable } from '../helpers/serial.ts';
import { concurrent, sequential } from '../helpers/transactions.ts';

const w = (key: string, value: number) => ['w', key, value] as const;
const r = (key: string, value: number | null = null) => ['r', key, value] as const;

const PLANTED: Readonly<Record<string, { readonly history: History; readonly names: readonly AnomalyName[] }>> = {
  'an aborted read': { history: concurrent(['fail', w('x', 1)], [r('x', 1)]), names: ['G1a'] },
  'an intermediate read': { history: concurrent([w('x', 1), w('x', 2)], [r('x', 1)]), names: ['G1b'] },
  'circular information flow': { history: concurrent([w('x', 1), r('y', 1)], [w('y', 1), r('x', 1)]), names: ['G1c'] },
  'read skew, by the initial state': {
    history: concurrent([w('x', 1), w('y', 1)], [r('x', 1), r('y')]),
    names: ['G-single'],
  },
  'read skew, by what was overwritten': {
    history: concurrent([w('x', 1)], [r('x', 1), w('x', 2), w('y', 2)], [r('x', 1), r('y', 2)]),
    names: ['G-single'],
  },
  'a long fork': {
    history: concurrent([w('x', 1)], [w('y', 1)], [r('x', 1), r('y')], [r('x'), r('y', 1)]),
    names: ['G-nonadjacent'],
  },
  'write skew': { history: concurrent([r('x'), w('y', 1)], [r('y'), w('x', 1)]), names: ['G2-item'] },
  'a lost update': {
    history: concurrent([w('x', 1)], [r('x', 1), w('x', 2)], [r('x', 1), w('x', 3)]),
    names: ['lost-update', 'G2-item'],
  },
  'own write not read': { history: concurrent([w('x', 1), r('x')]), names: ['internal'] },
  'own write read before': { history: concurrent([r('x', 1), w('x', 1)]), names: ['future-read'] },
  'a value that nobody wrote': { history: concurrent([r('x', 1)]), names: ['garbage-read'] },
  'a stale read': { history: sequential([0, [w('x', 1)]], [1, [r('x')]]), names: ['G-single-realtime'] },
  'own earlier write not read': { history: sequential([0, [w('x', 1)]], [0, [r('x')]]), names: ['G-single-process'] },
  'a read of what is written later': {
    history: sequential([0, [r('x', 1)]], [1, [w('x', 1)]]),
    names: ['G1c-realtime'],
  },
};

for (const [title, { history, names }] of Object.entries(PLANTED)) {
  test(`planted: ${title}`, (t) => {
    const result = rwRegister().check(history);
    t.is(result.verdict, 'fail');
    t.deepEqual(
      result.anomalies.map(({ name }) => name),
      names,
      result.why,
    );
    t.true(result.offending.length > 0);
  });
}

test('a write of unknown end counts where it was read', (t) => {
  t.is(rwRegister().check(sequential([0, ['info', w('x', 1)]], [1, [r('x')]])).verdict, 'pass');
  t.is(rwRegister().check(sequential([0, ['info', w('x', 1)]], [1, [r('x', 1)]], [2, [r('x')]])).verdict, 'fail');
});

test('a value written twice, or nil, leaves the history unjudged', (t) => {
  t.is(rwRegister().check(concurrent([w('x', 1)], [w('x', 1)])).verdict, 'unknown');
  t.is(rwRegister().check(concurrent([['w', 'x', null]])).verdict, 'unknown');
});

test('executions of a strictly serializable store never raise an alarm', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const workload = transactionWorkload(seed, { write: 'w', keys: 3, keyLife: 4 });
    const store = transactionStore();
    const shape = { operations: 150, clients: 6, info: 0.1 };
    const history = executed(
      createRandom(seed),
      shape,
      (client, index) => transactionAt(workload, client, index),
      store,
    );
    const result = rwRegister().check(followedBy(history, finalTransactions(workload, 40), store));
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
  }
});

function arbitrary(random: Random): History {
  const workload = transactionWorkload(random.integer(2 ** 31), { write: 'w', keys: 2, keyLife: 1000, most: 3 });
  const shape = { operations: 2 + random.integer(4), clients: 1 + random.integer(4), info: 0.15 };
  const history = executed(
    random,
    shape,
    (client, index) => transactionAt(workload, client, index),
    transactionStore(),
  );
  const written = new Map<unknown, unknown[]>();
  for (const { value } of history)
    for (const [f, key, element] of value as [string, unknown, unknown][])
      if (f === 'w') written.set(key, [...(written.get(key) ?? [null]), element]);
  return history.map((event) => {
    if (event.type !== 'ok') return event;
    const value = (event.value as [string, unknown, unknown][]).map(([f, key, element]) =>
      f === 'r' && random.next() < 0.3 ? [f, key, random.pick(written.get(key) ?? [null])] : [f, key, element],
    );
    return { ...event, value };
  });
}

test('small histories: what is called wrong, no order explains; and most of what no order explains is called wrong', (t) => {
  const counts = { wrong: 0, called: 0, right: 0 };
  for (let seed = 0; seed < 2500; seed++) {
    const history = arbitrary(createRandom(seed, 8));
    for (const level of ['serializable', 'strict-serializable'] as const) {
      const fine = isSerializable(history, level === 'strict-serializable');
      const { verdict, why } = rwRegister({ level }).check(history);
      if (fine && verdict !== 'pass') t.fail(`seed ${seed}, ${level}: ${why}\n${JSON.stringify(history)}`);
      counts[fine ? 'right' : 'wrong']++;
      if (verdict === 'fail') counts.called++;
    }
  }
  t.log(JSON.stringify(counts));
  t.true(counts.right > 500 && counts.called > 0.8 * counts.wrong, JSON.stringify(counts));
});
