/**
 * Fencing at the leaf: what a node still sends from a service address that is no longer its own goes nowhere. A withdrawn route alone is
 * no fence, for the node goes on sending, and its own rack goes on hearing it.
 */
import type { RunningLab } from '../engine/engine.ts';
import { nowMs } from '../linux/clock.ts';
import { changeFilters, countedRules, freshTable, withoutTable } from '../linux/nft.ts';

/**
 * Has every neighbour of a node drop what comes from it with this source address, and what would reach it there. Repeating it counts anew.
 * Other nodes that have the address, in the same rack too, are not touched. A leaf that loses its power forgets the fence, as real ones do.
 * @param address without prefix length
 * @returns the CLOCK_MONOTONIC instant (ms) from which on nothing passes
 * @throws Error where a leaf refuses: the others are fenced
 */
export async function fence(lab: RunningLab, node: string, address: string): Promise<{ readonly atMs: number }> {
  const table = tableOf(node, address);
  const ip = address.includes(':') ? 'ip6' : 'ip';
  await onEach(lab, node, ({ neighbour, port }) =>
    nft(lab, neighbour, [
      ...freshTable(`inet ${table}`),
      `add chain inet ${table} from { type filter hook prerouting priority -300; policy accept; }`,
      `add rule inet ${table} from iifname "${port}" ${ip} saddr ${address} counter drop`,
      `add chain inet ${table} to { type filter hook forward priority -300; policy accept; }`,
      `add rule inet ${table} to oifname "${port}" ${ip} daddr ${address} counter drop`,
    ]),
  );
  return { atMs: nowMs() };
}

/** Lets the node's packets pass again. Without a fence there is nothing to do. @throws Error where a leaf refuses */
export async function unfence(lab: RunningLab, node: string, address: string): Promise<{ readonly atMs: number }> {
  const table = tableOf(node, address);
  await onEach(lab, node, ({ neighbour }) => nft(lab, neighbour, withoutTable(`inet ${table}`)));
  return { atMs: nowMs() };
}

/** Packets that a fence has dropped: from the node, and to it. Undefined where no neighbour has such a fence. */
export async function fenceDrops(
  lab: RunningLab,
  node: string,
  address: string,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const drops = { from: 0, to: 0 };
  let fenced = false;
  await onEach(lab, node, async ({ neighbour }) => {
    const rules = await countedRules(lab.node(neighbour).netns, `inet ${tableOf(node, address)}`);
    if (rules === undefined) return;
    fenced = true;
    for (const { chain, packets } of rules) drops[chain as keyof typeof drops] += packets;
  });
  return fenced ? drops : undefined;
}

interface Uplink {
  readonly neighbour: string;
  /** The neighbour's interface towards the node. */
  readonly port: string;
}

async function onEach(lab: RunningLab, node: string, work: (uplink: Uplink) => Promise<void>): Promise<void> {
  const uplinks = lab.links.flatMap(({ a, z }): Uplink[] => {
    if (a.node === node) return [{ neighbour: z.node, port: z.interface }];
    return z.node === node ? [{ neighbour: a.node, port: a.interface }] : [];
  });
  if (uplinks.length === 0) throw new Error(`${node} has no link at whose other end it could be fenced`);
  const results = await Promise.allSettled(uplinks.map(work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** One table a node and address: fences come and go independently of each other. */
function tableOf(node: string, address: string): string {
  return `fence_${Buffer.from(`${node} ${address}`).toString('hex')}`;
}

async function nft(lab: RunningLab, node: string, lines: readonly string[]): Promise<void> {
  await changeFilters(lab.node(node).netns, lines).catch((cause: Error) => {
    throw new Error(`${node} does not fence: ${cause.message}`, { cause });
  });
}
