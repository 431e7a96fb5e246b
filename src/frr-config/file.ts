/** The file as a whole: which statements and blocks stand at its top, and in which order they are written. */
import { readAsPathList, writeAsPathLists } from './as-path-list.ts';
import { bfdBlock, writeBfd } from './bfd.ts';
import { bgpBlock, writeBgp } from './bgp.ts';
import type { Block, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { interfaceBlock, writeInterfaces } from './interface.ts';
import type { FrrConfig } from './model.ts';
import { readPrefixList, writePrefixLists } from './prefix-list.ts';
import { readProtocolRouteMap, routeMapBlock, writeProtocolRouteMaps, writeRouteMaps } from './route-map.ts';
import { readStaticRoute, writeStaticRoutes } from './static.ts';
import { readGlobal, writeHead, writeZebra } from './zebra.ts';

export function fileBlock(config: Draft<FrrConfig>): Block {
  return {
    opener: '',
    path: '',
    read(statement) {
      const { words, no } = statement;
      if (words[0] === 'interface' && words.length === 2 && !no) return interfaceBlock(config, words[1]!);
      if (words[0] === 'bfd' && words.length === 1 && !no) return bfdBlock(config);
      return (
        bgpBlock(config, statement) ??
        routeMapBlock(config, statement) ??
        (readGlobal(config, statement) ||
          readStaticRoute(config, statement) ||
          readPrefixList(config, statement) ||
          readAsPathList(config, statement) ||
          readProtocolRouteMap(config, statement))
      );
    },
  };
}

/**
 * The lines of the known statements, in the order of `show running-config` but for policies, which stand before `router bgp`: a neighbour
 * that names a route-map which is not there yet denies everything until bgpd's `route-map delay-timer` (5 s) has run out.
 */
export function writtenFile(config: FrrConfig): Written[] {
  return [
    ...writeHead(config),
    ...writeZebra(config),
    ...writeStaticRoutes(config),
    ...writeInterfaces(config),
    ...writePrefixLists(config),
    ...writeAsPathLists(config),
    ...writeRouteMaps(config),
    ...writeBgp(config),
    ...writeProtocolRouteMaps(config),
    ...writeBfd(config),
  ];
}
