/** Network namespaces of a lab, made and removed in one go. */
import { existsSync, statSync, unlinkSync } from 'node:fs';
import { setLinkUp } from '../../linux/link.ts';
import { inNamespace } from '../../linux/namespace.ts';
import { NetlinkSocket } from '../../linux/netlink.ts';
import { type RunOptions, type RunResult, run, runOrThrow } from '../../linux/run.ts';
import { detachMount } from '../../linux/umount.ts';
import { netnsPath } from './paths.ts';
import type { LabPlan } from './plan.ts';
import { applySysctls } from './sysctls.ts';

/** Makes every node's namespace, with its kernel settings and its loopback up. @throws Error naming what the kernel refused */
export async function makeNamespaces(plan: LabPlan, env: Readonly<Record<string, string>>): Promise<void> {
  const batch = plan.nodes.map(({ container }) => `netns add ${container}\n`).join('');
  await runOrThrow(['ip', '-batch', '-'], { input: batch, env });
  for (const node of plan.nodes) {
    applySysctls(node, plan.seed);
    withSocket(node.netns, (socket) => {
      const errno = setLinkUp(socket, 'lo', true);
      if (errno !== 0) throw new Error(`node ${node.name}: cannot set lo up: errno ${errno}`);
    });
  }
}

/** Removes namespaces by name; those that are gone already, or were never finished, are no problem. */
export function removeNamespaces(containers: readonly string[]): void {
  for (const container of containers) {
    const path = netnsPath(container);
    detachMount(path);
    try {
      unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** `net:[INODE]` of those namespaces that exist, as `/proc/PID/ns/net` names them. */
export function namespaceIdentities(containers: readonly string[]): Set<string> {
  const host = statSync('/proc/self/ns/net').dev;
  const identities = new Set<string>();
  for (const container of containers) {
    const path = netnsPath(container);
    if (!existsSync(path)) continue;
    const { dev, ino } = statSync(path);
    // A file without its mount is the half-made namespace of a deploy that was killed.
    if (dev === host) identities.add(`net:[${ino}]`);
  }
  return identities;
}

/** Does something with a netlink socket of a namespace. */
export function withSocket<T>(netns: string, work: (socket: NetlinkSocket) => T): T {
  const socket = new NetlinkSocket(netns);
  try {
    return work(socket);
  } finally {
    socket.close();
  }
}

/** Runs a program of the host inside a namespace: it starts while this thread is there, and stays. */
export function runInNamespace(netns: string, argv: readonly string[], options: RunOptions): Promise<RunResult> {
  return inNamespace(netns, () => run(argv, options));
}
