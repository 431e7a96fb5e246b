/** Removing all that carries a lab's name, whatever state it is in: half made, running, frozen, without power, or left by a crash. */
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForLoopDevicesGone } from '../../disk/index.ts';
import { waitForLock } from '../../linux/flock.ts';
import { readMounts } from '../../linux/mount-table.ts';
import { allProcesses, environmentOf, hasEnded, killNow, networkOf } from '../../linux/processes.ts';
import { detachMount } from '../../linux/umount.ts';
import { groupsBelow, killGroups, killGroupsAndWait, removeGroup, removeIfEmpty } from './cgroup.ts';
import { namespaceIdentities, removeNamespaces } from './namespaces.ts';
import { releaseNeighbourThresholds } from './neighbours.ts';
import { cgroupOf, labCgroup, labDir, lockPath, nodeDir } from './paths.ts';
import { labNames, readRecord } from './record.ts';
import { liftThrottle } from './throttle.ts';

const LOCK_MS = 120_000;
const END_MS = 20_000;
const LOOP_MS = 5_000;

/** Destroys a lab, waiting for a deploy or destroy of it that is under way. Nothing there is no problem. */
export async function destroyLab(name: string): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return;
  const lock = await waitForLock(lockPath(name), LOCK_MS);
  try {
    await removeEverything(name);
  } finally {
    lock.release();
  }
}

/** The same for one who holds the lab's lock. */
export async function removeEverything(name: string): Promise<void> {
  const dir = labDir(name);
  // The folder goes after all else, so without it nothing is left; and what bears the same name may belong to another state folder.
  if (existsSync(dir)) await removeWithFolder(name, dir);
  await releaseNeighbourThresholds(name);
  if (labNames().length === 0) removeIfEmpty('/leafstorm');
}

async function removeWithFolder(name: string, dir: string): Promise<void> {
  const record = readRecord(name);
  // The record comes before everything else, and what was only claimed may turn out to be another lab's.
  if (record !== undefined && record.phase !== 'claimed') await removeRunning(name, dir, record.containers);
  rmSync(dir, { recursive: true, force: true });
}

async function removeRunning(name: string, dir: string, containers: readonly string[]): Promise<void> {
  const groups = () => groupsBelow(labCgroup(name)).map((node) => cgroupOf(name, node));
  for (const node of groupsBelow(labCgroup(name)))
    liftThrottle({ dir: nodeDir(name, node), cgroup: cgroupOf(name, node) });
  killGroups(groups());
  await killStrays(dir, namespaceIdentities(containers));
  // A runc that was under way may have made another group just before it died.
  await killGroupsAndWait(groups());
  removeNamespaces(containers);
  await removeGroup(labCgroup(name));
  for (const { path } of readMounts().reverse()) if (path.startsWith(`${dir}/`)) detachMount(path);
  // Last, so that a disk which somebody holds keeps back nothing but its image.
  await waitForLoopDevicesGone(dir, LOOP_MS);
}

/**
 * Kills programs that the engine started on the host for this lab (runc, ip, mkfs, ...), known by their environment, and whatever else
 * lives in one of its network namespaces, such as a capture.
 */
async function killStrays(dir: string, namespaces: ReadonlySet<string>): Promise<void> {
  const until = Date.now() + END_MS;
  const mark = `LEAFSTORM_LAB_DIR=${dir}`;
  let inNamespace = new Set<number>();
  for (;;) {
    const others = allProcesses().filter((pid) => pid !== process.pid);
    const inside = others.filter((pid) => namespaces.has(networkOf(pid)));
    const ours = others.filter((pid) => environmentOf(pid).includes(mark));
    // A leafstorm that looks into a namespace is there for microseconds: only who is there twice lives there.
    const settled = inside.filter((pid) => inNamespace.has(pid));
    inNamespace = new Set(inside);
    const strays = [...new Set([...ours, ...inside])].filter((pid) => !hasEnded(pid));
    if (strays.length === 0) return;
    if (Date.now() >= until) throw new Error(`processes of ${dir} that do not end after SIGKILL: ${strays.join(', ')}`);
    for (const pid of new Set([...ours, ...settled])) killNow(pid);
    await sleep(1);
  }
}
