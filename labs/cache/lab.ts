/** Redis with Sentinel as a cache over three zones, with applications beside it. README.md beside this file says more. */
import { defineLab } from '../../src/lab/definition.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const MiB = 1024 * 1024;

export default defineLab({
  name: 'cache',
  summary: 'Redis with Sentinel over three racks, judged as a cache while its primary is cut off and loses power',
  design: (parameters) =>
    leafSpine({ name: 'cache', spines: 2, racks: 4, servers: 1, serverDiskBytes: 64 * MiB, ...parameters }),
  stores: ({ racks }) => {
    const servers = racks.flatMap(({ servers: [first] }) => (first === undefined ? [] : [first]));
    // Two sentinels of three must agree, so each has a zone of its own.
    if (servers.length < 3) return [];
    return [
      {
        kind: 'redis',
        members: servers.slice(0, 3),
        // Also on the members' own servers: what is cut off with a primary still talks to it.
        clientNodes: servers,
        clients: 8,
        keysPerClient: 2,
        rate: 200,
        // A partition, the fail-over, and the ten seconds for which sentinels leave a second primary alone.
        maxStaleMs: 30_000,
      },
    ];
  },
  faults: [
    { kind: 'link-down', target: 'leader:redis', lastsMs: 4000 },
    { kind: 'link-silent', target: 'spine-leaf' },
    { kind: 'switch-power', target: 'spine' },
    { kind: 'disk-slow', target: 'leader:redis' },
    { kind: 'rack-power', target: 'leader:redis', lastsMs: 4000 },
  ],
  expect: {
    convergeMs: 30_000,
    faults: {
      // Wider than an idle machine needs: the cache and the load share the processors with the routers.
      default: { fibMs: 1000, lossMs: 1000, healMs: 8000 },
    },
  },
});
