/** Packets that the interfaces of nodes have received, as their kernels count them. */
import { readFileSync } from 'node:fs';
import { inNamespace } from '../linux/namespace.ts';

/** By `<node>:<interface>`. */
export type PacketCounts = ReadonlyMap<string, number>;

export function receivedPackets(nodes: readonly { readonly name: string; readonly netns: string }[]): PacketCounts {
  const counts = new Map<string, number>();
  for (const { name, netns } of nodes) {
    const text = inNamespace(netns, () => readFileSync('/proc/thread-self/net/dev', 'utf8'));
    for (const [device, packets] of parseNetDev(text)) counts.set(`${name}:${device}`, packets);
  }
  return counts;
}

/** Received packets by interface, from the text of `/proc/net/dev` (proc_net(5)). */
export function parseNetDev(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, device, packets] = /^\s*(\S+):\s*\d+\s+(\d+)\s/.exec(line) ?? [];
    if (device !== undefined) counts.set(device, Number(packets));
  }
  return counts;
}
