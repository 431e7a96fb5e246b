import test from 'ava';
import {
  arrivals,
  arrivalsBetween,
  bankRequestAt,
  bankWorkload,
  counterRequestAt,
  counterWorkload,
  openingBalances,
  setRequestAt,
  setWorkload,
  type Transfer,
  transactionAt,
  transactionWorkload,
} from '../../src/history/index.ts';

const GENERATORS: Readonly<Record<string, (seed: number) => (client: number, index: number) => unknown>> = {
  set: (seed) => (client, index) => setRequestAt(setWorkload(seed, { reads: 0.2 }), client, index),
  counter: (seed) => (client, index) => counterRequestAt(counterWorkload(seed, { most: 9 }), client, index),
  bank: (seed) => (client, index) => bankRequestAt(bankWorkload(seed), client, index),
  transactions: (seed) => (client, index) => transactionAt(transactionWorkload(seed), client, index),
};

for (const [name, make] of Object.entries(GENERATORS)) {
  test(`${name}: operations depend on seed, client and index alone`, (t) => {
    const list = (seed: number, client: number) => Array.from({ length: 60 }, (_, index) => make(seed)(client, index));
    t.deepEqual(list(7, 3), list(7, 3));
    t.notDeepEqual(list(7, 3), list(8, 3));
    t.notDeepEqual(list(7, 3), list(7, 4));
    t.deepEqual(make(7)(3, 40), list(7, 3)[40]);
  });
}

test('no value is written twice, by whomever', (t) => {
  const workload = transactionWorkload(3, { most: 6 });
  const written: unknown[] = [];
  let reads = 0;
  for (let client = 0; client < 10; client++)
    for (let index = 0; index < 300; index++) {
      const micros = transactionAt(workload, client, index).value as [string, number, unknown][];
      t.true(micros.length >= 1 && micros.length <= 6);
      for (const [f, key, value] of micros) {
        t.true(key >= Math.floor(index / 8) && key < Math.floor(index / 8) + 8);
        if (f === 'r') reads++;
        else written.push(value);
      }
    }
  t.is(new Set(written).size, written.length);
  t.true(Math.abs(reads / (reads + written.length) - 0.5) < 0.03);
});

test('transfers go from one account to another', (t) => {
  const workload = bankWorkload(1, 3, 100);
  t.is(
    Object.values(openingBalances(workload)).reduce((a, b) => a + b),
    100,
  );
  const pairs = new Set<string>();
  for (let index = 0; index < 500; index++) {
    const { f, value } = bankRequestAt(workload, 0, index);
    if (f === 'read') continue;
    const { from, to, amount } = value as Transfer;
    t.true(from !== to && amount >= 1 && amount <= 5);
    pairs.add(`${from}${to}`);
  }
  t.is(pairs.size, 6);
  t.throws(() => bankWorkload(1, 1), { message: /two or more/ });
});

test('fixed arrivals are evenly spaced', (t) => {
  t.deepEqual(arrivalsBetween(arrivals(1, 4, 'fixed'), 0, 1000), [0, 250, 500, 750]);
  t.deepEqual(arrivalsBetween(arrivals(1, 4, 'fixed'), 251, 501), [500]);
});

test('Poisson arrivals keep the rate, have exponential gaps, and are the same in any window', (t) => {
  const schedule = arrivals(5, 200);
  const all = arrivalsBetween(schedule, 0, 60_000);
  t.true(Math.abs(all.length - 12_000) < 4 * Math.sqrt(12_000));
  const gaps = all.slice(1).map((at, i) => at - all[i]!);
  t.true(gaps.every((gap) => gap > 0));
  // The median of exponential gaps is ln 2 of their mean; their deviation is the mean.
  const longer = gaps.filter((gap) => gap > 5 * Math.LN2).length / gaps.length;
  t.true(Math.abs(longer - 0.5) < 0.03, String(longer));
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - 5) ** 2, 0) / gaps.length);
  t.true(Math.abs(deviation - 5) < 0.3, String(deviation));
  t.deepEqual([...arrivalsBetween(schedule, 0, 12_345), ...arrivalsBetween(schedule, 12_345, 60_000)], all);
  t.notDeepEqual(arrivalsBetween(arrivals(6, 200), 0, 1000), arrivalsBetween(schedule, 0, 1000));
  t.throws(() => arrivals(1, 0), { message: /finite rate/ });
});
