import test from 'ava';
import { casRegister } from '../../src/consistency/models/cas-register.ts';
import { multiRegister } from '../../src/consistency/models/multi-register.ts';
import { mutex } from '../../src/consistency/models/mutex.ts';
import { register } from '../../src/consistency/models/register.ts';

test('a register returns what was written last, null at first', (t) => {
  const model = register();
  t.is(model.step(null, { f: 'read', value: null }), null);
  t.is(model.step(null, { f: 'read', value: 1 }), undefined);
  t.is(model.step(null, { f: 'write', value: 1 }), 1);
  t.deepEqual(model.step([1, 2], { f: 'read', value: [1, 2] }), [1, 2]);
});

test('compare-and-set works on the expected value only', (t) => {
  const model = casRegister(0);
  t.is(model.step(0, { f: 'cas', value: [0, 5] }), 5);
  t.is(model.step(1, { f: 'cas', value: [0, 5] }), undefined);
  t.is(model.step(null, { f: 'cas', value: [null, 5] }), 5);
  t.is(model.step('0', { f: 'cas', value: [0, 5] }), undefined);
});

test('what a register operation needs and makes agrees with its steps', (t) => {
  const model = casRegister();
  const calls = [
    { f: 'read', value: 1 },
    { f: 'read', value: null },
    { f: 'write', value: 2 },
    { f: 'cas', value: [1, 2] },
  ];
  for (const call of calls) {
    for (const state of [null, 1, 2]) {
      const after = model.step(state, call);
      const needed = model.needs!(call);
      t.is(after !== undefined, needed === undefined || needed === state);
      if (after !== undefined) t.is<unknown, unknown>(after, model.makes!(call));
      if (model.observes(call) && after !== undefined) t.is(after, state);
    }
  }
});

test('a transaction reads and writes several registers at one instant', (t) => {
  const model = multiRegister({ y: 0, x: 0 });
  const after = model.step(model.initial, {
    f: 'txn',
    value: [
      ['read', 'x', 0],
      ['write', 'x', 3],
      ['read', 'x', 3],
    ],
  });
  t.deepEqual(after, { x: 3, y: 0 });
  t.is(model.step(after!, { f: 'txn', value: [['read', 'x', 0]] }), undefined);
  t.true(model.observes({ f: 'txn', value: [['read', 'y', 0]] }));
});

test('a mutex is held once', (t) => {
  const model = mutex();
  t.is(model.step(false, { f: 'acquire', value: null }), true);
  t.is(model.step(true, { f: 'acquire', value: null }), undefined);
  t.is(model.step(false, { f: 'release', value: null }), undefined);
});
