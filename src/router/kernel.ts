/** Forwarding state of one network namespace as its kernel has it. */
import { NetlinkSocket } from '../linux/netlink.ts';
import { dumpAddresses, dumpNeighbours, type InterfaceAddress, type Neighbour } from '../linux/netlink-address.ts';
import { dumpLinkNames, dumpLinks, type Link } from '../linux/netlink-link.ts';
import { dumpRoutes, type KernelRoute, RTPROT } from '../linux/netlink-route.ts';
import type { NextHop, NodeRoutes, RouteTable } from './routes.ts';

/** Node at the other end of each interface's link, by interface name. */
export type Peers = Readonly<Record<string, string>>;

/** A namespace's kernel, held open. Its socket stays in the namespace, so it works on while the node's processes come and go. */
export interface Kernel {
  /** The main table now. @throws Error where the kernel refuses */
  routes(): NodeRoutes;
  links(): readonly Link[];
  addresses(): readonly InterfaceAddress[];
  neighbours(): readonly Neighbour[];
  /** For `routeGet` and further questions. */
  readonly socket: NetlinkSocket;
  close(): void;
}

/**
 * Opens a namespace's kernel state.
 * @param netns path of the namespace, such as `/run/netns/NAME`
 * @throws Error where the namespace cannot be entered
 */
export function openKernel(netns: string, peers: Peers = {}): Kernel {
  const socket = new NetlinkSocket(netns);
  return Object.freeze({
    socket,
    routes() {
      const routes4 = dumpRoutes(socket, 4);
      const routes6 = dumpRoutes(socket, 6);
      const names = dumpLinkNames(socket);
      return Object.freeze({ ipv4: routeTable(routes4, names, peers), ipv6: routeTable(routes6, names, peers) });
    },
    links: () => dumpLinks(socket),
    addresses: () => dumpAddresses(socket),
    neighbours: () => dumpNeighbours(socket),
    close: () => socket.close(),
  });
}

/** The main table of a namespace, once. For repeated reading keep `openKernel`. */
export function kernelRoutes(netns: string, peers: Peers = {}): NodeRoutes {
  const kernel = openKernel(netns, peers);
  try {
    return kernel.routes();
  } finally {
    kernel.close();
  }
}

/** Routes that nobody configured and no routing protocol learnt. */
const NOT_ROUTED: ReadonlySet<number> = new Set([RTPROT.kernel, RTPROT.boot, RTPROT.ra]);

/**
 * Kernel routes in the form in which they are compared with a prediction: of several routes to one prefix the one that the kernel
 * uses (lowest metric with a usable next hop); a unicast route without a usable next hop is not there, for the kernel passes over it.
 */
export function routeTable(
  routes: readonly KernelRoute[],
  names: ReadonlyMap<number, string>,
  peers: Peers = {},
): RouteTable {
  const priorities = new Map<string, number>();
  const table = new Map<string, readonly NextHop[]>();
  for (const route of routes) {
    if (!isRouted(route)) continue;
    if (route.type === 'unicast' && route.nextHops.length === 0) continue;
    const other = priorities.get(route.prefix);
    if (other !== undefined && other <= route.priority) continue;
    priorities.set(route.prefix, route.priority);
    table.set(route.prefix, nextHops(route, names, peers));
  }
  return table;
}

/** Whether a route belongs into a `RouteTable`: put there by a protocol or by configuration, and leading off the link. */
export function isRouted({ protocol, prefix }: { readonly protocol: number; readonly prefix: string }): boolean {
  return !NOT_ROUTED.has(protocol) && leavesLink(prefix);
}

function nextHops(route: KernelRoute, names: ReadonlyMap<number, string>, peers: Peers): readonly NextHop[] {
  const interfaces = route.nextHops.map(({ ifindex }) => names.get(ifindex) ?? `if${ifindex}`);
  return interfaces.sort().map((name) => {
    const peer = peers[name];
    return peer === undefined ? { interface: name } : { interface: name, peer };
  });
}

/** Not link-local (RFC 3927, RFC 4291 section 2.5.6), not multicast. */
function leavesLink(prefix: string): boolean {
  if (prefix.includes(':')) return !/^f(e[89ab]|f)[\da-f]*:/.test(prefix);
  if (prefix.startsWith('169.254.')) return false;
  const first = Number.parseInt(prefix, 10);
  return first < 224 || first > 239;
}
