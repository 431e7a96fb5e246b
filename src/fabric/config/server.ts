/** A server announces its own addresses, and floating service addresses while it has them, and takes what its leaf tells it. */
import type { FrrConfig } from 'frr-config';
import type { LeafSpineDesign } from '../fabric.ts';
import type { AddressPlan } from '../pools.ts';
import {
  asPaths,
  exactly,
  FLOATING,
  hostsOf,
  permitOnly,
  prefixLists,
  type RouterFacts,
  routerConfig,
} from './router.ts';

/** `asnOf` tells the ASN of a neighbour. */
export function serverConfig(
  design: LeafSpineDesign,
  { service }: AddressPlan,
  node: RouterFacts,
  asnOf: (name: string) => number,
): FrrConfig {
  const itself = service && 'ITSELF';
  const leaf = asnOf(node.ports[0]!.peer.node);
  return routerConfig(design, node, {
    sessions: [
      {
        group: 'LEAF',
        groupAsn: leaf,
        members: node.ports.map((port) => ({ port, asn: leaf })),
        routeMapIn: 'FROM-LEAF',
        routeMapOut: 'TO-LEAF',
      },
    ],
    networks: [node.loopback4, node.loopback6],
    prefixLists: [
      ...prefixLists('OWN', [exactly(node.loopback4)], [exactly(node.loopback6)]),
      ...(service ? prefixLists(FLOATING, [hostsOf(service.service4)], [hostsOf(service.service6)]) : []),
    ],
    // What it heard of others has their ASNs in its path: only what it announces itself has none yet.
    ...(itself && { asPathLists: [asPaths(itself, [[]])] }),
    routeMaps: [permitOnly('TO-LEAF', 'OWN', itself), { name: 'FROM-LEAF', entries: [{ action: 'permit', seq: 10 }] }],
  });
}
