/** etcd's HTTP/JSON gateway (etcd 3.4, `/v3/`), called from inside a node's namespace. */
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { connectInNamespace } from '../../linux/tcp.ts';
import { CLIENT_PORT } from './argv.ts';

/** How a call ended. */
export type Answer =
  /** etcd answered. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** The request never left: no connection came about. */
  | { readonly kind: 'not sent'; readonly error: string }
  /** It may have been sent and nobody knows what became of it. */
  | { readonly kind: 'no answer'; readonly error: string };

export interface Gateway {
  /** POST of a JSON body, or GET without one. Never rejects. */
  call(address: string, path: string, body: object | undefined, timeoutMs: number): Promise<Answer>;
  /**
   * A call whose answer does not end, `/v3/watch` for one: `onResult` with each part, `onEnd` once, when nothing will come any more.
   * @returns what ends it
   */
  follow(
    address: string,
    path: string,
    body: object,
    onResult: (result: unknown) => void,
    onEnd: () => void,
  ): () => void;
  /** Closes the connections that are kept. */
  close(): void;
}

/** Connections that came about. Nothing is written on one before, so a request on any other cannot have been seen. */
const connected = new WeakSet<Duplex>();

/** Connections are opened inside the namespace and kept. */
class NamespaceAgent extends Agent {
  readonly #netns: string;

  constructor(netns: string) {
    super({ keepAlive: true });
    this.#netns = netns;
  }

  override createConnection(
    options: { host?: string | undefined; port?: number | string | null },
    done?: (error: Error | null, connection: Duplex) => void,
  ): Duplex | undefined {
    try {
      const connection = connectInNamespace(this.#netns, options.host!, Number(options.port));
      return connection.once('connect', () => connected.add(connection));
    } catch (error) {
      // A node that is gone has no namespace: an error of this one call.
      done?.(error as Error, undefined as unknown as Duplex);
      return undefined;
    }
  }
}

/** @param netns path of the namespace that the calls come from */
export function createGateway(netns: string): Gateway {
  const agent = new NamespaceAgent(netns);
  const post = (host: string, path: string, text: string) =>
    request({
      agent,
      host,
      port: CLIENT_PORT,
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    });
  return {
    close: () => agent.destroy(),
    follow(address, path, body, onResult, onEnd) {
      const text = JSON.stringify(body);
      const call = post(address, path, text);
      call.on('close', onEnd);
      // What went wrong is told by its end.
      call.on('error', () => {});
      call.on('response', (response) => {
        const parts = createInterface({ input: response });
        // An interface takes the errors of its input for its own.
        for (const one of [response, parts]) one.on('error', () => {});
        parts.on('line', (line) => {
          const { result } = parsed(line);
          if (result === undefined) call.destroy();
          else onResult(result);
        });
      });
      call.end(text);
      return () => call.destroy();
    },
    call: (address, path, body, timeoutMs) =>
      new Promise((resolve) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        let connection: Duplex | undefined;
        const call =
          text === undefined ? request({ agent, host: address, port: CLIENT_PORT, path }) : post(address, path, text);
        const end = (answer: Answer): void => {
          clearTimeout(timer);
          resolve(answer);
        };
        const broken = (error: string): void => {
          const sent = connection !== undefined && connected.has(connection);
          end({ kind: sent ? 'no answer' : 'not sent', error });
        };
        const timer = setTimeout(() => {
          broken(`no answer within ${timeoutMs} ms`);
          call.destroy();
        }, timeoutMs);
        call.on('socket', (socket) => {
          connection = socket;
        });
        call.on('error', (error: NodeJS.ErrnoException) => broken(error.code ?? error.message));
        call.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', (error: NodeJS.ErrnoException) => broken(error.code ?? error.message));
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString();
            try {
              end({ kind: 'answer', status: response.statusCode!, body: JSON.parse(answer) });
            } catch {
              broken(`status ${response.statusCode} with a body that is not JSON: ${answer.slice(0, 80)}`);
            }
          });
        });
        call.end(text);
      }),
  };
}

/** One part of an answer that does not end: `{"result": ...}`, or an error, which is its last. */
function parsed(line: string): { readonly result?: unknown } {
  try {
    return JSON.parse(line) as { readonly result?: unknown };
  } catch {
    return {};
  }
}
