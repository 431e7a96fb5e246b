/** Next hops that other predicted routes would have a say in. */
import type { Findings } from './findings.ts';
import { contains, type Family, type Prefix, type PrefixTable } from './prefixes.ts';
import type { Session } from './sessions.ts';
import type { TableBuilder } from './tables.ts';

/** Reports gateways of static routes that are not on a link but within a route, and neighbours whose address a longer route covers. */
export function reportUnresolved(
  tables: readonly TableBuilder[],
  sessions: readonly Session[],
  prefixes: PrefixTable,
  findings: Findings,
): void {
  const byRouter = new Map(tables.map((table) => [table.router, table]));
  for (const { router, statics, ipv4, ipv6 } of tables) {
    for (const { statement, via } of statics.recursive) {
      const table = via.family === 'ipv4' ? ipv4 : ipv6;
      if (covering(table, via, 1, prefixes) !== undefined) {
        findings.add(router.name, 0, statement, 'its gateway is not on a link: it would be resolved by another route');
      }
    }
  }
  for (const { a, z } of sessions) {
    for (const { router, neighbor, endpoint } of [a, z]) {
      if (endpoint.transport === 'link-local') continue;
      const table = byRouter.get(router);
      if (!table) continue;
      const host = hostOf(endpoint.transport, endpoint.remote);
      const subnet = endpoint.port.addresses.find((own) => contains(own.subnet, host))?.subnet;
      const longer = covering(table[endpoint.transport], host, (subnet?.length ?? 0) + 1, prefixes);
      if (longer === undefined) continue;
      const why = `the route to ${longer} covers this neighbour's address more closely than its subnet`;
      findings.add(router.name, 0, `neighbor ${neighbor.name}`, why);
    }
  }
}

/** The text of a route of at least this length that covers a host, if there is one. */
function covering(
  table: ReadonlyMap<string, unknown>,
  host: Prefix,
  minimum: number,
  prefixes: PrefixTable,
): string | undefined {
  for (const text of table.keys()) {
    const prefix = prefixes.of(text);
    if (prefix && prefix.length >= minimum && contains(prefix, host)) return text;
  }
  return undefined;
}

function hostOf(family: Family, address: bigint): Prefix {
  return { family, address, length: family === 'ipv4' ? 32 : 128 };
}
