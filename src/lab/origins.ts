/** Who is who and who announces what: so that the router is named that is wrong, and not only those that suffer. */
import type { FrrConfig } from 'frr-config';
import type { Defect } from '../assert/index.ts';
import { type Frr, originates, type RouteDifference } from '../router/index.ts';

/** Past so many prefixes the first ones tell enough. */
const MOST_PREFIXES = 16;

/**
 * Of prefixes whose routes are wrong somewhere: routers that announce one which is not theirs, or do not announce one which is.
 * Only networks that configurations name are looked for.
 * @param configs of the intent
 * @param ask opens a router; undefined where it does not answer
 */
export async function originDefects(
  configs: ReadonlyMap<string, FrrConfig>,
  differences: readonly RouteDifference[],
  ask: <T>(node: string, question: (frr: Frr) => Promise<T>) => Promise<T | undefined>,
): Promise<readonly Defect[]> {
  const prefixes = [...new Set(differences.map(({ prefix }) => prefix))].slice(0, MOST_PREFIXES);
  if (prefixes.length === 0) return [];
  const owners = new Map(
    prefixes.map((prefix) => [prefix, [...configs].filter(([, one]) => owns(one, prefix)).map(([node]) => node)]),
  );
  const judge = async (node: string): Promise<readonly Defect[]> => {
    const announced = await ask(node, (frr) => which(frr, prefixes));
    if (announced === undefined) return [];
    return prefixes.flatMap((prefix) => {
      const mine = owners.get(prefix) as readonly string[];
      if (announced.has(prefix) === mine.includes(node)) return [];
      if (!announced.has(prefix)) return [{ target: node, why: `does not announce ${prefix}, which is its own` }];
      const whose = mine.length === 0 ? 'nobody has' : `is of ${mine.join(', ')}`;
      return [{ target: node, why: `announces ${prefix}, which ${whose} by the intent` }];
    });
  };
  return (await Promise.all([...configs.keys()].map(judge))).flat();
}

async function which(frr: Frr, prefixes: readonly string[]): Promise<ReadonlySet<string>> {
  const announced = new Set<string>();
  for (const prefix of prefixes) if (await originates(frr, prefix)) announced.add(prefix);
  return announced;
}

function owns({ bgp = [] }: FrrConfig, prefix: string): boolean {
  return bgp.some(({ ipv4Unicast, ipv6Unicast }) =>
    [ipv4Unicast, ipv6Unicast].some((family) => family?.networks?.some((network) => network.prefix === prefix)),
  );
}

/** Routers that run with another's router ID (RFC 6286): the ones that the intent does not give it to, or, where it does not tell, all but the first. */
export function routerIdDefects(
  configs: ReadonlyMap<string, FrrConfig>,
  ids: ReadonlyMap<string, string | undefined>,
): readonly Defect[] {
  const holders = Map.groupBy(
    [...ids].filter(([, id]) => id !== undefined),
    ([, id]) => id as string,
  );
  return [...holders].flatMap(([id, all]) => {
    const nodes = all.map(([node]) => node);
    if (nodes.length < 2) return [];
    const wrong = nodes.filter((node) => configs.get(node)?.bgp?.[0]?.routerId !== id);
    const named = wrong.length > 0 && wrong.length < nodes.length ? wrong : nodes.slice(1);
    return named.map((target) => {
      const others = nodes.filter((node) => node !== target);
      return { target, why: `runs with router ID ${id}, as ${others.join(', ')} does` };
    });
  });
}
