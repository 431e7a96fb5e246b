/** A spine passes the fabric's routes between leaves, and nothing else. */
import type { FrrConfig } from 'frr-config';
import type { LeafSpineDesign } from '../fabric.ts';
import type { AddressPlan } from '../pools.ts';
import { hostsOf, permitOnly, prefixLists, type RouterFacts, routerConfig, within } from './router.ts';

/** `asnOf` tells the ASN of a neighbour. */
export function spineConfig(
  design: LeafSpineDesign,
  plan: AddressPlan,
  node: RouterFacts,
  asnOf: (name: string) => number,
): FrrConfig {
  const { loopback4, loopback6, rack4, rack6 } = plan.pools;
  const { service } = plan;
  return routerConfig(design, node, {
    sessions: [
      {
        group: 'LEAVES',
        members: node.ports.map((port) => ({ port, asn: asnOf(port.peer.node) })),
        routeMapIn: 'FABRIC',
        routeMapOut: 'FABRIC',
      },
    ],
    networks: [node.loopback4, node.loopback6],
    prefixLists: prefixLists(
      'FABRIC',
      [...[loopback4, rack4].map((each) => within(each)), ...(service ? [hostsOf(service.service4)] : [])],
      [...[loopback6, rack6].map((each) => within(each)), ...(service ? [hostsOf(service.service6)] : [])],
    ),
    routeMaps: [permitOnly('FABRIC', 'FABRIC')],
  });
}
