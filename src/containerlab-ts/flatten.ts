/** Back from a topology to a document: everything that was inherited written out in each node. */
import type { LinkDefinition, NodeDefinition, Plain, TopologyDocument } from './document.ts';
import { DEFAULT_PREFIX, SPECIAL_NODES } from './names.ts';
import type { Bind, Setting, Topology, TopologyEndpoint, TopologyLink, TopologyNode } from './topology.ts';

/**
 * The document of a topology as it will run: no defaults, kinds or groups, no variables, absolute binds. Written and read
 * again in the same place it gives the same topology.
 */
export function flatten(topology: Topology): TopologyDocument {
  return {
    name: topology.name,
    ...(topology.prefix === DEFAULT_PREFIX ? {} : { prefix: topology.prefix }),
    ...settings(topology.other),
    nodes: Object.fromEntries(topology.nodes.map((node) => [node.name, nodeDefinition(node)])),
    links: topology.links.map(linkDefinition),
  };
}

function settings(other: readonly Setting[] | undefined): Record<string, Plain> {
  return Object.fromEntries((other ?? []).map(({ key, value }) => [key, value as Plain]));
}

function nodeDefinition(node: TopologyNode): NodeDefinition {
  const all: Record<string, Plain> = {
    kind: node.kind,
    group: node.group,
    image: node.image,
    cmd: node.cmd,
    entrypoint: node.entrypoint,
    binds: node.binds.map(bindText),
    env: node.env,
    labels: node.labels,
    sysctls: node.sysctls,
    exec: node.exec,
    cpu: node.cpu,
    memory: node.memory === 0 ? '' : `${node.memory}b`,
    'startup-delay': node.startupDelay,
    'network-mode': node.networkMode,
  };
  const said = Object.entries(all).filter(([, value]) => !isNothing(value));
  return { ...Object.fromEntries(said), ...settings(node.other) };
}

function isNothing(value: Plain): boolean {
  return (
    value === '' || value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}

function bindText({ source, target, readOnly, options = [] }: Bind): string {
  const words = [...(readOnly ? ['ro'] : []), ...options];
  return [source, target, ...(words.length > 0 ? [words.join(',')] : [])].join(':');
}

const BRIEF_TYPES: ReadonlySet<string> = new Set(['veth', ...SPECIAL_NODES]);
const BRIEF_KEYS: ReadonlySet<string> = new Set(['ipv4', 'ipv6', 'vars']);

/** Brief where that can say all. */
function linkDefinition(link: TopologyLink): LinkDefinition {
  const { type, a, z, mtu, other = [] } = link;
  const plainEnds = [a, z].every((end) => end.mac === '' && end.other === undefined);
  if (BRIEF_TYPES.has(type) && plainEnds && other.every(({ key }) => BRIEF_KEYS.has(key))) {
    return { endpoints: [endText(a), endText(z)], mtu, ...settings(other) };
  }
  const twoEnds = type === 'veth' || type === 'veth-stitch';
  return {
    type,
    ...(twoEnds ? { endpoints: [endpoint(a), endpoint(z)] } : { endpoint: endpoint(a) }),
    ...(SPECIAL_NODES.has(type) ? { 'host-interface': z.interface } : {}),
    mtu,
    ...settings(other),
  };
}

function endText(end: TopologyEndpoint): string {
  return `${end.node}:${end.interface}`;
}

function endpoint(end: TopologyEndpoint): Plain {
  return {
    node: end.node,
    interface: end.interface,
    ...(end.mac === '' ? {} : { mac: end.mac }),
    ...settings(end.other),
  };
}
