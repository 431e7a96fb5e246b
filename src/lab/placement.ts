/** Where a lab's stores stand: refused before anything is started where that cannot do, and told where one cut takes too much. */
import { type Fabric, unpowered } from '../fabric/index.ts';
import type { StorePlan } from './definition.ts';

/** Members that a store needs to go on. */
const majority = (members: number): number => Math.floor(members / 2) + 1;

/**
 * What is wrong with the places of stores: members and clients on nodes that do not exist, two members on one node, and zones that hold a
 * majority of the members. Empty where nothing is. Fabrics without zones are not judged for them.
 */
export function placementProblems(fabric: Fabric, plans: readonly StorePlan[]): readonly string[] {
  const zoneOf = new Map(fabric.nodes.map(({ name, zone }) => [name, zone]));
  const servers = fabric.nodes.filter(({ role }) => role === 'server').map(({ name }) => name);
  return plans.flatMap(({ kind, members, clientNodes }) => {
    const missing = [...new Set([...members, ...clientNodes])].filter((node) => !zoneOf.has(node));
    if (missing.length > 0) {
      const there = `its servers are ${servers.slice(0, 8).join(', ') || 'none'}${servers.length > 8 ? ', ...' : ''}`;
      return missing.map((node) => `${kind} on ${node}: ${fabric.name} has no such node; ${there}`);
    }
    const twice = members.filter((node, i) => members.indexOf(node) !== i);
    if (twice.length > 0)
      return [...new Set(twice)].map((node) => `${kind}: two members on ${node}; give each its own node`);
    return members.length < 2 ? [] : crowdedZones(kind, members, zoneOf);
  });
}

function crowdedZones(
  kind: string,
  members: readonly string[],
  zoneOf: ReadonlyMap<string, string | undefined>,
): readonly string[] {
  const zones = new Set(members.map((node) => zoneOf.get(node)));
  return [...zones].flatMap((zone) => {
    const inside = members.filter((node) => zoneOf.get(node) === zone);
    if (zone === undefined || inside.length < majority(members.length)) return [];
    return [
      `${kind}: ${members.length} members in ${zones.size === 1 ? 'one zone' : `${zones.size} zones`}: ${zone} holds ${inside.join(', ')}, a majority that is lost with it; spread them over ${Math.min(3, members.length)} zones`,
    ];
  });
}

/** Feeds, UPS, PDUs and rows that take a majority of a store's members: whoever cuts one of them stops the store. */
export function placementWarnings(fabric: Fabric, plans: readonly StorePlan[]): readonly string[] {
  const tree = fabric.power;
  if (tree === undefined) return [];
  const sources = [
    ...tree.elements.filter(({ kind }) => kind !== 'outlet'),
    ...tree.places.filter(({ kind }) => kind !== 'pod' && kind !== 'centre'),
  ].map(({ name }) => ({ name, gone: new Set(unpowered(tree, new Set([name]))) }));
  return plans.flatMap(({ kind, members }) =>
    sources.flatMap(({ name, gone }) => {
      const lost = members.filter((node) => gone.has(node));
      if (members.length < 2 || lost.length < majority(members.length)) return [];
      return [`${kind}: a cut of ${name} takes ${lost.join(', ')}, a majority of its ${members.length} members`];
    }),
  );
}
