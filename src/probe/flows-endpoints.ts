/** Where probes start and end. */
import type { ProbeEndpoint } from './observer.ts';

/** What is needed of a fabric's node; loopbacks with their prefix length. */
export interface EndpointNode {
  readonly name: string;
  readonly role: string;
  readonly loopback4: string;
  readonly loopback6: string;
}

/**
 * Every server, or every leaf where there are no servers: probes cross the network as its users' packets do.
 * @param netns path of a node's network namespace
 */
export function endpointsOf(nodes: readonly EndpointNode[], netns: (node: string) => string): readonly ProbeEndpoint[] {
  const servers = nodes.filter(({ role }) => role === 'server');
  const chosen = servers.length > 0 ? servers : nodes.filter(({ role }) => role === 'leaf');
  return Object.freeze(
    chosen.map(({ name, loopback4, loopback6 }) =>
      Object.freeze({ node: name, netns: netns(name), ipv4: bare(loopback4), ipv6: bare(loopback6) }),
    ),
  );
}

function bare(prefix: string): string {
  return prefix.slice(0, prefix.indexOf('/') >>> 0);
}
