/** A node's OCI runtime configuration (`config.json`, OCI runtime specification 1.0). */
import { existsSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { DiskMount } from '../../disk/index.ts';
import { PATH } from '../../linux/run.ts';
import { bindSource } from './binds.ts';
import { nodeCapabilities } from './capabilities.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import { BOUND_ETC } from './root.ts';

interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** So that one node cannot take the host with it; the topology may say more or less. */
const DEFAULT_MEMORY_SHARE = 0.5;
const MOST_PROCESSES = 8192;
const CPU_PERIOD_US = 100_000;
const MOST_OPEN_FILES = 65_536;

const KERNEL_MOUNTS: readonly OciMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];

/** Kernel settings outside `/proc/sys/net`, which is the node's own, belong to the host. */
const READ_ONLY = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys/kernel',
  '/proc/sys/vm',
  '/proc/sys/fs',
  '/proc/sys/dev',
  '/proc/sysrq-trigger',
];
const MASKED = [
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/timer_list',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];

/** Folder on the host where a node's disks are mounted, each below its number, inside the node's private mount namespace only. */
export function diskMounts(node: NodePlan): DiskMount[] {
  return node.disks.map(({ kind }, at) => ({
    image: join(node.dir, 'disks', `${at}.img`),
    kind,
    at: join(node.dir, 'disks', `${at}`),
    cacheAt: join(node.dir, 'disks', `${at}.cache`),
  }));
}

/** Where a node sees the file system that is the volatile cache of a disk: a power cut has to reach it. */
export function cacheInNode(disk: number): string {
  return `/dev/leafstorm/cache-${disk}`;
}

/** Environment of everything in a node: containerlab's variables, then the topology's own. */
export function nodeEnvironment(node: NodePlan): Record<string, string> {
  const labels = Object.entries(node.spec.labels).map(([name, value]) => [
    `CLAB_LABEL_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`,
    value,
  ]);
  return {
    PATH,
    HOME: '/root',
    TERM: 'xterm',
    CLAB_INTFS: `${node.interfaces.length}`,
    ...Object.fromEntries(labels),
    ...node.spec.env,
  };
}

/** The whole configuration of a node whose process 1 is `argv`. */
export function ociConfig(plan: LabPlan, node: NodePlan, argv: readonly string[]): object {
  const capabilities = nodeCapabilities();
  const { spec } = node;
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: argv,
      env: Object.entries(nodeEnvironment(node)).map(([name, value]) => `${name}=${value}`),
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: openFiles(), soft: openFiles() }],
      noNewPrivileges: false,
    },
    root: { path: 'root', readonly: false },
    hostname: node.name,
    mounts: mountsOf(plan, node),
    linux: {
      cgroupsPath: node.cgroup,
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'network', path: node.netns },
      ],
      resources: {
        devices: [{ allow: false, access: 'rwm' }],
        memory: { limit: spec.memory || Math.round(totalmem() * DEFAULT_MEMORY_SHARE) },
        pids: { limit: MOST_PROCESSES },
        ...(spec.cpu > 0 ? { cpu: { period: CPU_PERIOD_US, quota: Math.round(spec.cpu * CPU_PERIOD_US) } } : {}),
      },
      sysctl: Object.fromEntries(Object.entries(spec.sysctls).filter(([name]) => !/^net[./]/.test(name))),
      maskedPaths: MASKED,
      readonlyPaths: READ_ONLY,
    },
  };
}

/** A host that may not raise limits can give its nodes no more than it has itself. */
function openFiles(): number {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Math.min(MOST_OPEN_FILES, Number(hard ?? MOST_OPEN_FILES));
}

function mountsOf(plan: LabPlan, node: NodePlan): OciMount[] {
  const bind = (source: string, destination: string, mode: 'ro' | 'rw'): OciMount => ({
    destination,
    type: 'bind',
    source,
    options: ['bind', mode, ...(mode === 'ro' ? ['nosuid'] : [])],
  });
  const disks = diskMounts(node).map(({ at }, number) => bind(at, node.disks[number]!.mountPoint, 'rw'));
  const caches = diskMounts(node).flatMap(({ kind, cacheAt }, number) =>
    kind === 'safe' ? [] : [bind(cacheAt, cacheInNode(number), 'rw')],
  );
  const own = [bind(join(node.dir, 'log'), '/var/log', 'rw'), ...disks, ...caches];
  const binds = node.spec.binds.map((spec) =>
    bind(bindSource(plan.topology, spec), spec.target, spec.readOnly ? 'ro' : 'rw'),
  );
  // A bind below another's target has to come after it.
  const inOrder = [...own, ...binds].sort((left, right) => left.destination.localeCompare(right.destination));
  const etc = BOUND_ETC.filter((folder) => existsSync(`/etc/${folder}`)).map((folder) =>
    bind(`/etc/${folder}`, `/etc/${folder}`, 'ro'),
  );
  return [...KERNEL_MOUNTS, { ...bind('/usr', '/usr', 'ro'), options: ['bind', 'ro', 'nodev'] }, ...etc, ...inOrder];
}
