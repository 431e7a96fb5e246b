/** A process that deploys the topology it is sent and then waits to be killed. */
import { embedded } from '../../src/engine/embedded/index.ts';

process.once('message', (topology: Parameters<typeof embedded.deploy>[0]) => {
  process.send?.('started');
  void embedded.deploy(topology, { seed: 1 });
});
setInterval(() => {}, 1000);
