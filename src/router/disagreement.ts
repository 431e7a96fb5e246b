/** Where FRR's word is not the kernel's. zebra can believe in next hops that the kernel has dropped, sessions up and all: only the kernel's table forwards. */
import type { Frr } from './frr.ts';
import type { NextHop, NodeRoutes, RouteTable } from './routes.ts';
import { type ZebraRoute, zebraRoutes } from './zebra.ts';

export interface Disagreement {
  readonly node: string;
  readonly prefix: string;
  /** Interfaces that zebra says it installed, sorted; undefined where it says that there is no route. */
  readonly frr: readonly string[] | undefined;
  /** Interfaces in the kernel's table, sorted; undefined where there is no route. */
  readonly kernel: readonly string[] | undefined;
  /** One sentence for people. */
  readonly message: string;
}

/**
 * Compares zebra's installed routes with the kernel's tables of the same node. Both are read at slightly different instants: while
 * routes are moving a disagreement is no finding, so compare when the tables have settled.
 * @throws VtyError
 */
export async function disagreements(frr: Frr, kernel: NodeRoutes): Promise<readonly Disagreement[]> {
  const [ipv4, ipv6] = [await zebraRoutes(frr, 4), await zebraRoutes(frr, 6)];
  return [...compareWithKernel(frr.node, ipv4, kernel.ipv4), ...compareWithKernel(frr.node, ipv6, kernel.ipv6)];
}

/** The comparison itself. Prefixes of which zebra has a connected or kernel route are left out: `RouteTable` does not hold those. */
export function compareWithKernel(
  node: string,
  zebra: readonly ZebraRoute[],
  kernel: RouteTable,
): readonly Disagreement[] {
  const said = new Map<string, readonly string[]>();
  const ignored = new Set<string>();
  for (const route of zebra) {
    if (!route.selected || !route.installed) continue;
    if (NOT_ROUTED.has(route.protocol)) ignored.add(route.prefix);
    else said.set(route.prefix, installedInterfaces(route));
  }
  const findings: Disagreement[] = [];
  for (const prefix of new Set([...said.keys(), ...kernel.keys()])) {
    if (ignored.has(prefix)) continue;
    const frr = said.get(prefix);
    const there = kernel.get(prefix)?.map((hop: NextHop) => hop.interface);
    if (describe(frr) === describe(there)) continue;
    const message = `${node}: ${prefix}: zebra says ${describe(frr)}, the kernel has ${describe(there)}`;
    findings.push({ node, prefix, frr, kernel: there, message });
  }
  return findings;
}

const NOT_ROUTED: ReadonlySet<string> = new Set(['connected', 'local', 'kernel']);

function installedInterfaces(route: ZebraRoute): readonly string[] {
  return route.nextHops.flatMap((hop) => (hop.installed && !hop.drops ? (hop.interface ?? []) : [])).sort();
}

function describe(interfaces: readonly string[] | undefined): string {
  if (interfaces === undefined) return 'no route';
  return interfaces.length === 0 ? 'a route that drops' : interfaces.join(' ');
}
