/** Reads the configuration that each node of a topology will run. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Topology, TopologyNode } from 'containerlab-ts';
import { type FrrConfig, parseFrrConfigWithLines } from 'frr-config';
import { InputError } from '../errors.ts';
import { type DaemonsFile, parseDaemons } from './daemons.ts';

/** A parsed `frr.conf`, the file it came from and the line of each statement (key: its path in the model). */
export interface NodeConfig {
  readonly file: string;
  readonly config: FrrConfig;
  readonly lines: ReadonlyMap<string, number>;
  /** Absent where no bind gives the node one: then the image decides. */
  readonly daemons?: DaemonsFile;
}

/** Where FRR reads its configuration inside a node. */
const FRR_DIR = '/etc/frr';

/** Path on this host of a file of a node's `/etc/frr`: bound itself, or in a folder that is. Undefined where no bind gives it. */
function frrFile(node: TopologyNode, name: string): string | undefined {
  const sources: readonly (readonly [target: string, below: string])[] = [
    [`${FRR_DIR}/${name}`, ''],
    [FRR_DIR, name],
    ['/etc', `frr/${name}`],
  ];
  for (const [target, below] of sources) {
    const bind = node.binds.find((one) => trimmed(one.target) === target);
    if (bind) return join(bind.source, below);
  }
  return undefined;
}

/** Path on this host of a node's `frr.conf`; undefined where no bind gives it one. */
export function frrConfFile(node: TopologyNode): string | undefined {
  return frrFile(node, 'frr.conf');
}

/**
 * Configurations by node, of those nodes that have one. A node whose bind points at nothing is left out: `checkDesign` reports it.
 * @throws InputError where a file is there and cannot be read
 */
export function readConfigs(topology: Topology): ReadonlyMap<string, NodeConfig> {
  const configs = new Map<string, NodeConfig>();
  const problems: string[] = [];
  for (const node of topology.nodes) {
    const file = frrConfFile(node);
    if (file === undefined || !isFile(file)) continue;
    try {
      const daemons = daemonsOf(node);
      const parsed = parseFrrConfigWithLines(readFileSync(file, 'utf8'));
      configs.set(node.name, Object.freeze({ file, ...parsed, ...(daemons && { daemons }) }));
    } catch (cause) {
      problems.push(
        `${file}: configuration of ${node.name} cannot be read (${(cause as Error).message}); see its permissions`,
      );
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return configs;
}

function daemonsOf(node: TopologyNode): DaemonsFile | undefined {
  const file = frrFile(node, 'daemons');
  return file !== undefined && isFile(file) ? parseDaemons(file, readFileSync(file, 'utf8')) : undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function trimmed(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}
