/** What a lab is meant to be: what the oracle, the fault plan and the assertions start from. */

import type { Topology } from 'containerlab-ts';
import type { FrrConfig } from 'frr-config';
import { type NodeConfig, readConfigs } from '../check/index.ts';
import { DISK_LABEL } from '../disk/index.ts';
import { type Fabric, type PowerTree, powerSources } from '../fabric/index.ts';
import type { TargetChoices } from '../fault/index.ts';
import type { Failures, OracleInput, Prediction } from '../oracle/index.ts';
import { predict } from '../oracle/index.ts';
import { ANYWHERE } from '../router/routes.ts';

export interface Intent {
  /** Configurations as written in the folder now: an engineer may have edited them. */
  readonly written: ReadonlyMap<string, NodeConfig>;
  /** What reality is compared with: the fabric's own configurations where there is a fabric, those of the folder otherwise. */
  readonly oracle: OracleInput;
  readonly roles: ReadonlyMap<string, string>;
  /** Nodes of each rack, its leaf first. */
  readonly racks: ReadonlyMap<string, readonly string[]>;
  /** Who feeds whom; undefined where no design says. */
  readonly power: PowerTree | undefined;
  /** Addresses of each node by its configuration, without prefix length. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds of BFD detection that the configurations ask for; undefined without BFD. */
  readonly detectionMs: number | undefined;
  /** Longest BGP hold time, milliseconds. */
  readonly holdMs: number;
  /** Host routes that move with a store while the lab runs: where they lead is not predicted. */
  readonly floating: Set<string>;
  predict(failures?: Failures): Prediction;
}

/** @throws InputError where a configuration cannot be read */
export function intentOf(topology: Topology, fabric: Fabric | undefined): Intent {
  const written = readConfigs(topology);
  const configs: ReadonlyMap<string, FrrConfig> =
    fabric === undefined
      ? new Map([...written].map(([node, { config }]) => [node, config]))
      : new Map(fabric.nodes.map(({ name, config }) => [name, config]));
  const links =
    fabric?.links ??
    topology.links.map(({ a, z }) => ({ name: `${a.node}:${a.interface}--${z.node}:${z.interface}`, a, z }));
  const oracle: OracleInput = { configs, links };
  const floating = new Set<string>();
  return Object.freeze({
    floating,
    written,
    oracle,
    roles: new Map(topology.nodes.map(({ name, labels, group }) => [name, labels['leafstorm-role'] ?? group])),
    racks: racksOf(topology),
    power: fabric?.power,
    addresses: new Map([...configs].map(([node, config]) => [node, addressesOf(config)])),
    detectionMs: detectionOf(configs.values()),
    holdMs: holdOf(configs.values()),
    predict: (failures?: Failures) => letFloat(predict(oracle, failures), floating),
  });
}

/** Silence (ms) after which neighbours take each other for dead. A hold time of 0 never ends (RFC 4271 4.2). */
export function silenceOf({ detectionMs, holdMs }: Pick<Intent, 'detectionMs' | 'holdMs'>): number {
  return detectionMs ?? (holdMs || Number.POSITIVE_INFINITY);
}

function letFloat(prediction: Prediction, floating: ReadonlySet<string>): Prediction {
  if (floating.size === 0) return prediction;
  const anywhere = [...floating].map((prefix) => [prefix, ANYWHERE] as const);
  const routes = new Map(
    [...prediction.routes].map(([node, { ipv4, ipv6 }]) => [node, { ipv4: new Map([...ipv4, ...anywhere]), ipv6 }]),
  );
  return { ...prediction, routes };
}

/** What faults can be aimed at. */
export function targetChoices(
  topology: Topology,
  { roles, racks, power }: Intent,
  stores: readonly string[],
): TargetChoices {
  const role = (node: string) => roles.get(node) ?? '';
  return Object.freeze({
    nodes: topology.nodes.map(({ name, labels }) => ({ name, role: role(name), disk: Boolean(labels[DISK_LABEL]) })),
    links: topology.links.map(({ a, z }) => ({
      name: `${a.node}:${a.interface}--${z.node}:${z.interface}`,
      roles: [role(a.node), role(z.node)] as const,
    })),
    racks: [...racks.keys()],
    power: power === undefined ? [] : powerSources(power).map(({ name, kind }) => ({ name, role: kind })),
    stores,
  });
}

function racksOf(topology: Topology): ReadonlyMap<string, readonly string[]> {
  const racks = new Map<string, string[]>();
  for (const { name, labels } of topology.nodes) {
    const rack = labels['leafstorm-rack'];
    if (rack === undefined || rack === '') continue;
    const nodes = racks.get(rack) ?? [];
    if (labels['leafstorm-role'] === 'leaf') nodes.unshift(name);
    else nodes.push(name);
    racks.set(rack, nodes);
  }
  return racks;
}

function addressesOf({ interfaces = [] }: FrrConfig): readonly string[] {
  return interfaces
    .flatMap(({ ipv4 = [], ipv6 = [] }) => [...ipv4, ...ipv6])
    .map((address) => address.slice(0, address.indexOf('/') >>> 0));
}

/** The slowest profile that a session uses decides. */
function detectionOf(configs: Iterable<FrrConfig>): number | undefined {
  let slowest: number | undefined;
  for (const { bgp = [], bfdProfiles = [] } of configs) {
    if (!bgp.some(({ peerGroups = [], neighbors = [] }) => [...peerGroups, ...neighbors].some(({ bfd }) => bfd)))
      continue;
    for (const { detectMultiplier = 3, receiveInterval = 300 } of bfdProfiles) {
      slowest = Math.max(slowest ?? 0, detectMultiplier * receiveInterval);
    }
    slowest ??= 900;
  }
  return slowest;
}

/** FRR's own default is 180 s; the datacenter profile's is 9 s. */
function holdOf(configs: Iterable<FrrConfig>): number {
  let longest = 0;
  for (const { bgp = [], defaults } of configs) {
    for (const { timers } of bgp) longest = Math.max(longest, timers?.hold ?? (defaults === 'datacenter' ? 9 : 180));
  }
  return longest * 1000;
}
