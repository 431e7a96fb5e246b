import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { arrivals } from '../../../src/history/index.ts';
import { closedLoop, openLoop } from '../../../src/store/load/turns.ts';

/** How many turns are there at once, without waiting for one that is still to come. */
async function atOnce(next: () => Promise<boolean>): Promise<number> {
  for (let taken = 0; ; taken++) {
    if (!(await Promise.race([next(), sleep(0, false)]))) return taken;
  }
}

test('operations fall due while every client is busy, and wait for one', async (t) => {
  const turns = openLoop(arrivals(1, 200, 'fixed'), 60_000);
  await sleep(300);
  const taken = await atOnce(() => turns.next());
  t.true(taken >= 60, `${taken} were waiting`);
  t.is(turns.shed, 0);
  turns.stop();
});

test('an operation that finds no client in time is never sent, and counted', async (t) => {
  const turns = openLoop(arrivals(1, 200, 'fixed'), 50);
  await sleep(300);
  const taken = await atOnce(() => turns.next());
  const { shed } = turns;
  t.true(shed >= 50, `${shed} were given up`);
  t.true(taken + shed >= 60);
  turns.stop();
});

test('clients that are free have their turns in the order in which they came', async (t) => {
  const turns = openLoop(arrivals(3, 500));
  const order: number[] = [];
  await Promise.all([1, 2, 3, 4].map(async (client) => (await turns.next()) && order.push(client)));
  t.deepEqual(order, [1, 2, 3, 4]);
  turns.stop();
});

test('who waits is told that there is nothing more, and so is who asks later', async (t) => {
  const turns = openLoop(arrivals(1, 0.001, 'fixed'));
  // The first of evenly spaced operations is due at once.
  t.true(await turns.next());
  const waiting = turns.next();
  turns.stop();
  t.false(await waiting);
  t.false(await turns.next());
});

test('without a rate it is always the turn of who asks, until the end', async (t) => {
  const turns = closedLoop();
  t.true(await turns.next());
  t.true(await turns.next());
  turns.stop();
  t.false(await turns.next());
});
