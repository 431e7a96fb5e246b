import test from 'ava';
import { furthest, isEnough, lastServed } from '../../../src/store/mariadb/election.ts';
import type { LeaseRecord, PositionReport } from '../../../src/store/mariadb/lease.ts';

const electing = (served?: string): LeaseRecord => ({
  epoch: 7,
  phase: 'electing',
  holder: 'b',
  coordinator: 'b',
  renewals: 0,
  ...(served && { served: { member: served, position: '0-1-8' } }),
});
const report = (member: string, position = '0-1-10', changes: Partial<PositionReport> = {}): PositionReport => ({
  epoch: 7,
  member,
  position,
  executed: position,
  complete: true,
  ...changes,
});

test('both replicas together have every acknowledged write, and one alone may lack some', (t) => {
  t.false(isEnough(electing('a'), [], 3));
  t.false(isEnough(electing('a'), [report('b')], 3));
  t.true(isEnough(electing('a'), [report('b'), report('c')], 3));
});

test('a replica that lost what it had acknowledged counts for nothing', (t) => {
  const forgetful = report('c', '0-1-3', { complete: false });
  t.false(isEnough(electing('a'), [report('b'), forgetful], 3));
  t.true(isEnough(electing('a'), [report('a'), forgetful], 3), 'the one who served last has all of it');
});

test('the one who served last has all of it, unless its disk was lost', (t) => {
  t.true(isEnough(electing('a'), [report('a', '0-1-8', { complete: false })], 3));
  t.false(isEnough(electing('a'), [report('a', '0-1-7', { complete: false })], 3));
});

test('who held the lease without opening for writes did not serve', (t) => {
  const served = { member: 'a', position: '0-1-8' };
  const held: LeaseRecord = { epoch: 8, phase: 'held', holder: 'b', renewals: 3, served };
  t.deepEqual(lastServed(held), served);
  t.deepEqual(lastServed({ ...held, end: { position: '0-2-12', beat: 3 } }), { member: 'b', position: '0-2-12' });
  t.is(lastServed({ epoch: 1, phase: 'held', holder: 'b', renewals: 0 }), undefined);
});

test('before anybody served most members must agree', (t) => {
  t.false(isEnough(electing(), [report('a')], 3));
  t.true(isEnough(electing(), [report('a'), report('c', '', { complete: false })], 3));
});

test('whoever has most is next, of those whoever has executed most of it, of those whoever asks', (t) => {
  t.is(furthest(electing('a'), [report('b', '0-1-9'), report('c', '0-1-10')], 'b').member, 'c');
  t.is(furthest(electing('a'), [report('b', '0-1-10', { executed: '0-1-7' }), report('c', '0-2-10')], 'b').member, 'c');
  t.is(furthest(electing('a'), [report('b'), report('c')], 'c').member, 'c');
  t.throws(() => furthest(electing('a'), [], 'c'), { instanceOf: TypeError });
});

test('an old primary that came back with more than was acknowledged is not next, for it lacks what was since', (t) => {
  const old = report('c', '0-3-13', { complete: false });
  t.is(furthest(electing('a'), [report('a', '0-1-11', { complete: false }), old], 'c').member, 'a');
  t.is(furthest(electing('a'), [report('b', '0-1-11'), old], 'c').member, 'b');
  t.is(furthest(electing(), [report('b', '0-1-11'), old], 'c').member, 'c', 'before anybody served there is no less');
});
