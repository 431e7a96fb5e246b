/** Who hears whom: a datagram from each node to each other, from and to their own addresses. */
import type { Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { dgramInNamespace } from '../linux/dgram.ts';

export interface Listener {
  readonly node: string;
  readonly netns: string;
  /** Its own addresses; one of each family is used. */
  readonly addresses: readonly string[];
}

/** One direction in one address family. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  readonly family: 4 | 6;
}

const ROUND_MS = 25;
/** So many datagrams are sent at least: one that is lost by chance is no silence. */
const LEAST_ROUNDS = 5;

/**
 * Sends until all directions that should were heard, or the time (ms) is over, five times at least.
 * @returns every direction that there is, and whether something arrived
 * @throws Error where a socket cannot be opened: the node does not have its address
 */
export async function hearing(
  listeners: readonly Listener[],
  should: (direction: Direction) => boolean,
  timeoutMs: number,
): Promise<readonly (Direction & { readonly heard: boolean })[]> {
  const ends: { readonly node: string; readonly family: 4 | 6; readonly address: string; readonly socket: Socket }[] =
    [];
  const heard = new Set<string>();
  const name = ({ from, to, family }: Direction) => `${from} ${to} ${family}`;
  try {
    for (const { node, netns, addresses } of listeners) {
      for (const family of [4, 6] as const) {
        const address = addresses.find((each) => each.includes(':') === (family === 6));
        if (address === undefined) continue;
        const socket = dgramInNamespace(netns, `udp${family}`, { address });
        ends.push({ node, family, address, socket });
        socket.on('message', (message) => heard.add(name({ from: message.toString(), to: node, family })));
        // What the kernel refuses to send was not heard, and that is all that counts.
        socket.on('error', () => {});
      }
    }
    const directions = ends.flatMap((from) =>
      ends
        .filter((to) => to.node !== from.node && to.family === from.family)
        .map((to) => ({ from, to, direction: { from: from.node, to: to.node, family: from.family } })),
    );
    const deadline = performance.now() + timeoutMs;
    for (let round = 0; ; round++) {
      const missing = directions.some(({ direction }) => should(direction) && !heard.has(name(direction)));
      if (round >= LEAST_ROUNDS && (!missing || performance.now() >= deadline)) break;
      for (const { from, to } of directions)
        from.socket.send(from.node, to.socket.address().port, to.address, () => {});
      await sleep(ROUND_MS);
    }
    return directions.map(({ direction }) => ({ ...direction, heard: heard.has(name(direction)) }));
  } finally {
    for (const { socket } of ends) socket.close();
  }
}
