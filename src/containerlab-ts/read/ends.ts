/** Whether the ends of links are possible: nodes that exist, interfaces that have a name and are used once. */
import { interfaceFault, nearest, quoted, SPECIAL_NODES } from '../names.ts';
import type { TopologyNode } from '../topology.ts';
import type { End, PlacedLink } from './links.ts';
import type { Report } from './report.ts';

/** Links whose far end is nothing in the topology. */
const ONE_ENDED: ReadonlySet<string> = new Set(['vxlan', 'vxlan-stitch', 'dummy']);

/** @param nodes all of them, also those that have problems of their own */
export function checkEnds(links: readonly PlacedLink[], nodes: readonly TopologyNode[], report: Report): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const used = new Map<string, number>();
  for (const { link, ends } of links) {
    const [a, z] = ends;
    if (SPECIAL_NODES.has(a.node) && SPECIAL_NODES.has(z.node)) {
      report.add(
        a.offset,
        `the link joins ${quoted(a.node)} and ${quoted(z.node)}, and no node`,
        'Name a node of the topology at one end.',
      );
    }
    if (a.node === z.node && a.interface === z.interface) {
      report.add(
        z.offset,
        `the link joins ${quoted(`${a.node}:${a.interface}`)} to itself`,
        'Name two different interfaces.',
      );
      checkEnd(a, byName, report);
      continue;
    }
    for (const end of ONE_ENDED.has(link.type) ? [a] : ends) {
      if (!checkEnd(end, byName, report)) continue;
      const name = `${end.node}:${end.interface}`;
      const first = used.get(name);
      if (first === undefined) used.set(name, end.offset);
      else
        report.add(
          end.offset,
          `the interface ${quoted(name)} is at the end of two links; the other is on line ${report.position(first).line}`,
          'Give one of them another interface.',
        );
    }
  }
}

/** Checks one end; whether a second link must not use it as well. */
function checkEnd(end: End, nodes: ReadonlyMap<string, TopologyNode>, report: Report): boolean {
  if (SPECIAL_NODES.has(end.node)) {
    const fault = interfaceFault(end.interface, 'linux');
    if (fault !== undefined)
      report.add(
        end.offset,
        `the interface name ${quoted(end.interface)} ${fault}`,
        'Rename it: at most 15 letters, digits, ".", "_" and "-".',
      );
    // Many macvlan interfaces may share one interface of the host.
    return end.node !== 'macvlan';
  }
  const node = nodes.get(end.node);
  if (node === undefined) {
    const meant = nearest(end.node, nodes.keys());
    report.add(
      end.offset,
      `the topology has no node ${quoted(end.node)}`,
      meant === undefined ? 'Add it below "nodes:", or correct the name.' : `Did you mean "${meant}"?`,
    );
    return false;
  }
  const fault = interfaceFault(end.interface, node.kind);
  if (fault !== undefined)
    report.add(
      end.offset,
      `the interface name ${quoted(end.interface)} of node ${quoted(node.name)} ${fault}`,
      node.kind === 'linux' ? 'Rename it: at most 15 letters, digits, ".", "_" and "-".' : 'Rename it.',
    );
  if (end.interface === 'eth0' && node.kind === 'linux' && node.networkMode !== 'none') {
    report.add(
      end.offset,
      `eth0 of node ${quoted(node.name)} belongs to the management network`,
      'Start at eth1, or give the node "network-mode: none".',
    );
  }
  return true;
}
