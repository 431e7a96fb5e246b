/** Slow disks: the block I/O controller of the kernel holds back what a node writes and reads. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskThrottle } from '../engine.ts';
import { blockIoGroups } from './cgroup.ts';
import { containerPid } from './container.ts';
import type { NodePlan } from './plan.ts';

/**
 * Limits the operations a second of each of a node's disks, or lifts the limit with undefined.
 * Under version 1 the journal writes on behalf of the root group, so the device is limited there too: no one else has it.
 * @throws Error where the node has no disk, is off, or the host has no block I/O controller
 */
export function throttleDisks(node: NodePlan, throttle: DiskThrottle | undefined): void {
  liftThrottle(node);
  if (throttle === undefined) return;
  if (node.disks.length === 0) throw new Error(`node ${node.name} has no disk to slow down`);
  const pid = containerPid(node);
  const devices = node.disks.map(({ mountPoint }) => deviceOf(`/proc/${pid}/root${mountPoint}`));
  // Before the first limit: what is left by a crash is found again.
  writeFileSync(throttleMark(node), devices.join('\n'));
  for (const device of devices) limit(node, device, throttle.operationsPerSecond);
}

/** Lifts the limits that `throttleDisks` set, also after the node or the process that set them is gone. */
export function liftThrottle(node: Pick<NodePlan, 'dir' | 'cgroup'>): void {
  const mark = throttleMark(node);
  if (!existsSync(mark)) return;
  for (const device of readFileSync(mark, 'utf8').split('\n')) if (device !== '') limit(node, device, 0);
  rmSync(mark, { force: true });
}

/** Whether a limit is in force. */
export function isThrottled(node: Pick<NodePlan, 'dir'>): boolean {
  return existsSync(throttleMark(node));
}

/** Zero lifts it. */
function limit(node: Pick<NodePlan, 'cgroup'>, device: string, operationsPerSecond: number): void {
  const { version, dirs } = blockIoGroups(node.cgroup);
  const [group] = dirs;
  if (group === undefined && operationsPerSecond > 0)
    throw new Error(
      'this host has no control group for block I/O (blkio, or io of version 2): disks cannot be slowed down',
    );
  for (const dir of dirs) {
    if (version === 2) {
      const most = operationsPerSecond === 0 ? 'max' : operationsPerSecond;
      writeFileSync(join(dir, 'io.max'), `${device} riops=${most} wiops=${most}`);
    } else {
      for (const direction of ['read', 'write'])
        writeFileSync(join(dir, `blkio.throttle.${direction}_iops_device`), `${device} ${operationsPerSecond}`);
    }
  }
}

/** `<major>:<minor>` of the device that a folder's file system is on (makedev(3)). */
function deviceOf(path: string): string {
  const { dev } = statSync(path);
  const major = ((dev >>> 8) & 0xfff) | (Math.floor(dev / 2 ** 32) & 0xfffff000);
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

function throttleMark({ dir }: Pick<NodePlan, 'dir'>): string {
  return join(dir, 'throttled');
}
