import test from 'ava';
import type { Request } from '../../src/history/workload.ts';
import { judge } from '../../src/store/etcd/client.ts';
import type { Answer } from '../../src/store/etcd/gateway.ts';

const READ: Request = { f: 'read', key: 'k', value: null };
const WRITE: Request = { f: 'write', key: 'k', value: 5 };
const CAS: Request = { f: 'cas', key: 'k', value: [5, 6] };

const answer = (status: number, body: object): Answer => ({ kind: 'answer', status, body });
const lost: Answer = { kind: 'no answer', error: 'no answer within 500 ms' };
const unsent: Answer = { kind: 'not sent', error: 'ECONNREFUSED' };

test('nobody knows what became of a write without an answer; a read without one did nothing', (t) => {
  t.deepEqual(
    [READ, WRITE, CAS].map((request) => judge(request, lost, 'info').type),
    ['fail', 'info', 'info'],
  );
  t.deepEqual(
    [READ, WRITE, CAS].map((request) => judge(request, lost, 'fail').type),
    ['fail', 'fail', 'fail'],
  );
});

test('what was never sent did not happen', (t) => {
  for (const request of [READ, WRITE, CAS]) t.like(judge(request, unsent, 'info'), { type: 'fail', elsewhere: true });
});

test("etcd's errors: only what it refuses before proposing is certain", (t) => {
  for (const error of [
    'etcdserver: request timed out',
    'etcdserver: leader changed',
    'etcdserver: no leader',
    'rpc error: unavailable',
  ]) {
    t.like(judge(WRITE, answer(503, { error }), 'fail'), { type: 'info', error, elsewhere: true });
    t.is(judge(READ, answer(503, { error }), 'info').type, 'fail');
  }
  t.is(judge(WRITE, answer(429, { error: 'etcdserver: too many requests' }), 'info').type, 'fail');
  t.is(judge(CAS, answer(500, {}), 'info').type, 'info');
});

test('acknowledged operations', (t) => {
  const kvs = [{ key: 'aw==', value: Buffer.from('7').toString('base64') }];
  t.like(judge(READ, answer(200, { kvs, count: '1' }), 'info'), { type: 'ok', value: 7, elsewhere: false });
  t.like(judge(READ, answer(200, { header: {} }), 'info'), { type: 'ok', value: null });
  t.like(judge(WRITE, answer(200, { header: {} }), 'info'), { type: 'ok', value: 5 });
  t.like(judge(CAS, answer(200, { succeeded: true }), 'info'), { type: 'ok', value: [5, 6] });
  t.like(judge(CAS, answer(200, { header: {} }), 'info'), { type: 'fail', elsewhere: false });
});
