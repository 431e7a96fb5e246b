/** One text a daemon, for daemons that read their own file (`-f FILE`) rather than be fed by vtysh. */
import type { FrrConfig, RouteMap, RouteMapEntry, UnknownStatement } from './model.ts';
import { writeFrrConfig } from './write.ts';

export interface DaemonConfigs {
  readonly zebra: string;
  readonly bgpd: string;
  readonly bfdd: string;
  readonly staticd: string;
}

/**
 * Splits a configuration into what each daemon understands, so that each can load its part by itself.
 * @returns undefined where an unknown statement could concern any daemon: then only vtysh can tell which
 */
export function splitByDaemon(config: FrrConfig): DaemonConfigs | undefined {
  const unknown: Record<keyof DaemonConfigs, UnknownStatement[]> = { zebra: [], bgpd: [], bfdd: [], staticd: [] };
  for (const statement of config.unknown ?? []) {
    const daemon = concerns(statement);
    if (daemon === undefined) return undefined;
    if (daemon !== 'vtysh') unknown[daemon].push(statement);
  }
  const { version, defaults, hostname, log } = config;
  const head = pick({ version, defaults, hostname, log });
  const { ipForwarding, ipv6Forwarding, zebra, interfaces, protocolRouteMaps, prefixLists, asPathLists, bfdProfiles } =
    config;
  const zebraMaps = (config.routeMaps ?? []).filter((map) =>
    protocolRouteMaps?.some((use) => use.routeMap === map.name),
  );
  const zebraLists = (prefixLists ?? []).filter((list) => zebraMaps.some((map) => uses(map, list.name)));
  const text = (daemon: keyof DaemonConfigs, part: FrrConfig) =>
    writeFrrConfig({ ...head, ...pick(part), ...(unknown[daemon].length > 0 ? { unknown: unknown[daemon] } : {}) });
  return {
    zebra: text('zebra', {
      ...pick({ ipForwarding, ipv6Forwarding, zebra, interfaces, protocolRouteMaps }),
      prefixLists: zebraLists,
      routeMaps: zebraMaps.map((map) => ({ ...map, entries: map.entries.map(forZebra) })),
    }),
    bgpd: text('bgpd', {
      ...pick({ bgp: config.bgp, prefixLists, asPathLists }),
      routeMaps: (config.routeMaps ?? []).map((map) => ({ ...map, entries: map.entries.map(forBgpd) })),
    }),
    bfdd: text('bfdd', pick({ bfdProfiles })),
    staticd: text('staticd', pick({ staticRoutes: config.staticRoutes })),
  };
}

/** Whom an unknown statement concerns; undefined where only its daemon could say. */
function concerns({ context, text }: UnknownStatement): keyof DaemonConfigs | 'vtysh' | undefined {
  const outermost = context[0];
  if (outermost === undefined) return /^(line vty|service integrated-vtysh-config)$/.test(text) ? 'vtysh' : undefined;
  if (outermost.startsWith('router bgp ')) return 'bgpd';
  return outermost === 'bfd' ? 'bfdd' : undefined;
}

function uses(map: RouteMap, list: string): boolean {
  return map.entries.some((entry) => entry.matchIpv4PrefixList === list || entry.matchIpv6PrefixList === list);
}

/** zebra has no BGP attributes to match or set. */
function forZebra(entry: RouteMapEntry): RouteMapEntry {
  const { setLocalPreference: _, setAsPathPrepend: __, matchAsPath: ___, ...rest } = entry;
  return rest;
}

/** bgpd cannot choose the source address of kernel routes. */
function forBgpd({ setSource: _, ...entry }: RouteMapEntry): RouteMapEntry {
  return entry;
}

function pick(fields: { readonly [K in keyof FrrConfig]: FrrConfig[K] | undefined }): FrrConfig {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * The inverse: puts together what each daemon says of itself (`show running-config` over its vty socket). Every daemon repeats the
 * prefix-lists and route-maps, with those statements of theirs that it understands.
 */
export function joinDaemons(parts: { readonly [D in keyof DaemonConfigs]: FrrConfig }): FrrConfig {
  const { zebra, bgpd, bfdd, staticd } = parts;
  const { version, defaults, hostname, log } = zebra;
  const { ipForwarding, ipv6Forwarding, interfaces, protocolRouteMaps } = zebra;
  const unknown = [zebra, staticd, bgpd, bfdd].flatMap((part) => part.unknown ?? []);
  return pick({
    ...pick({ version, defaults, hostname, log, ipForwarding, ipv6Forwarding, zebra: zebra.zebra, interfaces }),
    ...pick({ staticRoutes: staticd.staticRoutes, bgp: bgpd.bgp, prefixLists: bgpd.prefixLists ?? zebra.prefixLists }),
    ...pick({ asPathLists: bgpd.asPathLists }),
    routeMaps: joinRouteMaps(bgpd.routeMaps, zebra.routeMaps),
    ...pick({ protocolRouteMaps, bfdProfiles: bfdd.bfdProfiles }),
    unknown: unknown.length === 0 ? undefined : distinct(unknown),
  });
}

function joinRouteMaps(bgpd: readonly RouteMap[] | undefined, zebra: readonly RouteMap[] | undefined) {
  if (bgpd === undefined) return zebra;
  return bgpd.map((map) => {
    const other = zebra?.find((candidate) => candidate.name === map.name);
    const sister = (entry: RouteMapEntry) => other?.entries.find((candidate) => candidate.seq === entry.seq);
    return { ...map, entries: map.entries.map((entry) => ({ ...sister(entry), ...entry })) };
  });
}

function distinct(statements: readonly UnknownStatement[]): readonly UnknownStatement[] {
  const key = ({ context, text }: UnknownStatement) => [...context, text].join('\n');
  return [...new Map(statements.map((statement) => [key(statement), statement])).values()];
}
