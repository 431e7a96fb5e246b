/** zebra's routes, next-hop groups and interfaces: what FRR believes it has given to the kernel. */
import type { Frr } from './frr.ts';
import { flag, list, number, object, optional, text } from './json.ts';

export interface ZebraRoute {
  readonly prefix: string;
  /** `bgp`, `connected`, `static`, ... */
  readonly protocol: string;
  readonly selected: boolean;
  readonly installed: boolean;
  readonly distance: number;
  readonly metric: number;
  readonly nextHopGroup?: number;
  readonly nextHops: readonly ZebraNextHop[];
}

export interface ZebraNextHop {
  readonly interface?: string;
  readonly address?: string;
  /** zebra says that it is in the kernel's table. */
  readonly installed: boolean;
  readonly active: boolean;
  /** `blackhole`, `unreachable`, `prohibit`. */
  readonly drops: boolean;
}

/**
 * zebra's table of one family; several routes where protocols compete for a prefix.
 * @throws VtyError
 */
export async function zebraRoutes(frr: Frr, family: 4 | 6): Promise<readonly ZebraRoute[]> {
  const answer = await frr.vty('zebra').json(`show ${family === 4 ? 'ip' : 'ipv6'} route json`);
  return Object.entries(object(answer)).flatMap(([prefix, routes]) =>
    list(routes).map((value) => routeOf(prefix, value)),
  );
}

function routeOf(prefix: string, value: unknown): ZebraRoute {
  const route = object(value);
  return {
    prefix,
    protocol: text(route['protocol']) ?? 'unknown',
    selected: flag(route['selected']),
    installed: flag(route['installed']),
    distance: number(route['distance']) ?? 0,
    metric: number(route['metric']) ?? 0,
    ...optional('nextHopGroup', number(route['installedNexthopGroupId']) ?? number(route['nexthopGroupId'])),
    nextHops: list(route['nexthops']).map((value) => {
      const hop = object(value);
      return {
        ...optional('interface', text(hop['interfaceName'])),
        ...optional('address', text(hop['ip'])),
        installed: flag(hop['fib']),
        active: flag(hop['active']),
        drops: flag(hop['blackhole']) || flag(hop['unreachable']) || flag(hop['reject']),
      };
    }),
  };
}

export interface NextHopGroup {
  readonly id: number;
  readonly valid: boolean;
  readonly installed: boolean;
  /** Groups that this one is made of; empty for a single next hop. */
  readonly depends: readonly number[];
  /** Interfaces it sends over, sorted. */
  readonly interfaces: readonly string[];
}

/**
 * zebra's cache of next-hop groups. Read from text: FRR 8 has no JSON for it.
 * @throws VtyError
 */
export async function nexthopGroups(frr: Frr): Promise<readonly NextHopGroup[]> {
  return parseNexthopGroups(await frr.vty('zebra').command('show nexthop-group rib'));
}

/** Reads what `show nexthop-group rib` prints. */
export function parseNexthopGroups(printed: string): readonly NextHopGroup[] {
  return printed.split(/^(?=ID: \d)/m).flatMap((block) => {
    const id = /^ID: (\d+)/.exec(block)?.[1];
    if (id === undefined) return [];
    const interfaces = [...block.matchAll(/^\s+(?:via|is directly connected,) (?:[^\s,]+, )?([^\s,]+) \(vrf/gm)];
    const depends = /^\s*Depends: (.*)$/m.exec(block)?.[1] ?? '';
    return [
      {
        id: Number(id),
        valid: /^\s+.*\bValid\b/m.test(block),
        installed: /^\s+.*\bInstalled\b/m.test(block),
        depends: [...depends.matchAll(/\((\d+)\)/g)].map((match) => Number(match[1])),
        interfaces: interfaces.map((match) => match[1]!).sort(),
      },
    ];
  });
}

export interface ZebraInterface {
  readonly name: string;
  readonly ifindex: number;
  readonly adminUp: boolean;
  /** zebra has seen carrier. */
  readonly operUp: boolean;
  readonly mtu: number;
  readonly linkDowns: number;
  readonly addresses: readonly string[];
  /** Link-local addresses of peers that sent router advertisements: what unnumbered BGP connects to. */
  readonly neighbours: readonly string[];
}

/**
 * Interfaces as zebra sees them.
 * @throws VtyError
 */
export async function interfaces(frr: Frr): Promise<readonly ZebraInterface[]> {
  const answer = object(await frr.vty('zebra').json('show interface json'));
  return Object.entries(answer).map(([name, value]) => {
    const { administrativeStatus, operationalStatus, index, mtu, linkDowns, ...rest } = object(value);
    return {
      name,
      ifindex: number(index) ?? 0,
      adminUp: administrativeStatus === 'up',
      operUp: operationalStatus === 'up',
      mtu: number(mtu) ?? 0,
      linkDowns: number(linkDowns) ?? 0,
      addresses: list(rest['ipAddresses']).flatMap((address) => text(object(address)['address']) ?? []),
      neighbours: list(rest['neighborIpAddresses']).flatMap(
        (neighbour) => text(neighbour)?.replace(/\/\d+$/, '') ?? [],
      ),
    };
  });
}
