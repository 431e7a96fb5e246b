/** The process of the load on etcd: registers, every client with a first member of its own. */
import { finalReads, type Request, registerWorkload, requestAt } from '../../history/workload.ts';
import { createMemory, serveLoad, type Work } from '../load/index.ts';
import { createClient } from './client.ts';
import type { LoadOptions } from './load.ts';

serveLoad((options: LoadOptions): Work<Request> => {
  const { history, seed, clients, rate, treatTimeoutAs, serializableReads } = options;
  const workload = registerWorkload(seed, options.keys, options.keyPrefix);
  const memory = createMemory(clients);
  const all = Array.from({ length: clients }, (_, first) =>
    createClient({
      netns: options.places[first % options.places.length]!,
      members: options.members,
      first,
      timeoutMs: options.timeoutMs ?? 1_000,
      ...(treatTimeoutAs === undefined ? {} : { treatTimeoutAs }),
      ...(serializableReads === undefined ? {} : { serializableReads }),
    }),
  );
  const execute = (client: number, request: Request) => all[client]!.execute(request);
  return {
    history,
    clients,
    rate,
    seed,
    request: (client, index) => requestAt(workload, client, index, memory.seen[client]!),
    execute,
    learn: memory.learn,
    finalReads: () => finalReads(workload),
    lanes: clients,
    executeFinal: execute,
    close() {
      for (const client of all) client.close();
    },
  };
});
