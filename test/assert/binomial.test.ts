import test from 'ava';
import { lossBound } from '../../src/assert/index.ts';

test('the bound holds the mean and little more than five deviations around it', (t) => {
  for (const [sent, loss] of [
    [1000, 0.02],
    [20_000, 0.02],
    [500, 0.5],
  ] as const) {
    const mean = sent * loss;
    const deviation = Math.sqrt(mean * (1 - loss));
    const { least, most } = lossBound(sent, loss);
    t.true(least < mean && most > mean);
    t.true(mean - least < 5.5 * deviation && most - mean < 5.5 * deviation);
    t.true(mean - least > 3.5 * deviation || least === 0);
  }
});

test('tails are exact: ten coins', (t) => {
  // P(0) = P(10) = 1/1024 is more than the significance, so nothing is out of bounds.
  t.deepEqual(lossBound(10, 0.5), { least: 0, most: 10 });
  // P(0) of a hundred coins is far below it.
  const { least, most } = lossBound(100, 0.5);
  t.is(least + most, 100);
  t.true(least > 20 && least < 35);
});

test('no loss and total loss leave no room', (t) => {
  t.deepEqual(lossBound(500, 0), { least: 0, most: 0 });
  t.deepEqual(lossBound(500, 1), { least: 500, most: 500 });
});
