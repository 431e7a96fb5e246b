import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { pair } from '../../src/history/pair.ts';
import { readHistory } from '../../src/history/read.ts';
import { createRecorder } from '../../src/history/recorder.ts';
import { finalReads, registerWorkload, requestAt } from '../../src/history/workload.ts';

test('operations depend on seed, client and index alone', (t) => {
  const workload = registerWorkload(7, 4);
  const list = (seed: number) =>
    Array.from({ length: 50 }, (_, i) => requestAt(registerWorkload(seed, 4), 3, i, new Map()));
  t.deepEqual(list(7), list(7));
  t.notDeepEqual(list(7), list(8));
  t.deepEqual(requestAt(workload, 3, 20, new Map()), list(7)[20]!);
});

test('all kinds come up near their shares, on every key, and no value is written twice', (t) => {
  const workload = registerWorkload(1, 5);
  const seen = new Map(workload.keys.map((key) => [key, 99]));
  const requests = Array.from({ length: 6000 }, (_, i) => requestAt(workload, i % 10, Math.floor(i / 10), seen));
  const of = (f: string) => requests.filter((request) => request.f === f);
  t.true(Math.abs(of('read').length - 3000) < 200);
  t.true(Math.abs(of('write').length - 2000) < 200);
  t.true(Math.abs(of('cas').length - 1000) < 200);
  t.is(new Set(requests.map(({ key }) => key)).size, 5);
  const values = [...of('write').map(({ value }) => value), ...of('cas').map(({ value }) => (value as number[])[1])];
  t.is(new Set(values).size, values.length);
  t.deepEqual(
    of('cas')
      .map(({ value }) => (value as number[])[0]!)
      .filter((old) => old !== 99),
    [],
  );
  t.deepEqual(
    finalReads(workload).map(({ key }) => key),
    workload.keys,
  );
});

test('a recorded history reads back; after info a client goes on as another process', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-history-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'history.jsonl');
  const recorder = createRecorder(file, 2);
  const write = { f: 'write', key: 'k', value: 1 } as const;
  const first = recorder.invoke(0, write);
  const second = recorder.invoke(1, { f: 'read', key: 'k', value: null });
  first('info', 1, 'timed out');
  second('ok', 1);
  t.throws(() => second('ok', 1), { message: /completed twice/ });
  recorder.invoke(0, write)('ok');
  t.deepEqual(recorder.counts, { invoke: 3, ok: 2, fail: 0, info: 1 });
  recorder.close();
  const history = readHistory(file);
  t.deepEqual(
    history.map(({ type, process }) => [type, process]),
    [
      ['invoke', 0],
      ['invoke', 1],
      ['info', 0],
      ['ok', 1],
      ['invoke', 2],
      ['ok', 2],
    ],
  );
  t.deepEqual(
    pair(history).map(({ outcome, value }) => [outcome, value]),
    [
      ['info', 1],
      ['ok', 1],
      ['ok', 1],
    ],
  );
  writeFileSync(file, '{"type":"ok"}\n{"type":"maybe"}\n');
  t.throws(() => readHistory(file), { instanceOf: InputError, message: /history.jsonl:2/ });
});
