/** The links of a lab: veth pairs, each end straight in its node's namespace under its final name, and the proof that all are there. */
import { closeSync, openSync } from 'node:fs';
import { type LinkInfo, namespaceId, readLinks, setLinkUp } from '../../linux/link.ts';
import { runOrThrow } from '../../linux/run.ts';
import type { EndState } from '../engine.ts';
import { withSocket } from './namespaces.ts';
import { netnsPath } from './paths.ts';
import { containerName, type EndPlan, type LabPlan, type LinkPlan } from './plan.ts';

/** Interface indexes of a lab's link ends, each its own; below are those that a namespace brings along. */
const FIRST_INDEX = 16;

/** Makes all links, up at both ends. @throws Error naming what the kernel refused */
export async function makeLinks(plan: LabPlan, env: Readonly<Record<string, string>>): Promise<void> {
  if (plan.links.length === 0) return;
  const end = ({ node, interface: port, mac }: EndPlan, index: number) =>
    `${port} netns ${containerName(plan.topology, node)} index ${index} address ${mac}`;
  // The kernel tells a lost carrier at once only where the two ends' indexes differ; where they happen to be equal it takes a veth end
  // for a device without a peer, and lets its routes wait for up to a second (net/core/link_watch.c).
  const batch = plan.links.map(
    ({ a, z, mtu }, i) =>
      `link add ${end(a, FIRST_INDEX + 2 * i)} mtu ${mtu} type veth peer name ${end(z, FIRST_INDEX + 2 * i + 1)} mtu ${mtu}\n`,
  );
  await runOrThrow(['ip', '-batch', '-'], { input: batch.join(''), env });
  for (const node of plan.nodes) setInterfaces(node.netns, node.interfaces, true);
}

/** Sets interfaces of one namespace up or down. @throws Error naming the one that the kernel refused */
export function setInterfaces(netns: string, interfaces: readonly string[], up: boolean): void {
  if (interfaces.length === 0) return;
  withSocket(netns, (socket) => {
    for (const name of interfaces) {
      const errno = setLinkUp(socket, name, up);
      if (errno !== 0) throw new Error(`${netns}: cannot set ${name} ${up ? 'up' : 'down'}: errno ${errno}`);
    }
  });
}

/**
 * Reads every end back from the kernel and compares it with the plan: there, up, with its MTU and address, and joined to the very
 * interface at the other end.
 * @throws Error naming every link that is missing or wrong
 */
export function verifyLinks(plan: LabPlan): void {
  const ends = new Map<string, LinkInfo>();
  const peers = new Map<string, number>();
  const fds = new Map(plan.nodes.map((node) => [node.name, openSync(node.netns, 'r')]));
  const other = new Map(
    plan.links.flatMap(
      ({ a, z }) =>
        [
          [key(a), z.node],
          [key(z), a.node],
        ] as const,
    ),
  );
  try {
    for (const node of plan.nodes) {
      withSocket(node.netns, (socket) => {
        for (const link of readLinks(socket)) ends.set(`${node.name}:${link.name}`, link);
        for (const name of node.interfaces) {
          const end = `${node.name}:${name}`;
          peers.set(end, namespaceId(socket, fds.get(other.get(end)!)!));
        }
      });
    }
  } finally {
    for (const fd of fds.values()) closeSync(fd);
  }
  const wrong = plan.links.flatMap((link) => faultsOf(link, ends, peers));
  if (wrong.length > 0) throw new Error(`links that are not as the topology says:\n${wrong.join('\n')}`);
}

function faultsOf(
  link: LinkPlan,
  ends: ReadonlyMap<string, LinkInfo>,
  namespaceIds: ReadonlyMap<string, number>,
): string[] {
  const faults: string[] = [];
  for (const [here, there] of [
    [link.a, link.z],
    [link.z, link.a],
  ] as const) {
    const found = ends.get(key(here));
    const peer = ends.get(key(there));
    const say = (what: string) => faults.push(`${link.name}: ${key(here)} ${what}`);
    if (found === undefined) say('does not exist');
    else if (peer === undefined || found.peerIndex !== peer.index || peer.peerIndex !== found.index)
      say(`is not joined to ${key(there)}`);
    // Both ends in one namespace have no id there.
    else if (here.node !== there.node && found.peerNamespace !== namespaceIds.get(key(here)))
      say(`is not joined to node ${there.node}`);
    else if (!found.adminUp || !found.carrier) say('is down');
    else if (found.mtu !== link.mtu) say(`has MTU ${found.mtu}, not ${link.mtu}`);
    else if (found.mac !== here.mac) say(`has address ${found.mac}, not ${here.mac}`);
  }
  return faults;
}

/** One end as the kernel tells it now. */
export function endState(plan: LabPlan, end: EndPlan): EndState {
  const links = withSocket(netnsPath(containerName(plan.topology, end.node)), readLinks);
  const found = links.find(({ name }) => name === end.interface);
  return {
    exists: found !== undefined,
    adminUp: found?.adminUp ?? false,
    carrier: found?.carrier ?? false,
    mtu: found?.mtu ?? 0,
  };
}

function key(end: EndPlan): string {
  return `${end.node}:${end.interface}`;
}
