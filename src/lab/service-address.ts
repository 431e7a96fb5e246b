/** Where the routes to a floating service address lead: from every router to the node that serves, and nowhere else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Assertion, type Defect, describeDifference, judgeAll } from '../assert/index.ts';
import { nowMs } from '../linux/clock.ts';
import { NetlinkSocket } from '../linux/netlink.ts';
import { dumpAddresses } from '../linux/netlink-address.ts';
import { predict, withAnnouncements } from '../oracle/index.ts';
import { diffRoutes, type NodeRoutes, openKernel, type RouteTable } from '../router/index.ts';
import { hostPrefix } from '../store/service-address.ts';
import type { Member } from '../store/store.ts';
import type { Lab } from './lab.ts';

/**
 * Compares every router's route to the address with the oracle's, the address announced by the one who serves, until all agree or the time (ms) is over.
 * @param serving undefined where nobody serves: then nobody knows where the routes should lead
 */
export async function assertServiceAddress(
  { name, running, intent }: Lab,
  address: string,
  serving: Member | undefined,
  timeoutMs: number,
): Promise<readonly Assertion[]> {
  if (serving === undefined) {
    const why = `nobody serves at ${address}`;
    return [
      Object.freeze({
        name: 'service-address',
        target: name,
        measured: null,
        unit: 'routers',
        verdict: 'unknown',
        why,
      }),
    ];
  }
  const prefix = hostPrefix(address);
  const { routes } = predict(withAnnouncements(intent.oracle, [{ node: serving.node, address }]));
  const kernels = [...routes.keys()].map((node) => ({ node, kernel: openKernel(running.node(node).netns) }));
  const look = (): readonly Defect[] => [
    ...kernels
      .flatMap(({ node, kernel }) => diffRoutes(node, only(prefix, routes.get(node)!), only(prefix, kernel.routes())))
      .map((difference) => ({ target: difference.node, why: describeDifference(difference) })),
    ...holders(running.nodes, address)
      .filter((node) => node !== serving.node)
      .map((target) => ({ target, why: `has ${address}, which ${serving.node} serves` })),
  ];
  try {
    const until = nowMs() + timeoutMs;
    let defects = look();
    while (defects.length > 0 && nowMs() < until) {
      await sleep(20);
      defects = look();
    }
    return judgeAll('service-address', name, 'routers', routes.size, defects);
  } finally {
    for (const { kernel } of kernels) kernel.close();
  }
}

function only(prefix: string, { ipv4, ipv6 }: NodeRoutes): NodeRoutes {
  const one = (table: RouteTable): RouteTable => new Map([...table].filter(([each]) => each === prefix));
  return { ipv4: one(ipv4), ipv6: one(ipv6) };
}

/** Nodes that have the address on an interface. */
function holders(nodes: Lab['running']['nodes'], address: string): readonly string[] {
  return nodes
    .filter(({ netns }) => {
      const socket = new NetlinkSocket(netns);
      try {
        return dumpAddresses(socket).some((each) => each.address === address);
      } finally {
        socket.close();
      }
    })
    .map(({ name }) => name);
}
