/** MariaDB over three zones, broken at its primary in every way that a fabric knows. README.md beside this file says more. */
import { defineLab } from '../../src/lab/definition.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const MiB = 1024 * 1024;

export default defineLab({
  name: 'replicated-database',
  summary: 'MariaDB, one primary and two replicas in three racks, with its manager; clients on the others',
  design: (parameters) =>
    leafSpine({
      name: 'replicated-database',
      spines: 2,
      racks: 5,
      servers: 1,
      serverDiskBytes: 512 * MiB,
      ...parameters,
    }),
  stores: ({ racks }) => {
    const withServers = racks.filter(({ servers }) => servers.length > 0);
    // Each rack of the first three is a zone; clients share no rack with any member.
    if (withServers.length < 4) return [];
    return [
      {
        kind: 'mariadb',
        members: withServers.slice(0, 3).map(({ servers }) => servers[0] as string),
        clientNodes: withServers.slice(3, 7).map(({ servers }) => servers[0] as string),
        clients: 8,
        keys: 8,
        rate: 120,
      },
    ];
  },
  faults: [
    { kind: 'rack-power', target: 'leader:mariadb' },
    { kind: 'link-down', target: 'spine-leaf' },
    { kind: 'link-silent', target: 'leader:mariadb' },
    { kind: 'switch-power', target: 'spine' },
    { kind: 'control-plane-frozen', target: 'leader:mariadb' },
    // Longer than a lease: everybody else must have gone on by then.
    { kind: 'partition', target: 'leader:mariadb|*', lastsMs: 3000 },
    { kind: 'link-down', target: 'leader:mariadb' },
    { kind: 'disk-lost', target: 'leader:mariadb', lastsMs: 2000 },
  ],
  expect: {
    convergeMs: 30_000,
    faults: {
      // Wider than an idle machine needs: the store, its managers and the load share the processors with the routers.
      default: { fibMs: 1000, lossMs: 1000, healMs: 8000 },
    },
  },
});
