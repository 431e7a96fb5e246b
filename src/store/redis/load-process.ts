/** The process of the load on a cache: every key has one writer, everybody reads. */
import { type CacheOperation, cacheFinalReads, cacheOperationAt } from '../../history/cache-workload.ts';
import { serveLoad, type Work } from '../load/index.ts';
import { createClient } from './client.ts';
import type { CacheLoadOptions } from './load.ts';

serveLoad((options: CacheLoadOptions): Work<CacheOperation> => {
  const { history, seed, clients, keysPerClient, places, members, timeoutMs, readFrom, rate } = options;
  const workload = { seed, clients, keysPerClient };
  const all = Array.from({ length: clients }, (_, client) => {
    const { netns, nearest } = places[client % places.length]!;
    return createClient({ netns, members, first: nearest, timeoutMs, readFrom });
  });
  return {
    history,
    clients,
    rate,
    seed,
    request: (client, index) => cacheOperationAt(workload, client, index),
    execute: (client, operation) => all[client]!.execute(operation, readFrom),
    finalReads: () => cacheFinalReads(workload),
    lanes: 1,
    // What a replica has is no last word.
    executeFinal: (client, operation) => all[client]!.execute(operation, 'primary'),
    close() {
      for (const client of all) client.close();
    },
  };
});
