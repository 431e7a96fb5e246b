/** From a design to the fabric: the same design always gives the same fabric. */
import { InputError } from '../errors.ts';
import { formatAddress, formatPrefix } from './cidr.ts';
import { leafConfig } from './config/leaf.ts';
import type { RouterFacts } from './config/router.ts';
import { serverConfig } from './config/server.ts';
import { spineConfig } from './config/spine.ts';
import { designProblems } from './design-problems.ts';
import type { Fabric, FabricNode, LeafSpineDesign, PowerDomain, Rack } from './fabric.ts';
import { deepFreeze } from './freeze.ts';
import { type AddressPlan, planAddresses } from './pools.ts';
import { DEFAULT_POWER, powerTree, rowName, zoneName } from './power-tree.ts';
import { leafName, rackName, serverName, type WiredNode, wire } from './wiring.ts';

/**
 * Works out every node, port, link, address, ASN, configuration and power domain of a design. Deeply frozen.
 * @throws InputError with all that is wrong with the design
 */
export function workOut(design: LeafSpineDesign): Fabric {
  const problems = designProblems(design);
  if (problems.length > 0) throw new InputError(problems.map((problem) => `design ${design.name}: ${problem}`));
  const plan = planAddresses(design);
  const wiring = wire(design);
  const asns = new Map(wiring.nodes.map((node) => [node.name, asn(design, node)]));
  const asnOf = (name: string) => asns.get(name)!;
  const racks = Array.from({ length: design.racks }, (_, i) => rack(design, plan, i + 1));
  return deepFreeze({
    name: design.name,
    design,
    nodes: wiring.nodes.map((node) => fabricNode(design, plan, node, asnOf)),
    links: wiring.links,
    racks,
    powerDomains: powerDomains(wiring.nodes, racks),
    power: powerTree(design, wiring.nodes),
  });
}

function asn(design: LeafSpineDesign, node: WiredNode): number {
  if (node.role === 'spine') return design.asn.spine;
  if (node.role === 'leaf') return design.asn.leaf + node.rack;
  return design.asn.server + (node.rack - 1) * design.servers + node.index;
}

function fabricNode(
  design: LeafSpineDesign,
  plan: AddressPlan,
  node: WiredNode,
  asnOf: (name: string) => number,
): FabricNode {
  const { loopback4, loopback6 } = loopbacksOf(plan, node);
  const facts: RouterFacts = { name: node.name, asn: asnOf(node.name), loopback4, loopback6, ports: node.ports };
  return {
    name: node.name,
    role: node.role,
    index: node.index,
    ...(node.rack > 0 && { rack: rackName(node.rack) }),
    zone: zoneName(design.power ?? DEFAULT_POWER, node.rack || node.index),
    asn: facts.asn,
    routerId: formatAddress('ipv4', loopback4.address),
    loopback4: formatPrefix(loopback4),
    loopback6: formatPrefix(loopback6),
    ports: node.ports,
    config: configOf(design, plan, node, facts, asnOf),
  };
}

function loopbacksOf(plan: AddressPlan, node: WiredNode) {
  if (node.role === 'spine') return plan.spine(node.index);
  if (node.role === 'leaf') return plan.leaf(node.rack);
  return plan.server(node.rack, node.index);
}

function configOf(
  design: LeafSpineDesign,
  plan: AddressPlan,
  node: WiredNode,
  facts: RouterFacts,
  asnOf: (name: string) => number,
) {
  if (node.role === 'spine') return spineConfig(design, plan, facts, asnOf);
  if (node.role === 'leaf') return leafConfig(design, plan, { ...facts, rack: node.rack }, asnOf);
  return serverConfig(design, plan, facts, asnOf);
}

function rack(design: LeafSpineDesign, plan: AddressPlan, number: number): Rack {
  const { prefix4, prefix6 } = plan.rack(number);
  return {
    name: rackName(number),
    leaf: leafName(number),
    servers: Array.from({ length: design.servers }, (_, i) => serverName(number, i + 1)),
    row: rowName(design.power ?? DEFAULT_POWER, number),
    zone: zoneName(design.power ?? DEFAULT_POWER, number),
    prefix4: formatPrefix(prefix4),
    prefix6: formatPrefix(prefix6),
  };
}

/** A rack has one feed for its leaf and servers; spines stand apart from each other, as they should. */
function powerDomains(nodes: readonly WiredNode[], racks: readonly Rack[]): readonly PowerDomain[] {
  return [
    ...nodes.filter((node) => node.role === 'spine').map((node) => ({ name: node.name, nodes: [node.name] })),
    ...racks.map(({ name, leaf, servers }) => ({ name, nodes: [leaf, ...servers] })),
  ];
}
