/** The main lab: one POD with etcd across its racks, broken in nine ways. README.md beside this file says more. */
import { defineLab } from '../../src/lab/definition.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const MiB = 1024 * 1024;

export default defineLab({
  name: 'pod',
  summary: 'a leaf-spine POD, etcd on three racks, clients on the others',
  design: (parameters) =>
    leafSpine({ name: 'pod', spines: 2, racks: 5, servers: 1, serverDiskBytes: 256 * MiB, ...parameters }),
  stores: ({ racks }) => {
    const withServers = racks.filter(({ servers }) => servers.length > 0);
    // A quorum of three, and clients that do not share a rack with any of it.
    if (withServers.length < 4) return [];
    return [
      {
        kind: 'etcd',
        members: withServers.slice(0, 3).map(({ servers }) => servers[0] as string),
        clientNodes: withServers.slice(3, 7).map(({ servers }) => servers[0] as string),
        clients: 6,
        keys: 8,
        rate: 150,
      },
    ];
  },
  faults: [
    { kind: 'link-down', target: 'spine-leaf' },
    { kind: 'link-silent', target: 'spine-leaf' },
    { kind: 'link-silent-one-way', target: 'spine-leaf' },
    { kind: 'link-lossy', target: 'spine-leaf' },
    { kind: 'link-flap', target: 'spine-leaf' },
    { kind: 'switch-power', target: 'spine' },
    { kind: 'switch-power', target: 'leaf' },
    { kind: 'control-plane-frozen', target: 'spine' },
    { kind: 'daemon-killed', target: 'spine' },
    { kind: 'link-down', target: 'spine-leaf' },
    { kind: 'rack-power', target: 'leader:etcd' },
  ],
  expect: {
    convergeMs: 30_000,
    faults: {
      // Carrier and power are seen at once; what is silent is seen by BFD, 100 ms x 3 here, and not before.
      default: { fibMs: 500, lossMs: 500, healMs: 5000 },
      // After the last flap the sessions must come back, as after a heal.
      'link-flap': { fibMs: 5000, lossMs: 500, healMs: 5000 },
      'link-silent': { fibMs: 800, lossMs: 500, healMs: 5000 },
      'link-silent-one-way': { fibMs: 800, lossMs: 500, healMs: 5000 },
      'control-plane-frozen': { fibMs: 800, lossMs: 500, healMs: 5000 },
    },
  },
});
