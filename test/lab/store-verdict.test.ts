import test from 'ava';
import type { History } from '../../src/history/index.ts';
import { judgeStore } from '../../src/lab/store-verdict.ts';

/** Lines `process f value outcome from to`, key `k`. */
function history(
  ...lines: readonly (readonly [number, string, unknown, 'ok' | 'fail' | 'info', number, number])[]
): History {
  const events = lines.flatMap(([process, f, value, type, from, to]) => [
    { type: 'invoke' as const, process, f, key: 'k', value: f === 'read' ? null : value, atMs: from },
    { type, process, f, key: 'k', value, atMs: to },
  ]);
  return events.sort((a, b) => a.atMs - b.atMs);
}

test('a history that is whole passes, with the longest of its recovery times', (t) => {
  const { record, assertions } = judgeStore(
    'etcd',
    history(
      [0, 'write', 1, 'ok', 0, 10],
      [7, 'write', 2, 'info', 20, 900],
      [0, 'write', 3, 'ok', 110, 700],
      [0, 'write', 4, 'ok', 1200, 1210],
      [1, 'read', 4, 'ok', 1300, 1301],
    ),
    [
      { kind: 'rack-power', target: 'rack-1', atMs: 100 },
      { kind: 'rack-power', target: 'rack-2', atMs: 1100 },
    ],
  );
  t.is(record.verdict, 'pass');
  t.deepEqual([record.acknowledged, record.lost, record.unknown, record.rpo, record.rtoMs], [3, 0, 1, 0, 600]);
  t.true(assertions.every(({ verdict }) => verdict === 'pass'));
});

test('an acknowledged write that the final read does not find fails both, and is named', (t) => {
  const { record, assertions } = judgeStore(
    'etcd',
    history([0, 'write', 1, 'ok', 0, 10], [0, 'write', 2, 'ok', 20, 30], [1, 'read', 1, 'ok', 50, 60]),
    [],
  );
  t.is(record.verdict, 'fail');
  t.is(record.lost, 1);
  t.deepEqual(
    assertions.map(({ name, verdict }) => [name, verdict]),
    [
      ['linearizable', 'fail'],
      ['no-acknowledged-write-lost', 'fail'],
    ],
  );
  t.regex(assertions[0]?.why ?? '', /read/);
});

test('a store that never served again though all around it was whole has failed, and says after what', (t) => {
  const { record, assertions } = judgeStore(
    'etcd',
    history([0, 'write', 1, 'ok', 0, 10]),
    [{ kind: 'rack-power', target: 'rack-1', atMs: 100 }],
    'rack-power rack-1',
  );
  t.is(record.verdict, 'fail');
  t.deepEqual(
    assertions.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name),
    ['recovered'],
  );
  t.regex(assertions.at(-1)?.why ?? '', /never served again after rack-power rack-1/);
});

test('a store that never came back did not recover: nobody knows how long it would take', (t) => {
  const { record, assertions } = judgeStore(
    'etcd',
    history([0, 'write', 1, 'ok', 0, 10], [1, 'read', 1, 'ok', 50, 60]),
    [{ kind: 'rack-power', target: 'rack-1', atMs: 100 }],
  );
  t.is(record.rtoMs, null);
  t.is(record.verdict, 'unknown');
  t.is(assertions.at(-1)?.name, 'recovered');
});
