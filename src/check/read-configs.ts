/** Reads the configuration that each node of a topology will run. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bind, Topology, TopologyNode } from 'containerlab-ts';
import { type FrrConfig, parseFrrConfigWithLines } from 'frr-config';
import { InputError } from '../errors.ts';

/** A parsed `frr.conf`, the file it came from and the line of each statement (key: its path in the model). */
export interface NodeConfig {
  readonly file: string;
  readonly config: FrrConfig;
  readonly lines: ReadonlyMap<string, number>;
}

/** Where FRR reads its configuration inside a node. */
const FRR_DIR = '/etc/frr';

/** The bind that gives a node its `frr.conf`: the file itself, or the folder that it lies in. */
export function frrBind(node: TopologyNode): Bind | undefined {
  const targets = [`${FRR_DIR}/frr.conf`, FRR_DIR, '/etc'];
  return targets
    .map((target) => node.binds.find((bind) => trimmed(bind.target) === target))
    .find((bind) => bind !== undefined);
}

/** Path on this host of a node's `frr.conf`; undefined where no bind gives it one. */
export function frrConfFile(node: TopologyNode): string | undefined {
  const bind = frrBind(node);
  if (!bind) return undefined;
  const target = trimmed(bind.target);
  if (target === `${FRR_DIR}/frr.conf`) return bind.source;
  return target === FRR_DIR ? join(bind.source, 'frr.conf') : join(bind.source, 'frr', 'frr.conf');
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
      configs.set(node.name, Object.freeze({ file, ...parseFrrConfigWithLines(readFileSync(file, 'utf8')) }));
    } catch (cause) {
      problems.push(
        `${file}: configuration of ${node.name} cannot be read (${(cause as Error).message}); see its permissions`,
      );
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return configs;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function trimmed(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}
