// A floating service address that moves between racks, again and again: for how long nobody answers.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workOut, writeFabric } from '../../src/fabric/index.ts';
import { Lab } from '../../src/lab/lab.ts';
import { topologyAt } from '../../src/lab/source.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { dgramInNamespace } from '../../src/linux/dgram.ts';
import { announce, withdraw } from '../../src/store/service-address.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

export interface ServiceMoves {
  readonly name: string;
  readonly moves: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Milliseconds. */
export interface MoveOutcome {
  /** What `withdraw` and `announce` took. */
  readonly withdrawMs: number;
  readonly announceMs: number;
  /** From the last answer of the old server to the first of the new one; undefined where that never came. */
  readonly silentMs: number | undefined;
}

const ADDRESS = '10.96.0.7';
const PORT = 4000;
const EVERY_MS = 5;
const ANSWER_MS = 10_000;

/** Clients on the third rack, the address on the first two by turns; withdrawn before it is announced, as a fail-over must. */
export async function serviceMoves({ name, moves, seed, say }: ServiceMoves): Promise<readonly MoveOutcome[]> {
  const fabric = workOut(leafSpine({ name, spines: 2, racks: 3, servers: 1 }));
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-moves-'));
  const topology = topologyAt(writeFabric(fabric, join(dir, 'topology')).topologyFile);
  const lab = await Lab.deploy({ topology, fabric }, { seed, folder: dir });
  const servers = ['server-1-1', 'server-2-1'] as const;
  const sockets = servers.map((node) => {
    const socket = dgramInNamespace(lab.running.node(node).netns, 'udp4', { port: PORT });
    return socket.on('message', (_, { address, port }) => socket.send(node, port, address));
  });
  const last = new Map<string, number>();
  const client = dgramInNamespace(lab.running.node('server-3-1').netns, 'udp4');
  client.on('message', (from) => last.set(String(from), nowMs())).on('error', () => {});
  const timer = setInterval(() => client.send('?', PORT, ADDRESS), EVERY_MS);
  const answers = async (node: string) => {
    const deadline = nowMs() + ANSWER_MS;
    while (!last.has(node) && nowMs() < deadline) await sleep(1);
    return last.get(node);
  };
  const outcomes: MoveOutcome[] = [];
  try {
    await lab.converged();
    await announce(lab.running, servers[0], ADDRESS);
    await answers(servers[0]);
    for (let move = 1; move <= moves; move++) {
      const [from, to] = move % 2 === 1 ? servers : ([servers[1], servers[0]] as const);
      last.delete(to);
      const begin = nowMs();
      await withdraw(lab.running, from, ADDRESS);
      const left = nowMs();
      await announce(lab.running, to, ADDRESS);
      const announceMs = nowMs() - left;
      const first = await answers(to);
      const silentMs = first === undefined ? undefined : first - (last.get(from) ?? begin);
      outcomes.push({ withdrawMs: left - begin, announceMs, silentMs });
      say(`${move}: ${to} answers after ${silentMs?.toFixed(0) ?? 'never'} ms`);
      await sleep(200);
    }
    return outcomes;
  } finally {
    clearInterval(timer);
    for (const socket of [...sockets, client]) socket.close();
    await lab.destroy({ cleanup: true });
  }
}
