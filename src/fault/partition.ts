import { createHash } from 'node:crypto';
import { FAULT_TABLE_PREFIX } from '../engine/engine.ts';
import { InputError } from '../errors.ts';
import { nowMs } from '../linux/clock.ts';
import { NetlinkSocket } from '../linux/netlink.ts';
import { dumpAddresses } from '../linux/netlink-address.ts';
import { changeFilters, countedRules, withoutTable } from '../linux/nft.ts';
import type { FaultContext, FaultKind, Proof } from './fault.ts';
import { hearing } from './hearing.ts';
import { nodeOf } from './nodes.ts';
import { type Partition, partitionOf, separatedBy } from './partition-groups.ts';
import { rulesOf } from './partition-rules.ts';

/** How many nodes of a group the proof looks at: it looks at each pair. */
const LOOKED_AT = 8;
/** Who is silent is waited for so long: a session that a stall of the machine ended comes back by then. */
const HEARING_MS = 10_000;

/**
 * Groups of nodes whose packets no longer reach each other, or one way only, whatever the way through the network; carrier, routing sessions and
 * what others send through these nodes stay.
 */
export const partition: FaultKind<'partition'> = {
  kind: 'partition',
  summary: 'groups of nodes no longer hear each other (A|B,C), or one no longer the other (A>B), while routing goes on',
  targets: 'nodes',
  prepare(context, target) {
    const { lab } = context;
    const servers = [...context.racks.values()].flatMap(([, ...nodes]) => nodes);
    const parts = partitionOf(target, { nodes: lab.nodes.map(({ name }) => name), servers });
    const nodes = parts.groups.flat();
    const own = new Map(nodes.map((node) => [node, ownAddresses(context, node)]));
    const name = `${FAULT_TABLE_PREFIX}partition-${createHash('sha256').update(target).digest('hex').slice(0, 16)}`;
    const table = `inet ${name}`;
    const change = async (lines: (node: string) => readonly string[]) => {
      await Promise.all(nodes.map((node) => changeFilters(lab.node(node).netns, lines(node))));
      return { atMs: nowMs() };
    };
    return {
      kind: 'partition',
      target,
      predicts: { kind: 'unchanged', failures: {}, separated: separatedBy(parts) },
      inject: () => {
        const rules = rulesOf(table, parts, own);
        return change((node) => rules.get(node)!);
      },
      proof: () => provePartition(context, parts, table, servers),
      heal: () => change(() => withoutTable(table)),
    };
  },
};

/** What a node has by its configuration, or, where that says nothing, on its interfaces now. @throws InputError where it has none */
function ownAddresses({ lab, addresses }: FaultContext, name: string): readonly string[] {
  const { netns } = nodeOf(lab, name);
  const configured = (addresses?.get(name) ?? []).filter(isGlobal);
  if (configured.length > 0) return configured;
  const socket = new NetlinkSocket(netns);
  try {
    const there = dumpAddresses(socket).filter(({ scope, address }) => scope === 'global' && isGlobal(address));
    if (there.length > 0) return there.map(({ address }) => address);
  } finally {
    socket.close();
  }
  throw new InputError(`partition: ${name} has no address of its own, and packets are told apart by their addresses`);
}

/** Not of a link or the node alone: what neighbours say to each other keeps the network routing. */
function isGlobal(address: string): boolean {
  return !/^(fe[89ab].:|169\.254\.|127\.|::1$)/i.test(address);
}

/**
 * Looks from end to end, and at the kernel's counters: between whom nothing may arrive nothing does, and was dropped; all others, and a
 * server that the partition leaves alone, hear each other.
 */
async function provePartition(
  context: FaultContext,
  { groups, cuts }: Partition,
  table: string,
  servers: readonly string[],
): Promise<Proof> {
  const { lab } = context;
  const looked = groups.map((group) => group.slice(0, LOOKED_AT));
  const bystander = servers.find((server) => !groups.flat().includes(server));
  const listeners = [...looked.flat(), ...(bystander === undefined ? [] : [bystander])].map((node) => ({
    node,
    netns: lab.node(node).netns,
    addresses: ownAddresses(context, node),
  }));
  const separated = separatedBy({ groups, cuts });
  const apart = ({ from, to }: { readonly from: string; readonly to: string }) => separated.get(from)?.has(to) ?? false;
  const directions = await hearing(listeners, (direction) => !apart(direction), HEARING_MS);
  const wrong = directions
    .filter((direction) => direction.heard === apart(direction))
    .map(({ from, to, family, heard }) => `${to} ${heard ? 'still hears' : 'does not hear'} ${from} (IPv${family})`);
  let dropped = 0;
  for (const { from, to } of cuts) {
    for (const node of looked[to]!) {
      const rules = (await countedRules(lab.node(node).netns, table)) ?? [];
      const packets = rules
        .filter(({ chain, comment }) => chain === 'arriving' && comment === `${from}`)
        .reduce((sum, rule) => sum + rule.packets, 0);
      dropped += packets;
      if (packets === 0) wrong.push(`${node} dropped nothing of ${groups[from]!.join(', ')}`);
    }
  }
  if (wrong.length > 0) return { verdict: 'fail', evidence: wrong.join('; ') };
  const count = (isApart: boolean) => directions.filter((direction) => apart(direction) === isApart).length;
  const rest = groups.flat().length - looked.flat().length;
  const evidence = `nothing arrives in ${count(true)} directions (${dropped} packets dropped), and something in all the other ${count(false)}`;
  return { verdict: 'pass', evidence: rest === 0 ? evidence : `${evidence}; ${rest} more nodes were not looked at` };
}
