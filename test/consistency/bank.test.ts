import test from 'ava';
import { bank } from '../../src/consistency/bank.ts';
import { bankRequestAt, bankWorkload, openingBalances, readOfAll, type Transfer } from '../../src/history/index.ts';
import { createRandom } from '../../src/random.ts';
import { executed, followedBy, REFUSED } from './helpers/executed.ts';
import { oneByOne } from './helpers/history.ts';

const read = (value: unknown) => [0, 'read', value] as const;

test('the total of the first read holds for all', (t) => {
  t.is(bank().check(oneByOne(read({ a: 5, b: 5 }), read({ a: 4, b: 6 }))).verdict, 'pass');
  const result = bank().check(oneByOne(read({ a: 5, b: 5 }), read({ a: 4, b: 5 })));
  t.like(result, { verdict: 'fail', offending: [2] });
  t.is(result.wrong['wrong-total'], 1);
  t.regex(result.why, /sums up to 9 instead of 10/);
  t.is(bank({ total: 12 }).check(oneByOne(read({ a: 5, b: 5 }))).verdict, 'fail');
});

test('balances below zero, missing ones and strange accounts', (t) => {
  const below = oneByOne(read({ a: 5, b: 5 }), read({ a: 11, b: -1 }));
  t.is(bank().check(below).wrong['negative-balance'], 1);
  t.is(bank({ negativeBalances: true }).check(below).verdict, 'pass');
  t.is(bank().check(oneByOne(read({ a: 5, b: 5 }), read({ a: 10 }))).wrong['missing-balance'], 1);
  t.is(bank().check(oneByOne(read({ a: 5, b: 5 }), read({ a: 10, b: null }))).wrong['missing-balance'], 1);
  t.is(bank({ accounts: ['a'] }).check(oneByOne(read({ a: 5, b: 5 }))).wrong['wrong-accounts'], 1);
});

test('without a read, or without steps, nobody knows', (t) => {
  t.is(bank().check(oneByOne([0, 'transfer', {}])).verdict, 'unknown');
  t.is(bank({ steps: 3 }).check(oneByOne(read({ a: 5, b: 5 }), read({ a: 4, b: 6 }))).verdict, 'unknown');
});

test('a bank that moves money at once passes; one that moves it in two steps is caught', (t) => {
  let caught = 0;
  for (let seed = 0; seed < 40; seed++) {
    const workload = bankWorkload(seed, 5, 50);
    const shape = { operations: 120, clients: 5, info: 0.1 };
    const balances: Record<string, number> = { ...openingBalances(workload) };
    const apply = ({ f, value }: { f: string; value: unknown }): unknown => {
      if (f === 'read') return { ...balances };
      const { from, to, amount } = value as Transfer;
      if (balances[from]! < amount) return REFUSED;
      balances[from]! -= amount;
      balances[to]! += amount;
      return value;
    };
    const request = (client: number, index: number) => bankRequestAt(workload, client, index);
    const history = followedBy(executed(createRandom(seed), shape, request, apply), [readOfAll()], apply);
    t.is(bank({ total: 50, accounts: workload.accounts }).check(history).verdict, 'pass');

    // Only the first half of each transfer arrives.
    const leaky = { ...openingBalances(workload) };
    const half = ({ f, value }: { f: string; value: unknown }): unknown => {
      if (f === 'read') return { ...leaky };
      const { from, amount } = value as Transfer;
      if (leaky[from]! < amount) return REFUSED;
      leaky[from]! -= amount;
      return value;
    };
    if (bank({ total: 50 }).check(executed(createRandom(seed), shape, request, half)).verdict === 'fail') caught++;
  }
  t.is(caught, 40);
});
