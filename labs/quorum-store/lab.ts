/** etcd over three zones, a rack each, struck at its leader's link, power and disk. README.md beside this file says more. */
import { defineLab } from '../../src/lab/definition.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const MiB = 1024 * 1024;

export default defineLab({
  name: 'quorum-store',
  summary: 'etcd over three racks, struck at its leader: link, power, full, slow and lost disk',
  design: (parameters) =>
    leafSpine({ name: 'quorum-store', spines: 2, racks: 5, servers: 1, serverDiskBytes: 256 * MiB, ...parameters }),
  stores: ({ racks }) => {
    const servers = racks.flatMap(({ servers: [first] }) => (first === undefined ? [] : [first]));
    // A rack is a zone: with fewer than three, one of them would hold a quorum alone.
    if (servers.length < 4) return [];
    return [
      {
        kind: 'etcd',
        members: servers.slice(0, 3),
        clientNodes: servers.slice(3),
        clients: 6,
        keys: 8,
        rate: 120,
      },
    ];
  },
  faults: [
    { kind: 'link-down', target: 'leader:etcd', lastsMs: 3000 },
    { kind: 'link-silent', target: 'spine-leaf' },
    { kind: 'switch-power', target: 'spine' },
    { kind: 'disk-full', target: 'leader:etcd' },
    { kind: 'disk-slow', target: 'leader:etcd' },
    { kind: 'disk-lost', target: 'leader:etcd' },
    { kind: 'rack-power', target: 'leader:etcd', lastsMs: 3000 },
    { kind: 'power-cut', target: 'feed' },
    { kind: 'power-cut', target: 'pod' },
  ],
  expect: {
    convergeMs: 30_000,
    faults: {
      // Wider than an idle machine needs: the store and the load share the processors with the routers.
      default: { fibMs: 1000, lossMs: 1000, healMs: 8000 },
      // The whole POD boots and converges again.
      'power-cut': { fibMs: 1000, lossMs: 1000, healMs: 20_000 },
    },
  },
});
