/** What a topology means on this engine: every node's recipe, place and limits, every link's ends. Nothing is started here. */
import { join } from 'node:path';
import type { Topology, TopologyEndpoint, TopologyNode } from 'containerlab-ts';
import { DISK_LABEL, type DiskSpec, parseDisks } from '../../disk/index.ts';
import { InputError } from '../../errors.ts';
import { cgroupOf, netnsPath, nodeDir } from './paths.ts';
import { knownImages, type Recipe, recipeFor } from './recipes/index.ts';
import { macAllocator } from './seeded.ts';
import { shellWords } from './shell-words.ts';

export interface LabPlan {
  readonly name: string;
  readonly seed: number;
  readonly topology: Topology;
  readonly nodes: readonly NodePlan[];
  readonly links: readonly LinkPlan[];
}

export interface NodePlan {
  readonly spec: TopologyNode;
  readonly name: string;
  readonly container: string;
  readonly netns: string;
  readonly dir: string;
  readonly cgroup: string;
  readonly recipe: Recipe;
  readonly disks: readonly DiskSpec[];
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly exec: readonly (readonly string[])[];
  /** Interfaces that links end in, in the topology's order. */
  readonly interfaces: readonly string[];
}

export interface LinkPlan {
  /** `<node>:<interface>--<node>:<interface>`. */
  readonly name: string;
  readonly a: EndPlan;
  readonly z: EndPlan;
  readonly mtu: number;
}

export interface EndPlan {
  readonly node: string;
  readonly interface: string;
  readonly mac: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const LONGEST_LAB_NAME = 64;
/** IFNAMSIZ without the final NUL. */
const LONGEST_INTERFACE = 15;
/** What FRR's sockets are called below a node's folder. */
const LONGEST_SOCKET = 'root/run/frr/staticd.vty';
/** `sun_path` of unix(7) without the final NUL. */
const LONGEST_SOCKET_PATH = 107;
const DEFAULT_MTU = 9500;

/** @throws InputError with every problem found, each with file and line */
export function planLab(topology: Topology, seed: number): LabPlan {
  const problems: string[] = [];
  if (!NAME.test(topology.name) || topology.name.length > LONGEST_LAB_NAME) {
    problems.push(
      `${topology.file}: "${topology.name}" cannot name a lab: letters, digits, "-", "_" and ".", at most ${LONGEST_LAB_NAME}`,
    );
  }
  const interfaces = new Map<string, string[]>(topology.nodes.map(({ name }) => [name, []]));
  const links = planLinks(topology, seed, interfaces, problems);
  const nodes = topology.nodes.flatMap((node) => planNode(topology, node, interfaces.get(node.name) ?? [], problems));
  const names = new Set<string>();
  for (const { name, spec } of nodes) {
    if (names.has(name)) problems.push(`${place(spec.at)}: there are two nodes ${name}`);
    names.add(name);
  }
  if (problems.length > 0) throw new InputError(problems);
  return { name: topology.name, seed, topology, nodes, links };
}

/** `clab-<lab>-<node>` unless the topology's prefix says otherwise. */
export function containerName(topology: Pick<Topology, 'name' | 'prefix'>, node: string): string {
  if (topology.prefix === '') return node;
  if (topology.prefix === '__lab-name') return `${topology.name}-${node}`;
  return `${topology.prefix}-${topology.name}-${node}`;
}

function planNode(
  topology: Topology,
  spec: TopologyNode,
  interfaces: readonly string[],
  problems: string[],
): NodePlan[] {
  const where = `${place(spec.at)}: node ${spec.name}`;
  const before = problems.length;
  const attempt = <T>(what: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      problems.push(`${where}: ${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  if (!NAME.test(spec.name)) problems.push(`${where}: the name may hold letters, digits, "-", "_" and "." only`);
  if (spec.kind !== 'linux')
    problems.push(`${where}: kind ${spec.kind || '(none)'} does not run on the embedded engine, only linux does`);
  if (/^(host|container:)/.test(spec.networkMode))
    problems.push(`${where}: network-mode ${spec.networkMode} is not supported on the embedded engine`);
  const recipe = recipeFor(spec.image);
  if (recipe === undefined && spec.kind === 'linux') {
    problems.push(`${where}: no recipe for image ${spec.image || '(none)'}; known are ${knownImages()}`);
  }
  const disks = attempt('labels', () => parseDisks(spec.labels[DISK_LABEL] ?? ''));
  const cmd = attempt('cmd', () => shellWords(spec.cmd));
  const entrypoint = attempt('entrypoint', () => shellWords(spec.entrypoint));
  const exec = attempt('exec', () => spec.exec.map(shellWords).filter((words) => words.length > 0));
  const container = containerName(topology, spec.name);
  if (!NAME.test(container))
    problems.push(`${where}: ${container} cannot name a container; change the topology's prefix`);
  for (const { target, at } of spec.binds) {
    if (!target.startsWith('/'))
      problems.push(`${place(at)}: node ${spec.name}: bind target ${target} is not absolute`);
  }
  const socket = join(nodeDir(topology.name, spec.name), LONGEST_SOCKET);
  if (recipe?.router && socket.length > LONGEST_SOCKET_PATH) {
    problems.push(`${where}: ${socket} is longer than a socket's path may be: shorten the names, or LEAFSTORM_STATE`);
  }
  if (problems.length > before || !recipe || !disks || !cmd || !entrypoint || !exec) return [];
  const { name } = spec;
  return [
    {
      spec,
      name,
      container,
      netns: netnsPath(container),
      dir: nodeDir(topology.name, name),
      cgroup: cgroupOf(topology.name, name),
      recipe,
      disks,
      cmd,
      entrypoint,
      exec,
      interfaces,
    },
  ];
}

function planLinks(
  topology: Topology,
  seed: number,
  interfaces: Map<string, string[]>,
  problems: string[],
): LinkPlan[] {
  const ends = topology.links.flatMap(({ a, z }) => [a, z]);
  const macOf = macAllocator(
    seed,
    ends.map(({ mac }) => mac).filter((mac) => mac !== ''),
  );
  const plans: LinkPlan[] = [];
  for (const link of topology.links) {
    const where = `${place(link.at)}: link ${endName(link.a)} -- ${endName(link.z)}`;
    if (link.type !== 'veth') {
      problems.push(`${where}: type ${link.type} is not supported on the embedded engine, only veth is`);
      continue;
    }
    for (const end of [link.a, link.z]) {
      const taken = interfaces.get(end.node);
      if (taken === undefined) problems.push(`${where}: there is no node ${end.node}`);
      else if (!isInterfaceName(end.interface)) {
        problems.push(
          `${where}: ${end.interface} cannot name an interface: at most ${LONGEST_INTERFACE} characters, no blank and no "/"`,
        );
      } else if (taken.includes(end.interface))
        problems.push(`${where}: ${endName(end)} is the end of another link already`);
      else taken.push(end.interface);
    }
    const plan = ({ node, interface: port, mac }: TopologyEndpoint): EndPlan => ({
      node,
      interface: port,
      mac: mac || macOf(node, port),
    });
    plans.push({
      name: `${endName(link.a)}--${endName(link.z)}`,
      a: plan(link.a),
      z: plan(link.z),
      mtu: link.mtu || DEFAULT_MTU,
    });
  }
  return plans;
}

function isInterfaceName(name: string): boolean {
  return name.length <= LONGEST_INTERFACE && /^[^\s/:]+$/.test(name) && !['lo', '.', '..'].includes(name);
}

function endName({ node, interface: port }: TopologyEndpoint): string {
  return `${node}:${port}`;
}

function place({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}
