/** The real look-up of routes: each node's kernel, over route netlink. */

import { NetlinkSocket } from '../linux/netlink.ts';
import { dumpLinkNames } from '../linux/netlink-link.ts';
import { IPPROTO, routeGet } from '../linux/netlink-route-get.ts';
import type { RouteLookup } from './paths.ts';

interface NodeKernel {
  readonly socket: NetlinkSocket;
  readonly nameOf: ReadonlyMap<number, string>;
  readonly indexOf: ReadonlyMap<string, number>;
}

/**
 * Runs `work` with a look-up for UDP packets. Sockets and interface names are kept for its length only: a node that is powered off
 * and on in between has other interfaces.
 * @param nodes name and namespace path of every node
 * @throws Error where a node's kernel cannot be asked, or is not among the nodes
 */
export function withKernelLookup<T>(
  nodes: readonly { readonly name: string; readonly netns: string }[],
  work: (lookup: RouteLookup) => T,
): T {
  const namespaces = new Map(nodes.map(({ name, netns }) => [name, netns]));
  const kernels = new Map<string, NodeKernel>();
  const kernelOf = (node: string): NodeKernel => {
    const known = kernels.get(node);
    if (known !== undefined) return known;
    const netns = namespaces.get(node);
    if (netns === undefined) throw new Error(`route look-up: no namespace is known for ${node}`);
    const socket = new NetlinkSocket(netns);
    const nameOf = dumpLinkNames(socket);
    const kernel = { socket, nameOf, indexOf: new Map([...nameOf].map(([index, name]) => [name, index])) };
    kernels.set(node, kernel);
    return kernel;
  };
  try {
    return work((node, { iif, ...question }) => {
      const { socket, nameOf, indexOf } = kernelOf(node);
      const incoming = iif === undefined ? undefined : indexOf.get(iif);
      if (iif !== undefined && incoming === undefined)
        throw new Error(`route look-up: ${node} has no interface ${iif}`);
      const answer = routeGet(socket, {
        ...question,
        ipProto: IPPROTO.udp,
        ...(incoming === undefined ? {} : { iif: incoming }),
      });
      return answer === undefined || answer.local ? undefined : nameOf.get(answer.oif);
    });
  } finally {
    for (const { socket } of kernels.values()) socket.close();
  }
}
