/** A node's folder: its root, its runtime configuration, its logs, its disks. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDisk } from '../../disk/index.ts';
import { readThroughBinds } from './binds.ts';
import { diskMounts, ociConfig } from './bundle.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import type { Prepared } from './recipes/index.ts';
import { buildRoot, emptyVolatile } from './root.ts';

/** Builds the folder of a node that has none yet, and says how the node starts. */
export function makeNodeFolder(plan: LabPlan, node: NodePlan): Prepared {
  mkdirSync(node.dir, { recursive: true });
  buildRoot(rootOf(node), node.name);
  mkdirSync(join(node.dir, 'log'));
  for (const { at, cacheAt, kind } of diskMounts(node)) {
    mkdirSync(at, { recursive: true });
    if (kind !== 'safe') mkdirSync(cacheAt, { mode: 0o700 });
  }
  return fill(plan, node);
}

/** Makes the node's disks, empty. */
export async function makeNodeDisks(node: NodePlan, env: Readonly<Record<string, string>>): Promise<void> {
  const mounts = diskMounts(node);
  await Promise.all(mounts.map(({ image }, at) => makeDisk(image, node.disks[at]!, env)));
}

/** Puts new, empty disks in the place of a node's own. Its power must be off. */
export async function replaceNodeDisks(node: NodePlan, env: Readonly<Record<string, string>>): Promise<void> {
  for (const { image } of diskMounts(node)) rmSync(image, { force: true });
  await makeNodeDisks(node, env);
}

/** Brings the folder of a node that lost its power back to what it was before its first start; what it wrote below `/var` stays. */
export function refreshNodeFolder(plan: LabPlan, node: NodePlan): Prepared {
  emptyVolatile(rootOf(node));
  return fill(plan, node);
}

/** How a node was started, as an earlier process wrote it down. */
export function readPrepared(node: NodePlan): Prepared {
  return JSON.parse(readFileSync(join(node.dir, 'start.json'), 'utf8')) as Prepared;
}

/** Folder on the host that is `/` of the node. */
export function rootOf(node: NodePlan): string {
  return join(node.dir, 'root');
}

/** A file that is there only while the node's power is off. */
export function offMark(node: NodePlan): string {
  return join(node.dir, 'off');
}

export function isOff(node: NodePlan): boolean {
  return existsSync(offMark(node));
}

function fill(plan: LabPlan, node: NodePlan): Prepared {
  const prepared = node.recipe.prepare({
    name: node.name,
    root: rootOf(node),
    log: join(node.dir, 'log'),
    cmd: node.cmd,
    entrypoint: node.entrypoint,
    readFile: (path) => readThroughBinds(plan.topology, node.spec.binds, path),
  });
  writeFileSync(join(node.dir, 'start.json'), JSON.stringify(prepared));
  writeFileSync(join(node.dir, 'config.json'), JSON.stringify(ociConfig(plan, node, prepared.argv)));
  return prepared;
}
