/** Cables and nodes as the intent has them. A link on the wrong port often works, until the wrong thing is unplugged. */
import { endKey, type Network } from '../network.ts';
import { type Found, inTopology, type Rule } from '../rule.ts';

export const wiring: Rule = {
  name: 'wiring',
  *judge(network: Network): Generator<Found> {
    if (!network.fabric) return;
    yield* nodes(network);
    yield* links(network);
  },
};

function* nodes(network: Network): Generator<Found> {
  const present = new Map(network.topology.nodes.map((node) => [node.name, node]));
  const intended = new Set(network.fabric!.nodes.map(({ name }) => name));
  for (const name of intended) {
    if (present.has(name)) continue;
    yield inTopology(network, name, 1, {
      severity: 'error',
      message: `${name} of the intent is not in the topology`,
      remedy: 'Put the node back, or generate the folder for the smaller design',
    });
  }
  for (const node of present.values()) {
    if (intended.has(node.name)) continue;
    yield inTopology(network, node.name, node.at.line, {
      severity: 'warning',
      message: `${node.name} is not in the intent`,
      remedy: 'Add it to the design, or ignore this where it is there to look on',
    });
  }
}

function* links(network: Network): Generator<Found> {
  const intendedFar = new Map<string, string>();
  for (const { a, z } of network.fabric!.links) {
    intendedFar.set(endKey(a.node, a.interface), endKey(z.node, z.interface));
    intendedFar.set(endKey(z.node, z.interface), endKey(a.node, a.interface));
  }
  const used = new Set<string>();
  for (const link of network.links) {
    const [a, z] = [endKey(link.a.node, link.a.interface), endKey(link.z.node, link.z.interface)];
    used.add(a).add(z);
    if (intendedFar.get(a) === z) continue;
    yield inTopology(network, link.a.node, link.at.line, { ...wrongly(a, z, intendedFar), link });
  }
  const present = new Set(network.topology.nodes.map(({ name }) => name));
  for (const { a, z, name } of network.fabric!.links) {
    // A port that is wired elsewhere has been told, and so has a node that is gone.
    if (used.has(endKey(a.node, a.interface)) || used.has(endKey(z.node, z.interface))) continue;
    if (!present.has(a.node) || !present.has(z.node)) continue;
    const at = network.topology.nodes.find((node) => node.name === a.node)!.at;
    yield inTopology(network, a.node, at.line, {
      severity: 'error',
      message: `link ${name} of the intent is not in the topology`,
      remedy: `Add endpoints ["${endKey(a.node, a.interface)}", "${endKey(z.node, z.interface)}"]`,
      link: { name },
    });
  }
}

function wrongly(a: string, z: string, intendedFar: ReadonlyMap<string, string>) {
  const told = [a, z]
    .filter((end) => intendedFar.has(end))
    .map((end) => `${end} is to be wired to ${intendedFar.get(end)}`);
  if (told.length === 0) {
    return {
      severity: 'warning' as const,
      message: `link ${a}--${z} is not in the intent`,
      remedy: 'Remove the link, or add it to the design',
    };
  }
  return {
    severity: 'error' as const,
    message: `${a} is wired to ${z}, but ${told.join(', and ')}`,
    remedy: 'Wire the ports as the intent has them',
  };
}
