/** The oracle's way from input to prediction. */
import type { NodeRoutes } from '../router/routes.ts';
import { emptyAsPath } from './as-path.ts';
import type { Attributes } from './attributes.ts';
import { collectFindings, compare } from './findings.ts';
import { getOrMake } from './get-or-make.ts';
import { graphOf } from './graph.ts';
import { reportUnresolved } from './next-hops.ts';
import type { Failures, OracleInput, PredictedSession, Prediction } from './oracle.ts';
import { originsOf } from './origins.ts';
import { policiesOf } from './policy.ts';
import { portsOf } from './ports.ts';
import { type Family, type KnownPrefix, prefixTable } from './prefixes.ts';
import { propagation } from './propagation.ts';
import { compareRoutes } from './selection.ts';
import { type Session, sessionsOf } from './sessions.ts';
import { routersOf } from './speakers.ts';
import { reportStatements, zebraRouteMap } from './statements.ts';
import { staticsOf } from './statics.ts';
import { isKeptOut, tableBuilder } from './tables.ts';

/**
 * Predicts every router's routes of BGP and static configuration, and the BGP sessions, as FRR 8.4 would have them once
 * all is quiet, with `failures` gone. Pure: neither the order of nodes nor that of links changes the answer.
 * Where `unmodelled` is not empty, the prediction holds but for what it names.
 */
export function predict(input: OracleInput, failures: Failures = {}): Prediction {
  const findings = collectFindings();
  const prefixes = prefixTable();
  const ports = portsOf(input, failures, prefixes, findings);
  const routers = routersOf(input.configs, ports, failures.nodes, failures.frozen);
  const links = [...input.links].sort((a, b) => compare(a.name, b.name));
  const sessions = sessionsOf(routers, links, findings);

  const policies = routers.map((router) => policiesOf(router.config));
  const builders = routers.map((router, i) => {
    const filter = (family: Family) => {
      const name = zebraRouteMap(router.config, family);
      return name === undefined ? undefined : policies[i]!.routeMap(name);
    };
    return tableBuilder(router, staticsOf(router, prefixes), filter, findings);
  });

  const origins = ownRoutes();
  for (const family of ['ipv4', 'ipv6'] as const) {
    const graph = graphOf(family, routers, sessions, policies);
    const keptOut = (index: number, prefix: KnownPrefix, edge: Parameters<typeof isKeptOut>[3]) =>
      isKeptOut(routers[index]!, builders[index]!.statics, prefix, edge);
    const { spread } = propagation(graph, keptOut, findings);
    for (const [prefix, owners] of origins) {
      if (prefix.family !== family) continue;
      for (const [index, selection] of spread(prefix, owners)) {
        if (selection.edge) builders[index]!.addBgp(prefix, selection, selection.edge);
      }
    }
  }

  for (const router of routers) if (!router.frozen) reportStatements(router.name, router.config, findings);
  const predicted = builders.filter(({ router }) => !router.frozen);
  reportUnresolved(predicted, sessions, prefixes, findings);
  return {
    routes: new Map(predicted.map(({ router, ipv4, ipv6 }): [string, NodeRoutes] => [router.name, { ipv4, ipv6 }])),
    sessions: sessions.map(describe),
    unmodelled: findings.list(),
  };

  /** Each prefix with the best route of every router that originates it, prefixes in order of their text. */
  function ownRoutes(): readonly (readonly [KnownPrefix, ReadonlyMap<number, Attributes>])[] {
    const empty = emptyAsPath();
    const all = new Map<KnownPrefix, Map<number, Attributes>>();
    for (const [index, router] of routers.entries()) {
      if (!router.speaker || router.frozen) continue;
      const own = originsOf(router, router.speaker, builders[index]!.statics, policies[index]!, {
        prefixes,
        findings,
        empty,
      });
      for (const { prefix, attributes } of own) {
        const owners = getOrMake(all, prefix, () => new Map<number, Attributes>());
        const other = owners.get(index);
        if (!other || compareRoutes(undefined, attributes, undefined, other) < 0) owners.set(index, attributes);
      }
    }
    return [...all].sort(([a], [b]) => compare(a.text, b.text));
  }
}

function describe({ link, a, z }: Session): PredictedSession {
  return {
    a: { node: a.router.name, neighbor: a.neighbor.name },
    z: { node: z.router.name, neighbor: z.neighbor.name },
    link: link.name,
  };
}
