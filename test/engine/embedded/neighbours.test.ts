import test from 'ava';
import { changeFor, SETTINGS } from '../../../src/engine/embedded/neighbours.ts';

const all = (value: (setting: string) => number) =>
  Object.fromEntries(SETTINGS.map((setting) => [setting, value(setting)]));
const ORIGINAL = all((setting) => ({ 1: 128, 2: 512, 3: 1024 })[Number(setting.at(-1))]!);
const BIG = { labs: { big: 1000 } };

test('raised for a big lab, and put back with the last one', (t) => {
  const raise = changeFor(BIG, ORIGINAL);
  t.true(SETTINGS.every((setting) => raise.values![setting]! >= ORIGINAL[setting]!));
  t.true(raise.values![SETTINGS[2]!]! >= 8 * 1000);
  t.deepEqual(changeFor({ ...raise.afterwards, labs: {} }, raise.values!).values, ORIGINAL);
  t.is(changeFor({ labs: { small: 4 } }, ORIGINAL).values, undefined);
});

test('killed between any two settings, whoever comes next puts back what stood before', (t) => {
  const first = changeFor(BIG, ORIGINAL);
  const second = changeFor({ ...first.afterwards, labs: { ...first.afterwards.labs, more: 3000 } }, first.values!);
  const back = changeFor({ ...second.afterwards, labs: {} }, second.values!);
  for (const [change, from] of [
    [first, ORIGINAL],
    [second, first.values!],
    [back, second.values!],
  ] as const) {
    for (let set = 0; set <= SETTINGS.length; set++) {
      const now = all((setting) => (SETTINGS.indexOf(setting) < set ? change.values! : from)[setting]!);
      t.deepEqual(changeFor({ ...change.meanwhile, labs: {} }, now).values, ORIGINAL, `${set} were set`);
    }
  }
});

test('what somebody else has set since is what to go back to', (t) => {
  const raised = changeFor(BIG, ORIGINAL).afterwards;
  const theirs = all(() => 5000);
  const change = changeFor({ ...raised, labs: {} }, theirs);
  t.is(change.values, undefined);
  t.deepEqual(change.afterwards, { labs: {} });
});
