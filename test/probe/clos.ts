/** A model of leaf-spine fabrics: links, endpoints and routes with an ECMP hash, as the kernels of a healthy fabric would answer. */
import type { ProbeEndpoint } from '../../src/probe/observer.ts';
import type { ProbeLink, RouteLookup } from '../../src/probe/paths.ts';
import { mix } from '../../src/random.ts';

export interface ClosModel {
  readonly links: readonly ProbeLink[];
  readonly endpoints: readonly ProbeEndpoint[];
  readonly lookup: RouteLookup;
}

/** @param hashSeed of each node; the same for all of them is a network that polarises */
export function closModel(
  size: { readonly spines: number; readonly racks: number; readonly servers: number },
  hashSeed: (node: string) => number = (node) =>
    [...node].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 1e9,
): ClosModel {
  const { spines, racks, servers } = size;
  const links: ProbeLink[] = [];
  const rackOf = new Map<string, number>();
  const endpoints: ProbeEndpoint[] = [];
  const end = (node: string, port: number) => ({ node, interface: `eth${port}` });
  const connect = (a: ProbeLink['a'], z: ProbeLink['z']) =>
    links.push({ name: `${a.node}:${a.interface}--${z.node}:${z.interface}`, a, z });
  const endpoint = (node: string, rack: number, index: number) => {
    const [ipv4, ipv6] = [`10.0.${rack}.${index}`, `fd00::${rack}:${index}`];
    endpoints.push({ node, netns: `/nowhere/${node}`, ipv4, ipv6 });
    rackOf.set(ipv4, rack).set(ipv6, rack);
  };
  for (let rack = 1; rack <= racks; rack++) {
    for (let spine = 1; spine <= spines; spine++) connect(end(`spine-${spine}`, rack), end(`leaf-${rack}`, spine));
    for (let server = 1; server <= servers; server++) {
      connect(end(`leaf-${rack}`, spines + server), end(`server-${rack}-${server}`, 1));
      endpoint(`server-${rack}-${server}`, rack, server);
    }
    if (servers === 0) endpoint(`leaf-${rack}`, rack, 0);
  }
  const lookup: RouteLookup = (node, { src, dst, sport, dport, family }) => {
    const rack = rackOf.get(dst);
    if (rack === undefined) return undefined;
    const [role, number] = node.split('-');
    if (role === 'server') return 'eth1';
    if (role === 'spine') return `eth${rack}`;
    if (Number(number) === rack) return `eth${spines + Number(dst.split(/[.:]/).at(-1))}`;
    const addresses = [...`${src} ${dst}`].map((char) => char.charCodeAt(0));
    return `eth${1 + (mix(hashSeed(node), family, sport, dport, ...addresses) % spines)}`;
  };
  return { links, endpoints, lookup };
}
