/** Power cuts: what a machine loses with its power, and getting it back. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForLoopDevicesGone } from '../../disk/index.ts';
import { nowMs } from '../../linux/clock.ts';
import { deleteLink, readLinks, setLinkUp } from '../../linux/link.ts';
import { run } from '../../linux/run.ts';
import { shutDownFileSystem } from '../../linux/shutdown-filesystem.ts';
import { cacheInNode } from './bundle.ts';
import { cgroupProcesses, killGroups, killGroupsAndWait, removeGroup } from './cgroup.ts';
import { containerPid, startContainer, waitReady } from './container.ts';
import { isImpairment, withholds } from './impair.ts';
import { setInterfaces } from './links.ts';
import { runInNamespace, withSocket } from './namespaces.ts';
import { isOff, offMark, refreshNodeFolder } from './node-folder.ts';
import { paced } from './pace.ts';
import { labDir } from './paths.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import { runStartCommands, sayStartProblems } from './start-commands.ts';
import { applySysctls, applyTopologySysctls } from './sysctls.ts';
import { liftThrottle } from './throttle.ts';
import { labEnvironment } from './tools.ts';

const LOOP_MS = 5_000;

type Environment = ReturnType<typeof labEnvironment>;

/**
 * Cuts the power of nodes at one instant, in this order: links down, so that no acknowledgement escapes; disks shut down without a
 * flush; every process killed; what the kernel holds for the node emptied.
 * @returns the CLOCK_MONOTONIC instant (ms) at which the last link was down
 * @throws Error where something of the node stays alive
 */
export async function cutPower(plan: LabPlan, nodes: readonly NodePlan[]): Promise<number> {
  const env = labEnvironment(labDir(plan.name));
  const on = nodes.filter((node) => !isOff(node));
  for (const node of on) setInterfaces(node.netns, node.interfaces, false);
  const atMs = nowMs();
  for (const node of on) forgetUnflushed(node);
  const groups = on.map(({ cgroup }) => cgroup);
  killGroups(groups);
  for (const node of on) writeFileSync(offMark(node), '');
  await killGroupsAndWait(groups);
  await Promise.all(
    on.map(async (node) => {
      if (node.disks.length > 0) await waitForLoopDevicesGone(join(node.dir, 'disks'), LOOP_MS);
      await emptyNetwork(node, env);
      await removeGroup(node.cgroup);
    }),
  );
  for (const node of on) liftThrottle(node);
  return atMs;
}

/** Gives nodes their power back: disks mounted again, processes started, links up (but for those that a fault holds down), start-up commands run. */
export async function restorePower(
  plan: LabPlan,
  nodes: readonly NodePlan[],
  width: number,
  say: (line: string) => void,
): Promise<void> {
  const env = labEnvironment(labDir(plan.name));
  const off = nodes.filter(isOff);
  await paced(off, width, async (node) => {
    const prepared = refreshNodeFolder(plan, node);
    applySysctls(node, plan.seed);
    withSocket(node.netns, (socket) => setLinkUp(socket, 'lo', true));
    await startContainer(plan, node, env);
    const held = new Set(withholds(plan, node));
    setInterfaces(
      node.netns,
      node.interfaces.filter((name) => !held.has(name)),
      true,
    );
    applyTopologySysctls(node);
    rmSync(offMark(node), { force: true });
    await sayStartProblems(node, await waitReady(node, prepared), say);
  });
  await runStartCommands(plan, off, width, say);
}

/**
 * The disks lose what was not flushed: a volatile cache first, which is where flushed data ends up or does not, so that nothing can be
 * written to it any more. A node whose processes have all ended by themselves has no disk mounted any more.
 */
function forgetUnflushed(node: NodePlan): void {
  const pids = cgroupProcesses(node.cgroup);
  if (node.disks.length === 0 || pids.length === 0) return;
  const first = containerPid(node);
  const pid = pids.includes(first) ? first : pids[0]!;
  for (const [number, { kind, mountPoint }] of node.disks.entries()) {
    if (kind !== 'safe') shutDownFileSystem(`/proc/${pid}/root${cacheInNode(number)}`);
    shutDownFileSystem(`/proc/${pid}/root${mountPoint}`);
  }
}

/**
 * Empties what the kernel still holds for the node: addresses, routes, next hops, neighbours, rules, devices that the node made, and
 * packet filters other than the impairments of its links, which belong to the cable.
 */
async function emptyNetwork(node: NodePlan, env: Environment): Promise<void> {
  const own = new Set([...node.interfaces, 'lo']);
  withSocket(node.netns, (socket) => {
    for (const { index, name } of readLinks(socket)) if (!own.has(name)) deleteLink(socket, index);
    setLinkUp(socket, 'lo', false);
  });
  const lines = [
    ...[...own].flatMap((name) => [`address flush dev ${name}`, `neighbour flush dev ${name} nud all`]),
    'route flush table all',
    'nexthop flush',
  ];
  // Flushing what is empty is an error to ip, so that only what is left afterwards tells.
  const flush = (family: string) => ['ip', '-n', node.container, family, '-force', '-batch', '-'];
  await Promise.all([
    ...['-4', '-6'].map((family) => run(flush(family), { env, input: `${lines.join('\n')}\n` })),
    emptyFilters(node, env),
  ]);
}

async function emptyFilters({ netns }: NodePlan, env: Environment): Promise<void> {
  const listed = await runInNamespace(netns, ['nft', '-j', 'list', 'tables'], { env });
  const { nftables } = JSON.parse(listed.stdout || '{"nftables": []}') as {
    nftables: { table?: { family: string; name: string } }[];
  };
  const foreign = nftables.flatMap(({ table }) => (table === undefined || isImpairment(table.name) ? [] : [table]));
  if (foreign.length === 0) return;
  const input = foreign.map(({ family, name }) => `delete table ${family} ${name}\n`).join('');
  const { code, stderr } = await runInNamespace(netns, ['nft', '-f', '-'], { env, input });
  if (code !== 0) throw new Error(`${netns}: packet filters of a node without power stay: ${stderr.trim()}`);
}
