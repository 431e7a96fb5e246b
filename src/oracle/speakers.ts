/** Routers as BGP speakers: ASN, router ID, knobs, neighbours and where these are reached. */
import type { BgpConfig, FrrConfig } from 'frr-config';
import { type BgpKnobs, bgpKnobs } from './defaults.ts';
import { compare } from './findings.ts';
import { type Endpoint, endpointOf, type Neighbor, neighborsOf } from './neighbors.ts';
import { connectedOf, type Port, type Ports } from './ports.ts';
import { type KnownPrefix, parseAddress } from './prefixes.ts';

export interface Router {
  /** Position by name, so that no answer depends on the order of the input. */
  readonly index: number;
  readonly name: string;
  readonly config: FrrConfig;
  readonly ports: Ports;
  readonly connected: ReadonlyMap<KnownPrefix, string>;
  /** Its own table is not predicted, and it talks to nobody. */
  readonly frozen: boolean;
  /** Undefined where the default VRF has no BGP instance. */
  readonly speaker: Speaker | undefined;
}

export interface Speaker {
  readonly bgp: BgpConfig;
  readonly asn: number;
  /** 0 where there is no IPv4 address to take one from. */
  readonly routerId: number;
  readonly knobs: BgpKnobs;
  /** By name. */
  readonly neighbors: readonly SpeakerNeighbor[];
}

export interface SpeakerNeighbor {
  readonly config: Neighbor;
  readonly endpoint: Endpoint | undefined;
}

/** All routers that are on, by name. */
export function routersOf(
  configs: ReadonlyMap<string, FrrConfig>,
  ports: ReadonlyMap<string, Ports>,
  off: ReadonlySet<string> | undefined,
  frozen: ReadonlySet<string> | undefined,
): readonly Router[] {
  const names = [...configs.keys()].filter((name) => !off?.has(name)).sort(compare);
  return names.map((name, index) => {
    const config = configs.get(name)!;
    const own = ports.get(name)!;
    return {
      index,
      name,
      config,
      ports: own,
      connected: connectedOf(own),
      frozen: frozen?.has(name) ?? false,
      speaker: speakerOf(config, own),
    };
  });
}

function speakerOf(config: FrrConfig, ports: Ports): Speaker | undefined {
  const bgp = config.bgp?.find(({ vrf }) => vrf === undefined || vrf === 'default');
  if (!bgp) return undefined;
  const knobs = bgpKnobs(config, bgp);
  const neighbors = neighborsOf(bgp)
    .map((neighbor) => ({ config: neighbor, endpoint: endpointOf(neighbor, ports) }))
    .sort((a, b) => compare(a.config.name, b.config.name));
  return { bgp, asn: bgp.asn, routerId: routerIdOf(bgp, ports), knobs, neighbors };
}

/** `bgp router-id`, else what zebra elects: the highest IPv4 address of the loopback, else of all interfaces. */
function routerIdOf(bgp: BgpConfig, ports: Ports): number {
  const given = bgp.routerId === undefined ? undefined : parseAddress(bgp.routerId);
  if (given) return Number(given.address);
  const highest = (candidates: Iterable<Port>): number => {
    let best = 0;
    for (const port of candidates) {
      if (!port.up) continue;
      for (const { family, address } of port.addresses) {
        const isLoopback = address >> 24n === 127n;
        if (family === 'ipv4' && !isLoopback) best = Math.max(best, Number(address));
      }
    }
    return best;
  };
  const lo = ports.get('lo');
  return (lo && highest([lo])) || highest(ports.values());
}
