/** Static routes: which are active, and where they send packets. */
import { DISTANCE } from './defaults.ts';
import { getOrMake } from './get-or-make.ts';
import type { Ports } from './ports.ts';
import { contains, type KnownPrefix, type PrefixTable, parseAddress } from './prefixes.ts';
import type { Router } from './speakers.ts';

export interface ActiveStatic {
  readonly distance: number;
  /** Interfaces, sorted; none for a route that drops. */
  readonly interfaces: readonly string[];
  /** The first next hop's address, where it has one. */
  readonly via: bigint | undefined;
  /** The first next hop's interface. */
  readonly firstInterface: string | undefined;
}

/** A static route whose gateway is not on a subnet of a port that is up: whether it is active depends on other routes. */
export interface RecursiveStatic {
  readonly statement: string;
  readonly via: KnownPrefix;
}

export interface Statics {
  /** The best of each prefix; prefixes that are also connected are left out, for connected routes win. */
  readonly active: ReadonlyMap<KnownPrefix, ActiveStatic>;
  readonly recursive: readonly RecursiveStatic[];
}

type Target = { readonly interface: string | undefined; readonly via: bigint | undefined };

export function staticsOf(router: Router, prefixes: PrefixTable): Statics {
  const candidates = new Map<KnownPrefix, Map<number, Target[]>>();
  const recursive: RecursiveStatic[] = [];
  for (const route of router.config.staticRoutes ?? []) {
    const prefix = prefixes.of(route.prefix);
    if (!prefix) continue;
    const distance = route.distance ?? DISTANCE.static;
    if (distance >= DISTANCE.never || router.connected.has(prefix)) continue;
    const target = targetOf(route, router.ports);
    if (target === 'recursive') {
      const statement = `${prefix.family === 'ipv4' ? 'ip' : 'ipv6'} route ${route.prefix} ${route.via}`;
      const via = prefixes.of(`${route.via}/${prefix.family === 'ipv4' ? 32 : 128}`);
      if (via) recursive.push({ statement, via });
      continue;
    }
    if (!target) continue;
    const byDistance = getOrMake(candidates, prefix, () => new Map<number, Target[]>());
    const equal = getOrMake(byDistance, distance, (): Target[] => []);
    // staticd refuses to mix routes that forward with routes that drop: the first decides.
    const isMixed = equal[0] !== undefined && (equal[0].interface === undefined) !== (target.interface === undefined);
    if (!isMixed) equal.push(target);
  }

  const active = new Map<KnownPrefix, ActiveStatic>();
  for (const [prefix, byDistance] of candidates) {
    const distance = Math.min(...byDistance.keys());
    const targets = byDistance.get(distance)!;
    const interfaces = [...new Set(targets.flatMap((target) => target.interface ?? []))].sort();
    const [first] = targets.toSorted(byNextHop);
    active.set(prefix, { distance, interfaces, via: first?.via, firstInterface: first?.interface });
  }
  return { active, recursive };
}

/** Zebra's order: interfaces before gateways, gateways by address. It tells BGP of the first only. */
function byNextHop(left: Target, right: Target): number {
  const [a, b] = [left.via ?? -1n, right.via ?? -1n];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Undefined: not active, because the interface is down or the gateway is this router itself. */
function targetOf(
  route: { readonly via?: string; readonly interface?: string; readonly blackhole?: string },
  ports: Ports,
): Target | 'recursive' | undefined {
  if (route.blackhole !== undefined) return { interface: undefined, via: undefined };
  if (route.interface !== undefined) {
    return ports.get(route.interface)?.up ? { interface: route.interface, via: undefined } : undefined;
  }
  const gateway = parseAddress(route.via ?? '');
  if (!gateway) return undefined;
  const { family, address } = gateway;
  const host = { family, address, length: family === 'ipv4' ? 32 : 128 };
  let found: { readonly name: string; readonly length: number } | undefined;
  for (const port of ports.values()) {
    if (!port.up) continue;
    for (const own of port.addresses) {
      if (own.family === family && own.address === address) return undefined;
      if (!contains(own.subnet, host) || (found && found.length >= own.subnet.length)) continue;
      found = { name: port.name, length: own.subnet.length };
    }
  }
  return found ? { interface: found.name, via: address } : 'recursive';
}
