/** The interfaces of every router: which are up, whom they reach, which connected routes they give. */
import type { FrrConfig } from 'frr-config';
import type { Findings } from './findings.ts';
import { getOrMake } from './get-or-make.ts';
import type { Failures, OracleInput, OracleLink } from './oracle.ts';
import { addressOf, type Family, type KnownPrefix, type PrefixTable } from './prefixes.ts';

export interface Port {
  readonly name: string;
  /** Administratively up with carrier. */
  readonly up: boolean;
  /** Undefined for the loopback. */
  readonly link?: OracleLink;
  readonly peer?: OracleLink['a'];
  readonly addresses: readonly PortAddress[];
}

export interface PortAddress {
  readonly family: Family;
  readonly address: bigint;
  /** Without prefix length, as configured. */
  readonly text: string;
  readonly subnet: KnownPrefix;
}

export type Ports = ReadonlyMap<string, Port>;

/** The ports of each router, by node name. An interface that is neither `lo` nor a link's end is taken as absent, and reported if it has addresses. */
export function portsOf(
  input: OracleInput,
  failures: Failures,
  prefixes: PrefixTable,
  findings: Findings,
): ReadonlyMap<string, Ports> {
  const ends = new Map<string, Map<string, { readonly link: OracleLink; readonly peer: OracleLink['a'] }>>();
  const addEnd = (link: OracleLink, own: OracleLink['a'], peer: OracleLink['a']) => {
    getOrMake(ends, own.node, () => new Map()).set(own.interface, { link, peer });
  };
  for (const link of input.links) {
    addEnd(link, link.a, link.z);
    addEnd(link, link.z, link.a);
  }

  const configured = new Map([...input.configs].map(([node, config]) => [node, mergeInterfaces(config)]));
  const isShut = (end: OracleLink['a']) => configured.get(end.node)?.get(end.interface)?.shutdown ?? false;
  const isUp = (link: OracleLink) =>
    !failures.links?.has(link.name) &&
    !failures.nodes?.has(link.a.node) &&
    !failures.nodes?.has(link.z.node) &&
    !isShut(link.a) &&
    !isShut(link.z);

  const all = new Map<string, Ports>();
  for (const [node, interfaces] of configured) {
    const ports = new Map<string, Port>();
    const lo = interfaces.get('lo');
    ports.set('lo', { name: 'lo', up: !lo?.shutdown, addresses: parseAddresses(lo?.addresses ?? [], prefixes) });
    for (const [name, end] of ends.get(node) ?? []) {
      const addresses = parseAddresses(interfaces.get(name)?.addresses ?? [], prefixes);
      ports.set(name, { name, up: isUp(end.link), ...end, addresses });
    }
    for (const [name, { addresses }] of interfaces) {
      if (ports.has(name) || addresses.length === 0) continue;
      findings.add(node, 0, `interface ${name}`, 'no link ends at this interface: its addresses are taken as absent');
    }
    all.set(node, ports);
  }
  return all;
}

/** The subnets of all interfaces that are up, each with its interface. */
export function connectedOf(ports: Ports): ReadonlyMap<KnownPrefix, string> {
  const connected = new Map<KnownPrefix, string>();
  for (const port of ports.values()) {
    if (!port.up) continue;
    for (const { subnet } of port.addresses) if (!connected.has(subnet)) connected.set(subnet, port.name);
  }
  return connected;
}

interface Merged {
  readonly addresses: string[];
  shutdown: boolean;
}

/** FRR merges several blocks of one interface. */
function mergeInterfaces(config: FrrConfig): ReadonlyMap<string, Merged> {
  const merged = new Map<string, Merged>();
  for (const each of config.interfaces ?? []) {
    const entry = getOrMake(merged, each.name, (): Merged => ({ addresses: [], shutdown: false }));
    entry.addresses.push(...(each.ipv4 ?? []), ...(each.ipv6 ?? []));
    entry.shutdown = each.shutdown ?? entry.shutdown;
  }
  return merged;
}

function parseAddresses(texts: readonly string[], prefixes: PrefixTable): readonly PortAddress[] {
  return texts.flatMap((text) => {
    const subnet = prefixes.of(text);
    const own = addressOf(text);
    return subnet && own ? [{ ...own, text: text.split('/', 1)[0]!, subnet }] : [];
  });
}
