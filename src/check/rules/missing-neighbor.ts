/** A session needs both its ends. */
import { endKey, type NamedLink, type Network, nameOf, type Router, type SessionEnd, wiresByEnd } from '../network.ts';
import { frrConfFile } from '../read-configs.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';
import { sessionsOf } from '../session.ts';

export const missingNeighbor: Rule = {
  name: 'missing-neighbor',
  *judge(network: Network): Generator<Found> {
    const told = new Set<string>();
    for (const router of network.routers) {
      for (const missing of neighborsOfIntent(router, network)) {
        told.add(endKey(router.name, missing.link?.name ?? missing.port));
        yield lacks(router, missing.port, missing.link, 'which the intent has');
      }
    }
    for (const end of network.routers.flatMap(({ sessions }) => sessions)) {
      if (end.peer) continue;
      if (end.remote === undefined) {
        const found = nobody(end, network);
        if (found) yield found;
      } else if (!told.has(endKey(end.remote.name, end.link?.name ?? ''))) {
        yield lacks(end.remote, portTowards(end), end.link, `though ${end.router.name} has ${nameOf(end)}`);
      }
    }
  },
};

function* neighborsOfIntent(
  router: Router,
  { links }: Network,
): Generator<{ port: string; link: NamedLink | undefined }> {
  if (!router.intent) return;
  const has = new Set(router.sessions.map(({ neighbor }) => neighbor.name));
  const missing = sessionsOf(router.intent.config).filter(({ neighbor }) => !has.has(neighbor.name));
  if (missing.length === 0) return;
  const wires = wiresByEnd(links);
  for (const { neighbor } of missing) {
    yield { port: neighbor.name, link: wires.get(endKey(router.name, neighbor.name))?.link };
  }
}

/** What the other router would call this end. */
function portTowards({ link, remote, router }: SessionEnd): string {
  if (link === undefined) return `an address of ${router.name}`;
  return link.a.node === remote!.name ? link.a.interface : link.z.interface;
}

function lacks(router: Router, port: string, link: NamedLink | undefined, why: string): Found {
  const instance = router.config.bgp?.length ? 'bgp/0' : 'bgp';
  return atStatement(router, instance, {
    severity: 'error',
    message: `${router.name} has no neighbor ${port}, ${why}: the session never starts`,
    remedy: `Add neighbor ${port} to ${router.config.bgp?.[0] ? `router bgp ${router.config.bgp[0].asn}` : 'a BGP instance'} of ${router.name}`,
    link,
  });
}

function nobody(end: SessionEnd, { topology }: Network): Found | undefined {
  const { neighbor, link, router, path } = end;
  if (link) {
    const far = link.a.node === router.name ? link.z.node : link.a.node;
    const node = topology.nodes.find(({ name }) => name === far);
    // A configuration that is not where its bind says has a finding of its own.
    if (node && frrConfFile(node) !== undefined) return undefined;
    return atStatement(router, path, {
      severity: 'warning',
      message: `neighbor ${neighbor.name} leads to ${far}, which has no FRR configuration`,
      remedy: `Give ${far} a configuration, or remove the neighbour`,
      link,
    });
  }
  if (neighbor.byInterface) {
    return atStatement(router, path, {
      severity: 'error',
      message: `neighbor ${neighbor.name}: no link of the topology ends at ${router.name}:${neighbor.name}`,
      remedy: 'Wire the interface, or remove the neighbour',
    });
  }
  return atStatement(router, path, {
    severity: 'warning',
    message: `neighbor ${neighbor.name}: no router of the topology has this address`,
    remedy: 'Correct the address, or ignore this where a node sets its address without FRR',
  });
}
