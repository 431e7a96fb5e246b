/** Everything of a lab that could be left on this host, looked for without the engine's own bookkeeping. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What carries a lab's name or lies in its state folder: namespaces, mounts, loop devices, control groups, processes, state.
 * Empty where nothing is left.
 * @param containers names of the lab's containers, which its namespaces have
 */
export function leftovers(lab: string, containers: readonly string[], stateRoot = '/var/lib/leafstorm'): string[] {
  const dir = join(stateRoot, lab);
  return [
    ...containers.filter((name) => existsSync(`/run/netns/${name}`)).map((name) => `namespace ${name}`),
    ...mountsBelow(dir, containers),
    ...loopDevices(dir),
    ...controlGroups(lab),
    ...processes(lab, dir),
    ...(existsSync(dir) ? [`state ${dir}`] : []),
    ...(existsSync(join(stateRoot, '.lock', lab)) ? [`lock of ${lab}`] : []),
    ...neighbourBook(stateRoot, lab),
  ];
}

/** Looks into every mount namespace of this host, not just our own. */
function mountsBelow(dir: string, containers: readonly string[]): string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  for (const pid of pids()) {
    const namespace = attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`)) ?? '';
    if (namespace === '' || seen.has(namespace)) continue;
    seen.add(namespace);
    for (const line of (attempt(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8')) ?? '').split('\n')) {
      const [, , , root = '', path = ''] = line.split(' ');
      const ours = [root, path].some((one) => one === dir || one.startsWith(`${dir}/`));
      if (ours || containers.some((name) => path === `/run/netns/${name}`)) found.add(`mount ${root} on ${path}`);
    }
  }
  return [...found];
}

function loopDevices(dir: string): string[] {
  return readdirSync('/sys/block').flatMap((name) => {
    const file = attempt(() => readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim());
    return file?.startsWith(`${dir}/`) ? [`loop device ${name} (${file})`] : [];
  });
}

function controlGroups(lab: string): string[] {
  const mounts = ['/sys/fs/cgroup', ...children('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name))];
  return mounts.map((mount) => join(mount, 'leafstorm', lab)).filter((path) => existsSync(path));
}

function processes(lab: string, dir: string): string[] {
  return pids().flatMap((pid) => {
    const read = (file: string) => attempt(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')) ?? '';
    // Zombies, and first processes of nodes that wait for zombies, are for the host's init to reap: they have no memory any more.
    const [state, ...fields] = (read('stat').split(') ').at(-1) ?? '').split(' ');
    if (state === '' || state === 'Z' || state === 'X' || fields[19] === '0') return [];
    const inGroup = read('cgroup')
      .split('\n')
      .some((line) => line.includes(`:/leafstorm/${lab}/`));
    const started = read('environ').split('\0').includes(`LEAFSTORM_LAB_DIR=${dir}`);
    return inGroup || started ? [`process ${pid} ${read('cmdline').replaceAll('\0', ' ')}`] : [];
  });
}

function neighbourBook(stateRoot: string, lab: string): string[] {
  const text = attempt(() => readFileSync(join(stateRoot, '.neighbours.json'), 'utf8'));
  const book = text === undefined ? { labs: {} } : (JSON.parse(text) as { labs: Record<string, number> });
  return Object.hasOwn(book.labs, lab) ? [`neighbour thresholds held by ${lab}`] : [];
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function children(dir: string): string[] {
  return readdirSync(dir).filter((name) => attempt(() => statSync(join(dir, name)).isDirectory()) ?? false);
}

/** What may vanish while we look. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
