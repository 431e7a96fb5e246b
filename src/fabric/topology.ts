/** The containerlab topology of a fabric: short, because groups and magic variables say what nodes have in common. */
import type { TopologyDocument } from 'containerlab-ts';
import type { Fabric, FabricNode, Role } from './fabric.ts';

export const FRR_IMAGE = 'quay.io/frrouting/frr:8.4.4';
/** Where a server's disk is mounted. */
export const STORE_PATH = '/var/lib/store';
/** What a link has that says nothing, in containerlab. */
const DEFAULT_MTU = 9500;

/** Kernel settings of every router; they count from the instant its namespace exists, before any interface. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  'net.ipv6.conf.all.forwarding': '1',
  'net.ipv6.conf.default.accept_dad': '0',
  // Layer 4 hash: flows between the same two addresses spread over all uplinks. Policy 3 with the five-tuple, for under policy 1 routers that
  // share one kernel take over the hash of the socket that sent a TCP packet, and all choose alike. For IPv6 the kernel then answers route questions
  // about another tuple than the one asked for, so that no path could be told in advance: it stays with policy 1.
  'net.ipv4.fib_multipath_hash_fields': '55',
  'net.ipv4.fib_multipath_hash_policy': '3',
  'net.ipv6.fib_multipath_hash_policy': '1',
  // A dead port is left out of ECMP by the kernel itself, also while zebra is busy or frozen.
  'net.ipv4.conf.all.ignore_routes_with_linkdown': '1',
  'net.ipv4.conf.default.ignore_routes_with_linkdown': '1',
  'net.ipv6.conf.all.ignore_routes_with_linkdown': '1',
  'net.ipv6.conf.default.ignore_routes_with_linkdown': '1',
  // Answers may come back on another uplink than the one the question left by.
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
};

/** The topology document of a fabric; relative binds start at the folder that `writeFabric` fills. */
export function topologyOf(fabric: Fabric): TopologyDocument {
  return {
    name: fabric.name,
    defaults: {
      kind: 'linux',
      image: FRR_IMAGE,
      binds: ['configs/__clabNodeName__/frr.conf:/etc/frr/frr.conf', 'configs/daemons:/etc/frr/daemons'],
      sysctls: SYSCTLS,
    },
    groups: Object.fromEntries(rolesOf(fabric).map((role) => [role, { labels: roleLabels(fabric, role) }])),
    nodes: Object.fromEntries(fabric.nodes.map((node) => [node.name, nodeOf(node)])),
    links: fabric.links.map(({ a, z, mtu }) => ({
      endpoints: [`${a.node}:${a.interface}`, `${z.node}:${z.interface}`] as const,
      ...(mtu !== DEFAULT_MTU && { mtu }),
    })),
  };
}

function rolesOf(fabric: Fabric): readonly Role[] {
  return [...new Set(fabric.nodes.map((node) => node.role))];
}

function roleLabels(fabric: Fabric, role: Role): Record<string, string> {
  const { serverDiskBytes: disk, serverDiskKind } = fabric.design;
  const kind = serverDiskKind === undefined ? '' : `,kind=${serverDiskKind}`;
  return {
    'leafstorm-role': role,
    ...(role === 'server' && disk > 0 && { 'leafstorm-disk': `${STORE_PATH}=${disk}${kind}` }),
  };
}

function nodeOf(node: FabricNode) {
  const labels = {
    ...(node.rack !== undefined && { 'leafstorm-rack': node.rack }),
    ...(node.zone !== undefined && { 'leafstorm-zone': node.zone }),
  };
  return { group: node.role, ...(Object.keys(labels).length > 0 && { labels }) };
}
