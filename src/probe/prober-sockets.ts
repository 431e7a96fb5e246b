/** The sockets of all flows, each in the namespace of its endpoint, and the packets that go through them. */
import { closeSync } from 'node:fs';
import { inNamespace } from '../linux/namespace.ts';
import { datagramReader, openUdp, sendDatagram, socketAddress } from '../linux/udp.ts';
import type { Flow, ProbeEndpoint } from './observer.ts';

/** The kernel counts about 800 bytes for a packet that waits: room for a thousand. */
const RECEIVE_BUFFER = 1 << 20;
/** Marks probes: any other packet that comes to the port is ignored. */
const MAGIC = 0x6c65_6166;
const PACKET_BYTES = 16;

/** All instants are the caller's: this room only moves packets. */
export interface ProbeSockets {
  /** How many sockets one `receive` reads. */
  readonly receivers: number;
  /** False where the kernel refused the packet (no route, no address, full buffer): it is as lost as one that is dropped on the way. */
  send(flow: number, window: number, sequence: number): boolean;
  /** Reads all that has arrived. */
  receive(visit: (flow: number, window: number, sequence: number) => void): void;
  close(): void;
}

/**
 * Opens them. A sender is bound to its endpoint's address even while that does not exist, a receiver to all addresses of its
 * namespace: both outlive a node that loses its addresses and gets them back.
 * @throws Error naming the node where a namespace or a port is not to be had
 */
export function openSockets(endpoints: readonly ProbeEndpoint[], flows: readonly Flow[]): ProbeSockets {
  const byNode = new Map(endpoints.map((endpoint) => [endpoint.node, endpoint]));
  const opened = new Map<string, number>();
  const open = (node: string, side: 'from' | 'to', family: 4 | 6, port: number): number => {
    const key = `${node} ${side} ${family} ${port}`;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const endpoint = endpointOf(byNode, node);
    try {
      const fd = inNamespace(endpoint.netns, () =>
        side === 'from'
          ? openUdp({ family, address: addressOf(endpoint, family), port })
          : openUdp({ family, port, receiveBuffer: RECEIVE_BUFFER }),
      );
      opened.set(key, fd);
      return fd;
    } catch (cause) {
      throw new Error(`prober: no socket on ${node}: ${(cause as Error).message}`, { cause });
    }
  };
  const close = () => {
    for (const fd of opened.values()) closeSync(fd);
    opened.clear();
  };
  try {
    const receivers = [...new Set(flows.map((flow) => open(flow.to, 'to', flow.family, flow.destinationPort)))];
    const senders = flows.map((flow) => open(flow.from, 'from', flow.family, flow.sourcePort));
    const targets = flows.map((flow) =>
      socketAddress(flow.family, addressOf(endpointOf(byNode, flow.to), flow.family), flow.destinationPort),
    );
    const packet = Buffer.alloc(PACKET_BYTES);
    packet.writeUInt32BE(MAGIC, 0);
    const read = datagramReader(PACKET_BYTES);
    return {
      receivers: receivers.length,
      send(flow, window, sequence) {
        packet.writeUInt32BE(flow, 4);
        packet.writeUInt32BE(window, 8);
        packet.writeUInt32BE(sequence, 12);
        return sendDatagram(senders[flow]!, packet, targets[flow]!) === 0;
      },
      receive(visit) {
        const take = (datagram: Buffer) => {
          if (datagram.length !== PACKET_BYTES || datagram.readUInt32BE(0) !== MAGIC) return;
          visit(datagram.readUInt32BE(4), datagram.readUInt32BE(8), datagram.readUInt32BE(12));
        };
        for (const fd of receivers) read(fd, take);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function endpointOf(byNode: ReadonlyMap<string, ProbeEndpoint>, node: string): ProbeEndpoint {
  const endpoint = byNode.get(node);
  if (endpoint === undefined) throw new Error(`prober: a flow names ${node}, which is no endpoint`);
  return endpoint;
}

function addressOf(endpoint: ProbeEndpoint, family: 4 | 6): string {
  return family === 4 ? endpoint.ipv4 : endpoint.ipv6;
}
