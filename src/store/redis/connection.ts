/** A connection to a Redis server or a sentinel, made from inside a node's namespace. */
import type { Socket } from 'node:net';
import { connectInNamespace } from '../../linux/tcp.ts';
import { createReplyReader, encodeCommand, type Reply } from './resp.ts';

/** How a call ended. */
export type Answer =
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** No connection came about: the command never left. */
  | { readonly kind: 'not sent'; readonly error: string }
  /** It may have been sent and nobody knows what became of it. */
  | { readonly kind: 'no answer'; readonly error: string };

export interface Connection {
  /** Commands are answered in their order. After a time-out (ms) the connection is closed: what it would still say belongs to nobody. Never rejects. */
  call(words: readonly string[], timeoutMs: number): Promise<Answer>;
  /** Whether it is of no use any more. */
  readonly closed: boolean;
  close(): void;
}

/** Connects as the first command is called. @param netns path of the namespace */
export function connect(netns: string, address: string, port: number): Connection {
  const waiting: ((answer: Answer) => void)[] = [];
  const early: string[] = [];
  let connected = false;
  let closed = false;
  let socket: Socket | undefined;

  const end = (error: string): void => {
    closed = true;
    socket?.destroy();
    for (const tell of waiting.splice(0)) tell({ kind: connected ? 'no answer' : 'not sent', error });
  };
  const open = (): void => {
    try {
      socket = connectInNamespace(netns, address, port);
    } catch (error) {
      // A node that is gone has no namespace.
      end((error as Error).message);
      return;
    }
    const read = createReplyReader();
    socket.on('connect', () => {
      connected = true;
      for (const text of early.splice(0)) socket!.write(text);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const reply of read(chunk)) waiting.shift()?.({ kind: 'answer', reply });
      } catch (error) {
        end((error as Error).message);
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.on('close', () => end('connection closed'));
  };

  return {
    get closed() {
      return closed;
    },
    close: () => end('closed'),
    call: (words, timeoutMs) =>
      new Promise((resolve) => {
        if (closed) {
          resolve({ kind: 'not sent', error: 'connection closed' });
          return;
        }
        const timer = setTimeout(() => end(`no answer within ${timeoutMs} ms`), timeoutMs);
        waiting.push((answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        if (socket === undefined) open();
        const text = encodeCommand(words);
        if (connected) socket?.write(text);
        else early.push(text);
      }),
  };
}

/** One command on a connection of its own. */
export async function callOnce(
  netns: string,
  address: string,
  port: number,
  words: readonly string[],
  timeoutMs: number,
): Promise<Answer> {
  const connection = connect(netns, address, port);
  try {
    return await connection.call(words, timeoutMs);
  } finally {
    connection.close();
  }
}
