/** What the oracle says of two endpoints: whether packets from one arrive at the other. */
import { canonicalPrefix, contains, type Prefix, parsePrefix } from '../fabric/cidr.ts';
import type { Prediction } from '../oracle/index.ts';
import type { ProbeEndpoint } from '../probe/index.ts';
import type { NextHop, RouteTable } from '../router/routes.ts';

/** Follows the longest matching routes from node to node. A next hop of which the oracle does not say where it leads counts as arriving: what it loses is counted. */
export function arrives({ routes }: Prediction, from: string, to: ProbeEndpoint, family: 4 | 6): boolean {
  const address = family === 4 ? to.ipv4 : to.ipv6;
  if (address === '' || !routes.has(to.node)) return false;
  const host = canonicalPrefix(`${address}/${family === 4 ? 32 : 128}`);
  const seen = new Set<string>();
  const follow = (node: string): boolean => {
    if (node === to.node) return true;
    const tables = routes.get(node);
    if (tables === undefined || seen.has(node)) return false;
    seen.add(node);
    const hops = nextHops(family === 4 ? tables.ipv4 : tables.ipv6, host);
    return hops.some(({ peer }) => peer === undefined || follow(peer));
  };
  return follow(from);
}

function nextHops(table: RouteTable, host: string): readonly NextHop[] {
  const exact = table.get(host);
  if (exact !== undefined) return exact;
  const wanted = parsePrefix(host) as Prefix;
  let best: { readonly length: number; readonly hops: readonly NextHop[] } | undefined;
  for (const [text, hops] of table) {
    const prefix = parsePrefix(text);
    if (prefix === undefined || prefix.family !== wanted.family || !contains(prefix, wanted)) continue;
    if (best === undefined || prefix.length > best.length) best = { length: prefix.length, hops };
  }
  return best?.hops ?? [];
}
