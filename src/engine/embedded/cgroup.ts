/** A node's control group, in every hierarchy that the host has (version 1, hybrid or version 2). */
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMounts } from '../../linux/mount-table.ts';
import { hasEnded, killNow } from '../../linux/processes.ts';

interface Hierarchy {
  readonly mount: string;
  readonly version: 1 | 2;
  readonly freezer: boolean;
  readonly blockIo: boolean;
}

const FREEZE_MS = 5_000;
const END_MS = 20_000;

let known: readonly Hierarchy[] | undefined;

function hierarchies(): readonly Hierarchy[] {
  known ??= readMounts()
    .filter(({ type }) => type === 'cgroup' || type === 'cgroup2')
    .map(({ path, type, superOptions }) => ({
      mount: path,
      version: type === 'cgroup2' ? 2 : 1,
      freezer: superOptions.includes('freezer'),
      blockIo: superOptions.includes('blkio'),
    }));
  return known;
}

/** The hierarchy that freezes: version 1's freezer, or the unified one where there is none. */
function freezing(): Hierarchy {
  const all = hierarchies();
  const found = all.find(({ freezer }) => freezer) ?? all.find(({ version }) => version === 2);
  if (found === undefined)
    throw new Error('no control group hierarchy that can freeze processes is mounted on this host');
  return found;
}

/** Ids of all processes of a group and the groups below it; empty where it does not exist. */
export function cgroupProcesses(cgroup: string): number[] {
  return processesBelow(join(freezing().mount, cgroup));
}

/** As `cgroupProcesses`, over every hierarchy: also processes that were just about to join. */
function processesEverywhere(cgroup: string): number[] {
  return [...new Set(hierarchies().flatMap(({ mount }) => processesBelow(join(mount, cgroup))))];
}

function processesBelow(dir: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
  const own = readOr(join(dir, 'cgroup.procs'), '')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
  return [...own, ...entries.flatMap((name) => processesBelow(join(dir, name)))];
}

/** Freezes or thaws every process of a group and waits until the kernel says that it is so. @throws Error where it does not within 5 s */
export async function freeze(cgroup: string, frozen: boolean): Promise<void> {
  const { mount, version } = freezing();
  const dir = join(mount, cgroup);
  const until = Date.now() + FREEZE_MS;
  const [file, value] =
    version === 1 ? ['freezer.state', frozen ? 'FROZEN' : 'THAWED'] : ['cgroup.freeze', frozen ? '1' : '0'];
  writeFileSync(join(dir, file), value);
  const isSo = () =>
    version === 1
      ? readFileSync(join(dir, file), 'utf8').trim() === value
      : readFileSync(join(dir, 'cgroup.events'), 'utf8').includes(`frozen ${value}`);
  while (!isSo()) {
    if (Date.now() >= until)
      throw new Error(`control group ${cgroup} is not ${frozen ? 'frozen' : 'thawed'} after ${FREEZE_MS} ms`);
    await sleep(1);
  }
}

/** Folders in which block I/O on behalf of a group is limited: version 1's controller has it in the root group too. */
export function blockIoGroups(cgroup: string): { readonly version: 1 | 2; readonly dirs: readonly string[] } {
  const first = hierarchies().find(({ blockIo }) => blockIo);
  if (first !== undefined)
    return { version: 1, dirs: [first.mount, join(first.mount, cgroup)].filter((dir) => existsSync(dir)) };
  const unified = hierarchies().find(({ version }) => version === 2);
  const dir = unified === undefined ? '' : join(unified.mount, cgroup);
  return { version: 2, dirs: existsSync(join(dir, 'io.max')) ? [dir] : [] };
}

/** Whether a group is frozen now. */
export function isFrozen(cgroup: string): boolean {
  const { mount, version } = freezing();
  const dir = join(mount, cgroup);
  return version === 1
    ? readOr(join(dir, 'freezer.state'), '').trim() === 'FROZEN'
    : readOr(join(dir, 'cgroup.events'), '').includes('frozen 1');
}

/** SIGKILL to every process of these groups, frozen or not, without waiting for their end. */
export function killGroups(cgroups: readonly string[]): void {
  for (const cgroup of cgroups) {
    for (const pid of processesEverywhere(cgroup)) if (pid !== 0) killNow(pid);
    thawForDeath(cgroup);
  }
}

/** Kills until every process of these groups has ended: also those that have left their group already but not their files. @throws Error naming what does not end */
export async function killGroupsAndWait(cgroups: readonly string[]): Promise<void> {
  const until = Date.now() + END_MS;
  const seen = new Set<number>();
  let left = cgroups.filter((cgroup) => exists(cgroup));
  for (;;) {
    for (const cgroup of left) for (const pid of processesEverywhere(cgroup)) seen.add(pid);
    killGroups(left);
    left = left.filter((cgroup) => processesEverywhere(cgroup).length > 0);
    for (const pid of seen) if (hasEnded(pid)) seen.delete(pid);
    if (left.length === 0 && seen.size === 0) return;
    if (Date.now() >= until)
      throw new Error(`processes that do not end after SIGKILL: ${[...seen].join(', ')} in ${cgroups.join(', ')}`);
    await sleep(1);
  }
}

/** Removes the groups with everything below, in every hierarchy; their processes must be gone. */
export async function removeGroup(cgroup: string): Promise<void> {
  const until = Date.now() + END_MS;
  for (const { mount } of hierarchies()) {
    const dir = join(mount, cgroup);
    while (existsSync(dir)) {
      try {
        removeTree(dir);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Processes that have just ended are counted for a moment longer.
        if (code !== 'EBUSY' || Date.now() >= until) throw error;
        await sleep(1);
      }
    }
  }
}

/** Removes a group where nothing is below it or in it; leaves it alone otherwise. */
export function removeIfEmpty(cgroup: string): void {
  for (const { mount } of hierarchies()) {
    try {
      rmdirSync(join(mount, cgroup));
    } catch {
      // In use, or gone.
    }
  }
}

/** Names of the groups directly below one, in any hierarchy. */
export function groupsBelow(cgroup: string): string[] {
  const names = hierarchies().flatMap(({ mount }) => {
    try {
      return readdirSync(join(mount, cgroup), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    } catch {
      return [];
    }
  });
  return [...new Set(names)];
}

function exists(cgroup: string): boolean {
  return hierarchies().some(({ mount }) => existsSync(join(mount, cgroup)));
}

function removeTree(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(dir, entry.name));
  }
  try {
    rmdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Version 1 delivers SIGKILL to a frozen process only once it is thawed; version 2 does at once. */
function thawForDeath(cgroup: string): void {
  const { mount, version } = freezing();
  if (version === 2) return;
  try {
    writeFileSync(join(mount, cgroup, 'freezer.state'), 'THAWED');
  } catch {
    // The group is gone, and its processes with it.
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
