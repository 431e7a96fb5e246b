/** Who is there and which port goes where: names, roles, links. No addresses yet. */
import type { FabricLink, LeafSpineDesign, Port, Rack, Role } from './fabric.ts';

/** A node before it has addresses and a configuration. */
export interface WiredNode {
  readonly name: string;
  readonly role: Role;
  readonly index: number;
  /** Number of its rack, from 1; 0 for spines. */
  readonly rack: number;
  readonly ports: readonly Port[];
}

export interface Wiring {
  readonly nodes: readonly WiredNode[];
  readonly links: readonly FabricLink[];
}

export const spineName = (index: number): string => `spine-${index}`;
export const leafName = (rack: number): string => `leaf-${rack}`;
export const serverName = (rack: number, index: number): string => `server-${rack}-${index}`;
export const rackName = (rack: number): Rack['name'] => `rack-${rack}`;

/**
 * Ports after the plan that people cable by: port R of every spine goes to leaf R; a leaf has its spines first, in order,
 * then its servers; a server has one uplink. The upper tier is always end `a`.
 */
export function wire(design: LeafSpineDesign): Wiring {
  const spines = count(design.spines);
  const racks = count(design.racks);
  const servers = count(design.servers);
  const links: FabricLink[] = [];
  const ports = new Map<string, Port[]>();
  const connect = (upper: string, upperPort: number, lower: string, lowerPort: number) => {
    const a = { node: upper, interface: `eth${upperPort}` };
    const z = { node: lower, interface: `eth${lowerPort}` };
    const link = links.push({ name: `${a.node}:${a.interface}--${z.node}:${z.interface}`, a, z, mtu: design.mtu }) - 1;
    append(ports, upper, { interface: a.interface, link, peer: z });
    append(ports, lower, { interface: z.interface, link, peer: a });
  };
  for (const spine of spines) for (const rack of racks) connect(spineName(spine), rack, leafName(rack), spine);
  for (const rack of racks) {
    for (const server of servers) connect(leafName(rack), design.spines + server, serverName(rack, server), 1);
  }
  const node = (name: string, role: Role, index: number, rack: number): WiredNode => {
    return { name, role, index, rack, ports: ports.get(name) ?? [] };
  };
  return {
    nodes: [
      ...spines.map((index) => node(spineName(index), 'spine', index, 0)),
      ...racks.map((rack) => node(leafName(rack), 'leaf', rack, rack)),
      ...racks.flatMap((rack) => servers.map((index) => node(serverName(rack, index), 'server', index, rack))),
    ],
    links,
  };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function count(to: number): readonly number[] {
  return Array.from({ length: to }, (_, i) => i + 1);
}
