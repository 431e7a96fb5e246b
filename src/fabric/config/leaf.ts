/**
 * A leaf announces its rack, unsummarised (RFC 7938 section 8.2), and never passes what one spine told it to another:
 * a leaf with all its traffic drained must not become transit. Floating service addresses have no rack: a leaf passes those whose AS path
 * is one of its own servers and nothing else.
 */
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
  type Session,
  within,
} from './router.ts';

/** `asnOf` tells the ASN of a neighbour. */
export function leafConfig(
  design: LeafSpineDesign,
  plan: AddressPlan,
  node: RouterFacts & { readonly rack: number },
  asnOf: (name: string) => number,
): FrrConfig {
  const { loopback4, loopback6, rack4, rack6 } = plan.pools;
  const { prefix4, prefix6 } = plan.rack(node.rack);
  const uplinks = node.ports.slice(0, design.spines);
  const downlinks = node.ports.slice(design.spines);
  const service = downlinks.length > 0 ? plan.service : undefined;
  const ownServers = service && 'RACK';
  const servers: Session = {
    group: 'SERVERS',
    members: downlinks.map((port) => ({ port, asn: asnOf(port.peer.node) })),
    routeMapIn: 'FROM-SERVERS',
    routeMapOut: 'TO-SERVERS',
  };
  return routerConfig(design, node, {
    sessions: [
      {
        group: 'SPINES',
        groupAsn: design.asn.spine,
        members: uplinks.map((port) => ({ port, asn: design.asn.spine })),
        routeMapIn: 'FROM-SPINES',
        routeMapOut: 'TO-SPINES',
      },
      ...(downlinks.length > 0 ? [servers] : []),
    ],
    networks: [node.loopback4, node.loopback6, prefix4, prefix6],
    prefixLists: [
      ...prefixLists('OWN', [exactly(node.loopback4), within(prefix4)], [exactly(node.loopback6), within(prefix6)]),
      // A rack's prefix from outside is a mistake of somebody else, and would loop packets for addresses that are down.
      ...prefixLists(
        'OTHERS',
        [within(prefix4, 'deny'), { action: 'permit', prefix: 'any' }],
        [within(prefix6, 'deny'), { action: 'permit', prefix: 'any' }],
      ),
      ...(downlinks.length > 0
        ? [
            ...prefixLists('SERVICES', [hostsOf(prefix4)], [hostsOf(prefix6)]),
            ...prefixLists(
              'FABRIC',
              [...[loopback4, rack4].map((each) => within(each)), ...(service ? [hostsOf(service.service4)] : [])],
              [...[loopback6, rack6].map((each) => within(each)), ...(service ? [hostsOf(service.service6)] : [])],
            ),
          ]
        : []),
      ...(service ? prefixLists(FLOATING, [hostsOf(service.service4)], [hostsOf(service.service6)]) : []),
    ],
    ...(ownServers && {
      asPathLists: [
        asPaths(
          ownServers,
          downlinks.map((port) => [asnOf(port.peer.node)]),
        ),
      ],
    }),
    routeMaps: [
      permitOnly('TO-SPINES', 'OWN', ownServers),
      permitOnly('FROM-SPINES', 'OTHERS'),
      ...(downlinks.length > 0
        ? [permitOnly('TO-SERVERS', 'FABRIC'), permitOnly('FROM-SERVERS', 'SERVICES', ownServers)]
        : []),
    ],
  });
}
