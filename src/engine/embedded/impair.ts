/** Faults of a cable: held down, silent, lossy, slow. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nowMs } from '../../linux/clock.ts';
import type { RunResult } from '../../linux/run.ts';
import { FAULT_TABLE_PREFIX, type Impairment } from '../engine.ts';
import { setInterfaces } from './links.ts';
import { runInNamespace } from './namespaces.ts';
import { labDir, netnsPath } from './paths.ts';
import { containerName, type EndPlan, type LabPlan, type LinkPlan, type NodePlan } from './plan.ts';
import { labEnvironment } from './tools.ts';

/** Resolution of a loss: `numgen random` draws below this. */
const PARTS = 1_000_000;
const TBF_BURST_BYTES = 65_536;
const TBF_LATENCY_MS = 50;

/**
 * Takes end `a` of a link down, or up again; the other end loses its carrier in the same instant.
 * @returns the CLOCK_MONOTONIC instant (ms) after the kernel did it
 */
export function holdLink(plan: LabPlan, link: LinkPlan, down: boolean, nodeOff: boolean): number {
  // An end without power is down already and comes up with its node.
  if (!nodeOff) setInterfaces(netnsOf(plan, link.a), [link.a.interface], !down);
  const atMs = nowMs();
  const mark = heldMark(plan, link);
  if (down) {
    mkdirSync(join(labDir(plan.name), 'held'), { recursive: true });
    writeFileSync(mark, '');
  } else rmSync(mark, { force: true });
  return atMs;
}

/** Interfaces of a node that a fault holds down, also while the node comes back to power. */
export function withholds(plan: LabPlan, node: NodePlan): string[] {
  return plan.links
    .filter((link) => link.a.node === node.name && existsSync(heldMark(plan, link)))
    .map(({ a }) => a.interface);
}

/** Replaces all impairments of a link; the carrier stays. @throws Error quoting nft or tc */
export async function impairLink(plan: LabPlan, link: LinkPlan, impairment: Impairment): Promise<number> {
  const { loss = {}, rate } = impairment;
  for (const share of [loss.aToZ ?? 0, loss.zToA ?? 0]) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${link.name}: loss ${share} is not between 0 and 1`);
  }
  if (rate !== undefined && !(rate >= 8))
    throw new RangeError(`${link.name}: rate ${rate} is not at least 8 bits a second`);
  // Dropped where it arrives: what the sender's own counters and captures show has left it.
  await Promise.all([setLoss(plan, link.z, loss.aToZ ?? 0), setLoss(plan, link.a, loss.zToA ?? 0)]);
  const atMs = nowMs();
  await Promise.all([setRate(plan, link.a, rate), setRate(plan, link.z, rate)]);
  return atMs;
}

/** Packets that the current loss of a link has dropped, by direction. */
export async function droppedPackets(plan: LabPlan, link: LinkPlan): Promise<{ aToZ: number; zToA: number }> {
  const [aToZ, zToA] = await Promise.all([droppedAt(plan, link.z), droppedAt(plan, link.a)]);
  return { aToZ, zToA };
}

async function setLoss(plan: LabPlan, end: EndPlan, share: number): Promise<void> {
  const table = `table netdev ${tableOf(end)}`;
  // Making it before deleting it makes the deletion right whether it was there or not; all of it takes effect at once.
  const lines = [`add ${table}`, `delete ${table}`];
  const draw = share < 1 ? `numgen random mod ${PARTS} < ${Math.round(share * PARTS)} ` : '';
  if (share > 0) {
    lines.push(
      `add ${table}`,
      `add chain netdev ${tableOf(end)} loss { type filter hook ingress device "${end.interface}" priority -500; policy accept; }`,
      `add rule netdev ${tableOf(end)} loss ${draw}counter drop`,
    );
  }
  await inEnd(plan, end, ['nft', '-f', '-'], `${lines.join('\n')}\n`);
}

async function droppedAt(plan: LabPlan, end: EndPlan): Promise<number> {
  const { code, stdout } = await runIn(plan, end, ['nft', '-j', 'list', 'table', 'netdev', tableOf(end)]);
  if (code !== 0) return 0;
  const { nftables } = JSON.parse(stdout) as { nftables: { rule?: { expr: { counter?: { packets: number } }[] } }[] };
  return nftables
    .flatMap(({ rule }) => rule?.expr ?? [])
    .reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
}

async function setRate(plan: LabPlan, end: EndPlan, rate: number | undefined): Promise<void> {
  const device = ['dev', end.interface, 'root'];
  if (rate === undefined) {
    // There is none to delete on a link that was never slow.
    await runIn(plan, end, ['tc', 'qdisc', 'delete', ...device]);
    return;
  }
  const limits = ['rate', `${Math.round(rate)}bit`, 'burst', `${TBF_BURST_BYTES}`, 'latency', `${TBF_LATENCY_MS}ms`];
  await inEnd(plan, end, ['tc', 'qdisc', 'replace', ...device, 'tbf', ...limits]);
}

/** Whether a netfilter table is a fault of a cable or of the network, which has nothing to do with the power of the node that it happens to sit in. */
export function isImpairment(table: string): boolean {
  return table.startsWith(FAULT_TABLE_PREFIX);
}

/** One table an end: replacing one link's loss does not touch its neighbour's. */
function tableOf(end: EndPlan): string {
  return `${FAULT_TABLE_PREFIX}${Buffer.from(end.interface).toString('hex')}`;
}

function heldMark(plan: LabPlan, link: LinkPlan): string {
  return join(labDir(plan.name), 'held', link.name);
}

function netnsOf(plan: LabPlan, end: EndPlan): string {
  return netnsPath(containerName(plan.topology, end.node));
}

function runIn(plan: LabPlan, end: EndPlan, argv: readonly string[], input?: string): Promise<RunResult> {
  const env = labEnvironment(labDir(plan.name));
  return runInNamespace(netnsOf(plan, end), argv, { env, ...(input === undefined ? {} : { input }) });
}

async function inEnd(plan: LabPlan, end: EndPlan, argv: readonly string[], input?: string): Promise<void> {
  const { code, stderr } = await runIn(plan, end, argv, input);
  if (code !== 0)
    throw new Error(`${end.node}:${end.interface}: ${argv.slice(0, 3).join(' ')} ended with ${code}: ${stderr.trim()}`);
}
