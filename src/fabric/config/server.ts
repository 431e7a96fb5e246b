/** A server announces its service addresses and takes what its leaf tells it. */
import type { FrrConfig } from 'frr-config';
import type { LeafSpineDesign } from '../fabric.ts';
import { exactly, permitOnly, prefixLists, type RouterFacts, routerConfig } from './router.ts';

/** `asnOf` tells the ASN of a neighbour. */
export function serverConfig(design: LeafSpineDesign, node: RouterFacts, asnOf: (name: string) => number): FrrConfig {
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
    prefixLists: prefixLists('OWN', [exactly(node.loopback4)], [exactly(node.loopback6)]),
    routeMaps: [permitOnly('TO-LEAF', 'OWN'), { name: 'FROM-LEAF', entries: [{ action: 'permit', seq: 10 }] }],
  });
}
