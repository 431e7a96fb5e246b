/** One feed or UPS that takes more than the design can lose: every spine, or the leaves of more than one zone. */
import { unpowered } from '../../fabric/index.ts';
import type { Network } from '../network.ts';
import { type Found, inTopology, listed, type Rule } from '../rule.ts';

export const power: Rule = {
  name: 'power',
  *judge(network: Network): Generator<Found> {
    const { fabric, topology } = network;
    if (!fabric?.power) return;
    const told = new Set<string>();
    for (const { name, kind } of fabric.power.elements) {
      if (kind !== 'feed' && kind !== 'ups') continue;
      const gone = new Set(unpowered(fabric.power, new Set([name])));
      const harm = harmOf(fabric.nodes, gone);
      // A UPS takes what its feed takes, which says it all.
      const key = [...gone].join(' ');
      if (harm === undefined || told.has(key)) continue;
      told.add(key);
      const line = topology.nodes.find((node) => node.name === harm.node)?.at.line ?? 1;
      yield inTopology(network, harm.node, line, {
        severity: 'warning',
        message: `${name} takes ${gone.size} of ${fabric.nodes.length} nodes with it, ${harm.what}`,
        remedy: 'Give the design two feeds and these nodes two power supplies, or supplies on different sides',
      });
    }
  },
};

type Node = NonNullable<Network['fabric']>['nodes'][number];

function harmOf(nodes: readonly Node[], gone: ReadonlySet<string>): { node: string; what: string } | undefined {
  const spines = nodes.filter(({ role }) => role === 'spine');
  if (spines.length > 1 && spines.every(({ name }) => gone.has(name))) {
    return { node: spines[0]!.name, what: 'every spine among them: no rack reaches another' };
  }
  const leaves = nodes.filter(({ role, zone }) => role === 'leaf' && zone !== undefined);
  const zones = [...new Set(leaves.map(({ zone }) => zone as string))].filter((zone) =>
    leaves.every((leaf) => leaf.zone !== zone || gone.has(leaf.name)),
  );
  if (zones.length < 2) return undefined;
  const node = leaves.find(({ name }) => gone.has(name))!.name;
  return { node, what: `every leaf of ${listed(zones)} among them: zones that should fail apart fail together` };
}
