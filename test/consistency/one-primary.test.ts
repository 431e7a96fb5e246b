import test from 'ava';
import { onePrimary } from '../../src/consistency/index.ts';
import type { History } from '../../src/history/index.ts';

type Step = readonly [process: number, type: 'invoke' | 'ok' | 'fail' | 'info', server?: number, epoch?: number];

const history = (...steps: readonly Step[]): History =>
  steps.map(([process, type, server, epoch], atMs) => ({
    type,
    process,
    f: 'read',
    key: 'k0',
    value: null,
    atMs,
    ...(server === undefined ? {} : { by: { server, epoch: epoch! } }),
  }));
const done = (process: number, server: number, epoch: number): readonly Step[] => [
  [process, 'invoke'],
  [process, 'ok', server, epoch],
];
const check = (...steps: readonly Step[]) => onePrimary().check(history(...steps));

test('one after another, and back again in a later epoch', (t) => {
  const { verdict, why } = check(...done(0, 1, 1), ...done(1, 2, 2), ...done(0, 2, 2), ...done(1, 1, 3));
  t.is(verdict, 'pass');
  t.is(why, '4 acknowledgements of 2 servers in 3 epochs, never of two at a time');
});

test('what was under way as the other took over may have been done before', (t) => {
  t.is(check([0, 'invoke'], ...done(1, 2, 2), [0, 'ok', 1, 1]).verdict, 'pass');
});

test('an old primary that acknowledges what was asked after its successor had acknowledged', (t) => {
  const { verdict, why, offending } = check(...done(0, 1, 1), ...done(1, 2, 2), ...done(0, 1, 1), ...done(1, 2, 2));
  t.is(verdict, 'fail');
  t.deepEqual(offending, [2, 4]);
  t.regex(why, /^two primaries: 1 operations were acknowledged by one after another/);
  t.regex(why, /server 2 acknowledged in epoch 2 the read .* and after that server 1 acknowledged in epoch 1 the read/);
});

test('the earliest of all later epochs counts, whatever came between', (t) => {
  const { verdict, offending } = check(...done(0, 3, 3), ...done(1, 2, 2), ...done(2, 1, 1));
  t.is(verdict, 'fail');
  t.deepEqual(offending, [0, 2]);
});

test('two servers in one epoch', (t) => {
  const { verdict, why, offending } = check([0, 'invoke'], [1, 'invoke'], [0, 'ok', 1, 4], [1, 'ok', 2, 4]);
  t.is(verdict, 'fail');
  t.deepEqual(offending, [0, 1]);
  t.regex(why, /^two primaries in one epoch/);
});

test('only acknowledgements count', (t) => {
  t.is(check(...done(1, 2, 2), [0, 'invoke'], [0, 'info'], [2, 'invoke'], [2, 'fail']).verdict, 'pass');
});

test('where nobody says who acknowledged nothing is known', (t) => {
  t.is(check([0, 'invoke'], [0, 'ok']).verdict, 'unknown');
  t.is(check().verdict, 'unknown');
  t.regex(check(...done(0, 1, 1), [0, 'invoke'], [0, 'ok']).why, /^1 acknowledgements do not say/);
});
