import test from 'ava';
import { type CacheWorkload, cacheFinalReads, cacheOperationAt } from '../../src/history/cache-workload.ts';

const workload: CacheWorkload = { seed: 3, clients: 4, keysPerClient: 2 };
const operations = (client: number) =>
  Array.from({ length: 300 }, (_, index) => cacheOperationAt(workload, client, index));

test('the same seed gives the same operations, and a third of them writes', (t) => {
  t.deepEqual(operations(1), operations(1));
  const writes = operations(1).filter(({ f }) => f === 'write').length;
  t.true(writes > 60 && writes < 140, `${writes}`);
});

test('a key has one writer, its values grow, and everybody reads it', (t) => {
  const writers = new Map<string, Set<number>>();
  const readers = new Map<string, Set<number>>();
  for (let client = 0; client < workload.clients; client++) {
    const last = new Map<string, number>();
    for (const { f, key, value } of operations(client)) {
      const seen = f === 'write' ? writers : readers;
      seen.set(key, (seen.get(key) ?? new Set()).add(client));
      if (f === 'read') continue;
      t.true((value as number) > (last.get(key) ?? -1));
      last.set(key, value as number);
    }
  }
  t.is(writers.size, 8);
  t.true([...writers.values()].every(({ size }) => size === 1));
  t.true([...readers.values()].every(({ size }) => size === 4));
  t.deepEqual(
    cacheFinalReads(workload)
      .map(({ key }) => key)
      .sort(),
    [...writers.keys()].sort(),
  );
});
