/** A process of the host that counts to a node. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningLab } from '../../engine/engine.ts';
import { readMounts } from '../../linux/mount-table.ts';

/**
 * Puts this process into a node's control group, in the hierarchy that freezes: it stops with the node, and a power cut kills it.
 * @throws Error where the node is off
 */
export async function joinNode(lab: RunningLab, node: string): Promise<void> {
  const [first] = await lab.processes(node);
  if (first === undefined) throw new Error(`${node} is off: nothing can run on it`);
  const paths = readFileSync(`/proc/${first.pid}/cgroup`, 'utf8').split('\n');
  const mounts = readMounts().filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const freezer = mounts.find(({ superOptions }) => superOptions.includes('freezer'));
  const mount = freezer ?? mounts.find(({ type }) => type === 'cgroup2');
  const line = paths.find((each) =>
    freezer === undefined ? each.startsWith('0::') : /^\d+:([^:]*,)?freezer(,[^:]*)?:/.test(each),
  );
  const file = join(mount?.path ?? '', line?.split(':').slice(2).join(':') ?? '', 'cgroup.procs');
  if (mount === undefined || line === undefined || !existsSync(file))
    throw new Error(`${node}: no control group to join (${file})`);
  writeFileSync(file, `${process.pid}`);
}
