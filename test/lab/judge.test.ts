import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { judgeRecord } from '../../src/lab/judge.ts';
import { judgeStore } from '../../src/lab/store-verdict.ts';

const HISTORY = [
  { type: 'invoke', process: 0, f: 'write', key: 'k', value: 1, atMs: 0 },
  { type: 'ok', process: 0, f: 'write', key: 'k', value: 1, atMs: 1 },
  { type: 'invoke', process: 0, f: 'read', key: 'k', value: null, atMs: 2 },
  { type: 'ok', process: 0, f: 'read', key: 'k', value: 1, atMs: 3 },
] as const;

/** A record as a run leaves it, without the files that are named, and with so many events of its history. */
function recordOf(
  t: { teardown(work: () => void): void },
  options: { without?: string; events?: number } = {},
): string {
  const dir = mkdtempSync(join(tmpdir(), 'judge-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const { record, assertions } = judgeStore('etcd', HISTORY, []);
  const files = {
    'verdict.json': JSON.stringify({ lab: 'pod', verdict: 'pass', assertions, faults: [], stores: [record] }),
    'stores.json': JSON.stringify([{ name: 'etcd', outages: [] }]),
    'history.jsonl': HISTORY.slice(0, options.events)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  };
  for (const [name, text] of Object.entries(files)) if (name !== options.without) writeFileSync(join(dir, name), text);
  return dir;
}

test('a whole record is judged as it was', async (t) => {
  t.like(await judgeRecord(recordOf(t)), { verdict: 'pass', stores: [{ name: 'etcd', acknowledged: 1 }] });
});

test('a record without what tells of its stores is not believed unjudged', async (t) => {
  const judged = judgeRecord(recordOf(t, { without: 'stores.json' }));
  await t.throwsAsync(judged, { instanceOf: InputError, message: /stores\.json: does not tell of etcd/ });
});

test('a history that lost its end is not judged as if that were all', async (t) => {
  const judged = judgeRecord(recordOf(t, { events: 2 }));
  await t.throwsAsync(judged, { instanceOf: InputError, message: /holds 2 events, the run judged 4/ });
});
