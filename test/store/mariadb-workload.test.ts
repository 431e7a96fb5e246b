import test from 'ava';
import { databaseRequest, databaseWorkload, rollsBack, type Step } from '../../src/store/mariadb/workload.ts';

const lists = (seed: number) =>
  Array.from({ length: 200 }, (_, index) =>
    databaseRequest(databaseWorkload(seed, 4, ['bank', 'list']), 1, index, new Map()),
  );

test('clients do what they are dealt, the same for the same seed', (t) => {
  t.deepEqual(lists(3), lists(3));
  t.notDeepEqual(lists(3), lists(4));
  for (const { f, key } of lists(3)) t.deepEqual([f, key], ['txn', 'lists']);
  t.not(databaseRequest(databaseWorkload(3, 4, ['bank', 'list']), 0, 0, new Map()).f, 'txn');
});

test('some transactions that append are given up, and none that only reads', (t) => {
  const steps = lists(3).map(({ value }) => value as readonly Step[]);
  const appending = steps.filter((one) => one.some(([f]) => f === 'append'));
  const given = appending.filter(rollsBack);
  t.true(given.length > 0 && given.length < appending.length / 2);
  t.deepEqual(
    steps.filter((one) => rollsBack(one) && !given.includes(one)),
    [],
  );
});
