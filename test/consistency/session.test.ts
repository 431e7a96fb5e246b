import test from 'ava';
import { sessionGuarantees } from '../../src/consistency/session.ts';
import { InputError } from '../../src/errors.ts';
import { finalReads, registerWorkload, requestAt } from '../../src/history/workload.ts';
import { createRandom } from '../../src/random.ts';
import { executed, followedBy } from './helpers/executed.ts';
import { atOnce, oneByOne, type Step } from './helpers/history.ts';

const write = (process: number, key: string, value: number): Step => [process, 'write', value, 'ok', key];
const read = (process: number, key: string, value: number | null): Step => [process, 'read', value, 'ok', key];
const check = (...steps: readonly Step[]) => sessionGuarantees().check(oneByOne(...steps));

test('monotonic reads', (t) => {
  const result = check(write(0, 'x', 1), write(0, 'x', 2), read(1, 'x', 2), read(1, 'x', 1));
  t.is(result.verdict, 'fail');
  t.deepEqual(result.violations, {
    'monotonic-reads': 1,
    'monotonic-writes': 0,
    'read-your-writes': 0,
    'writes-follow-reads': 0,
  });
  t.deepEqual(result.offending, [0, 2, 6]);
  t.regex(
    result.why,
    /^monotonic-reads broken: process 1 read 1 from x \(event 6\), which is older than 2 \(event 2\)/,
  );
  t.is(check(write(0, 'x', 1), write(0, 'x', 2), read(1, 'x', 2), read(2, 'x', 1)).verdict, 'pass');
  t.is(check(write(0, 'x', 1), read(1, 'x', 1), read(1, 'x', null)).violations['monotonic-reads'], 1);
});

test('read your writes', (t) => {
  const result = check(write(0, 'x', 1), write(1, 'x', 2), read(1, 'x', 1));
  t.is(result.violations['read-your-writes'], 1);
  t.is(check(write(0, 'x', 1), write(1, 'x', 2), read(2, 'x', 1)).verdict, 'pass');
  t.is(check(write(0, 'x', 1), read(0, 'x', null)).violations['read-your-writes'], 1);
});

test('writes at the same time have no order', (t) => {
  const history = [...atOnce(write(0, 'x', 1), write(1, 'x', 2)), ...oneByOne(read(1, 'x', 1), read(1, 'x', 2))];
  t.is(sessionGuarantees().check(history).verdict, 'pass');
  t.is(check([0, 'write', 1, 'info', 'x'], write(1, 'x', 2), read(1, 'x', 1)).verdict, 'pass');
});

test('monotonic writes: the later write is seen, the earlier one of the same session is not', (t) => {
  const result = check(write(0, 'x', 1), write(0, 'y', 2), read(1, 'y', 2), read(1, 'x', null));
  t.is(result.verdict, 'fail');
  t.is(result.violations['monotonic-writes'], 1);
  t.regex(result.why, /process 0 had written before it wrote 2/);
  t.is(check(write(0, 'x', 1), write(0, 'y', 2), read(1, 'x', null), read(1, 'y', 2)).verdict, 'pass');
});

test('writes follow reads: the write is seen, what its writer had read is not', (t) => {
  const steps = [write(0, 'x', 1), read(1, 'x', 1), write(1, 'y', 2), read(2, 'y', 2), read(2, 'x', null)] as const;
  t.is(check(...steps).violations['writes-follow-reads'], 1);
  t.is(sessionGuarantees({ guarantees: ['monotonic-reads'] }).check(oneByOne(...steps)).verdict, 'pass');
});

test('a value written twice is refused; too few steps are unknown', (t) => {
  t.throws(() => check(write(0, 'x', 1), write(1, 'x', 1)), { instanceOf: InputError, message: /written twice/ });
  t.is(
    sessionGuarantees({ steps: 0 }).check(oneByOne(write(0, 'x', 1), read(0, 'x', 1), read(0, 'x', 1))).verdict,
    'unknown',
  );
});

test('a linearizable store keeps all guarantees', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const workload = { ...registerWorkload(seed, 3), shares: { read: 1, write: 1, cas: 0 } };
    const store = new Map<string | undefined, unknown>();
    const apply = ({ f, key, value }: { f: string; key?: string; value: unknown }): unknown => {
      if (f === 'write') store.set(key, value);
      return f === 'write' ? value : (store.get(key) ?? null);
    };
    const shape = { operations: 150, clients: 6, info: 0.1 };
    const request = (client: number, index: number) => requestAt(workload, client, index, new Map());
    const history = followedBy(executed(createRandom(seed), shape, request, apply), finalReads(workload), apply);
    const result = sessionGuarantees().check(history);
    t.is(result.verdict, 'pass', `seed ${seed}: ${result.why}`);
  }
});
