/** Topology, configurations and intent joined: routers, their sessions, and which session is the other end of which. */
import type { Topology, TopologyLink, TopologyNode } from 'containerlab-ts';
import { formatAddress, parseAddress } from '../fabric/cidr.ts';
import type { Fabric, FabricNode } from '../fabric/fabric.ts';
import { groupBy } from './group-by.ts';
import type { NodeConfig } from './read-configs.ts';
import { type SessionConfig, sessionsOf } from './session.ts';

/** What `checkDesign` judges. */
export interface DesignInput {
  readonly topology: Topology;
  /** By node; nodes without FRR are not in it. */
  readonly configs: ReadonlyMap<string, NodeConfig>;
  /** The intent; without it, only what is wrong in itself is found. */
  readonly fabric?: Fabric | undefined;
}

export interface Network {
  readonly topology: Topology;
  readonly fabric: Fabric | undefined;
  readonly routers: readonly Router[];
  readonly router: ReadonlyMap<string, Router>;
  readonly links: readonly NamedLink[];
  /** A session as the intent has it; undefined without intent, or where the intent has no such neighbour. */
  intended(end: SessionEnd): SessionConfig | undefined;
}

export interface NamedLink extends TopologyLink {
  /** `<node>:<interface>--<node>:<interface>`, as the topology orders the ends. */
  readonly name: string;
}

/** A node with a configuration. */
export interface Router extends NodeConfig {
  readonly name: string;
  readonly node: TopologyNode;
  readonly sessions: readonly SessionEnd[];
  readonly intent: FabricNode | undefined;
}

/** One `neighbor` of one router. */
export interface SessionEnd extends SessionConfig {
  readonly router: Router;
  /** The link it runs over, where the topology tells. */
  readonly link: NamedLink | undefined;
  /** The router at the other end, where it is known. */
  readonly remote: Router | undefined;
  /** The session as the other end has it. */
  readonly peer: SessionEnd | undefined;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Joins everything that rules look at. Sessions are matched by interface and link, or by address. */
export function joinNetwork({ topology, configs, fabric }: DesignInput): Network {
  const intents = new Map(fabric?.nodes.map((node) => [node.name, node]));
  const links = topology.links.map((link) => ({ ...link, name: linkName(link) }));
  const router = new Map<string, Router>();
  const ends: Draft<SessionEnd>[] = [];
  for (const node of topology.nodes) {
    const config = configs.get(node.name);
    if (!config) continue;
    const sessions: Draft<SessionEnd>[] = [];
    const one: Router = { ...config, name: node.name, node, sessions, intent: intents.get(node.name) };
    for (const session of sessionsOf(config.config)) {
      sessions.push({ ...session, router: one, link: undefined, remote: undefined, peer: undefined });
    }
    router.set(node.name, one);
    ends.push(...sessions);
  }
  const wires = wiresByEnd(links);
  const owners = ownersByAddress(router.values());
  for (const end of ends) locate(end, wires, owners, router);
  const byLink = groupBy(ends, ({ link }) => link);
  for (const end of ends) end.peer = otherEnd(end, byLink.get(end.link) ?? []);
  const intended = new Map(
    fabric?.nodes.flatMap(({ name, config }) =>
      sessionsOf(config).map((one) => [endKey(name, one.neighbor.name), one]),
    ),
  );
  return {
    topology,
    fabric,
    routers: [...router.values()],
    router,
    links,
    intended: (end) => intended.get(endKey(end.router.name, end.neighbor.name)),
  };
}

/** `<node>:<interface>--<node>:<interface>`. */
export function linkName({ a, z }: Pick<TopologyLink, 'a' | 'z'>): string {
  return `${endKey(a.node, a.interface)}--${endKey(z.node, z.interface)}`;
}

export function endKey(node: string, port: string): string {
  return `${node}:${port}`;
}

interface Wire {
  readonly link: NamedLink;
  readonly far: TopologyLink['a'];
}

/** What each port is wired to. */
export function wiresByEnd(links: readonly NamedLink[]): ReadonlyMap<string, Wire> {
  return new Map(
    links.flatMap((link) => [
      [endKey(link.a.node, link.a.interface), { link, far: link.z }],
      [endKey(link.z.node, link.z.interface), { link, far: link.a }],
    ]),
  );
}

type Owners = ReadonlyMap<string, readonly { readonly router: Router; readonly port: string }[]>;

function ownersByAddress(routers: Iterable<Router>): Owners {
  const owners = new Map<string, { router: Router; port: string }[]>();
  for (const router of routers) {
    for (const { name, ipv4 = [], ipv6 = [] } of router.config.interfaces ?? []) {
      for (const text of [...ipv4, ...ipv6]) {
        const list = owners.get(addressOf(text));
        if (list) list.push({ router, port: name });
        else owners.set(addressOf(text), [{ router, port: name }]);
      }
    }
  }
  return owners;
}

function locate(
  end: Draft<SessionEnd>,
  wires: ReadonlyMap<string, Wire>,
  owners: Owners,
  routers: ReadonlyMap<string, Router>,
): void {
  if (end.neighbor.byInterface) {
    const wire = wires.get(endKey(end.router.name, end.neighbor.name));
    end.link = wire?.link;
    end.remote = wire && routers.get(wire.far.node);
    return;
  }
  const owner = owners.get(addressOf(end.neighbor.name))?.find(({ router }) => router !== end.router);
  end.remote = owner?.router;
  const wire = owner && wires.get(endKey(owner.router.name, owner.port));
  if (wire?.far.node === end.router.name) end.link = wire.link;
}

/** The neighbour of the remote router that points back over the same link; between addresses that are on none, any that does. */
function otherEnd(end: SessionEnd, sameLink: readonly SessionEnd[]): SessionEnd | undefined {
  return sameLink.find(
    (other) =>
      other.router === end.remote &&
      other.remote === end.router &&
      (end.link !== undefined || !other.neighbor.byInterface),
  );
}

/** `10.0.0.1` of `10.0.0.1/32`, IPv6 in its canonical form. */
export function addressOf(text: string): string {
  const [address = ''] = text.split('/');
  const parsed = parseAddress(address);
  return parsed ? formatAddress(parsed.family, parsed.address) : address;
}

/** How messages name a session's other end: `neighbor eth1 (spine-1)`. */
export function nameOf(end: SessionEnd): string {
  return end.remote ? `neighbor ${end.neighbor.name} (${end.remote.name})` : `neighbor ${end.neighbor.name}`;
}
