/** One MTU on both ends of a link and along the fabric: what is larger than the smallest is lost without a word. */

import { groupBy } from '../group-by.ts';
import type { Network } from '../network.ts';
import { endKey, type NamedLink } from '../network.ts';
import { type Found, inTopology, type Rule } from '../rule.ts';

export const mtu: Rule = {
  name: 'mtu',
  *judge(network: Network): Generator<Found> {
    yield* links(network);
    yield* commands(network);
  },
};

function* links(network: Network): Generator<Found> {
  const intended = new Map(network.fabric?.links.map((link) => [link.name, link.mtu]));
  const usual = usualMtu(network);
  for (const link of network.links) {
    const right = intended.get(link.name) ?? intended.get(reversed(link)) ?? usual;
    if (right === undefined || link.mtu === right) continue;
    yield inTopology(network, link.a.node, link.at.line, {
      severity: network.fabric ? 'error' : 'warning',
      message: `link ${link.name} has an MTU of ${link.mtu}, ${network.fabric ? 'but the intent has' : 'but most links between routers have'} ${right}: larger packets are lost on it`,
      remedy: `Give it mtu: ${right}`,
      link,
    });
  }
}

/** What most links between two routers have, where there is no intent to tell. */
function usualMtu({ fabric, links, router }: Network): number | undefined {
  if (fabric) return undefined;
  const between = links.filter(({ a, z }) => router.has(a.node) && router.has(z.node));
  const sizes = [...groupBy(between, (link) => link.mtu)].sort(([, left], [, right]) => right.length - left.length);
  return sizes[0]?.[0];
}

function reversed({ a, z }: NamedLink): string {
  return `${endKey(z.node, z.interface)}--${endKey(a.node, a.interface)}`;
}

/** `exec: ip link set eth1 mtu 1500` changes one end behind the link's back. */
function* commands(network: Network): Generator<Found> {
  for (const node of network.topology.nodes) {
    for (const command of node.exec) {
      const [, port, size] = /\bip(?: -\S+)* link set (?:dev )?(\S+).*\bmtu (\d+)/.exec(command) ?? [];
      const link = network.links.find(({ a, z }) =>
        [a, z].some((end) => end.node === node.name && end.interface === port),
      );
      if (!link || Number(size) === link.mtu) continue;
      yield inTopology(network, node.name, node.at.line, {
        severity: 'error',
        message: `exec "${command}" gives ${node.name}:${port} an MTU of ${size}, but its link has ${link.mtu}: larger packets from the other end are lost`,
        remedy: `Remove the command, or give the link mtu: ${size}`,
        link,
      });
    }
  }
}
