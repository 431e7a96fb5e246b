/** FRR's vty over its unix sockets: what `vtysh` speaks, without the fork. */
import { closeSync, constants, openSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';

/** FRR daemons that answer on `<daemon>.vty`. */
export type Daemon = 'zebra' | 'bgpd' | 'bfdd' | 'staticd' | 'mgmtd' | 'watchfrr';

export interface VtyOptions {
  /** For error messages. */
  readonly node: string;
  /** Milliseconds that connecting or one answer may take. Default 5000. */
  readonly timeoutMs?: number;
}

/** A daemon refused a command, or did not answer. */
export class VtyError extends Error {
  override readonly name = 'VtyError';
  readonly node: string;
  readonly daemon: string;
  constructor(node: string, daemon: string, what: string, options?: ErrorOptions) {
    super(`${node}: ${daemon}: ${what}`, options);
    this.node = node;
    this.daemon = daemon;
  }
}

const DEFAULT_TIMEOUT_MS = 5000;
/** An answer ends with three NULs and a status byte. */
const TRAILER = Buffer.from([0, 0, 0]);
/** `CMD_*` of FRR's lib/command.h. */
const STATUS: Readonly<Record<number, string>> = Object.freeze({
  1: 'warning',
  2: 'unknown command',
  3: 'ambiguous command',
  4: 'incomplete command',
  13: 'configuration failed',
  14: 'nothing to do',
});

interface Connection {
  readonly socket: Socket;
  /** Settles the answer that is waited for; set while a command is under way. */
  answer: ((result: { readonly text: string; readonly status: number } | Error) => void) | undefined;
  received: Buffer[];
}

/**
 * One daemon's vty. Connects at the first command, keeps the connection, takes one command at a time in the order of the calls, and
 * connects anew after the daemon died or an answer was late.
 */
export class Vty {
  readonly #path: { readonly dir: string; readonly daemon: string };
  readonly #node: string;
  readonly #timeoutMs: number;
  #connection: Connection | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param vtyDir folder with the daemons' sockets, as the host sees it */
  constructor(vtyDir: string, daemon: Daemon, options: VtyOptions) {
    this.#path = { dir: vtyDir, daemon };
    this.#node = options.node;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /**
   * Runs one command in enable mode and returns its text.
   * @throws VtyError naming node and daemon: no socket, no answer in time, or a command that the daemon refuses
   */
  command(line: string): Promise<string> {
    if (line.includes('\0')) throw new TypeError('a vty command cannot hold a NUL');
    const result = this.#queue.then(() => this.#run(line));
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Runs one `show ... json` command.
   * @throws VtyError as `command`, and where the answer is no JSON
   */
  async json(line: string): Promise<unknown> {
    const text = await this.command(line);
    try {
      return JSON.parse(text === '' ? '{}' : text);
    } catch (cause) {
      throw this.#error(`"${line}" answered no JSON: ${text.slice(0, 120)}`, cause);
    }
  }

  close(): void {
    this.#closed = true;
    this.#connection?.socket.destroy();
    this.#connection = undefined;
  }

  async #run(line: string): Promise<string> {
    const { text, status } = await this.#exchange(line);
    // A warning is an answer all the same: FRR warns where a list is empty.
    if (status > 1)
      throw this.#error(`"${line}": ${STATUS[status] ?? `status ${status}`}${text && `: ${text.trim()}`}`);
    return text;
  }

  async #exchange(line: string): Promise<{ readonly text: string; readonly status: number }> {
    if (this.#closed) throw this.#error('the client is closed');
    this.#connection ??= await this.#connect();
    return this.#send(this.#connection, line);
  }

  async #connect(): Promise<Connection> {
    const socket = await this.#open();
    const connection: Connection = { socket, answer: undefined, received: [] };
    const drop = (error: Error) => {
      if (this.#connection === connection) this.#connection = undefined;
      connection.answer?.(error);
    };
    socket.on('error', drop);
    socket.on('close', () => drop(this.#error('closed the connection: it died or was stopped')));
    socket.on('data', (chunk: Buffer) => {
      connection.received.push(chunk);
      const answer = completeAnswer(connection.received);
      if (answer) {
        connection.received = [];
        connection.answer?.(answer);
      }
    });
    await this.#send(connection, 'enable');
    return connection;
  }

  #open(): Promise<Socket> {
    const { dir, daemon } = this.#path;
    return new Promise((resolve, reject) => {
      let folder: number;
      try {
        folder = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
      } catch (cause) {
        return reject(this.#error(`no folder of vty sockets at ${dir}`, cause));
      }
      // sun_path holds 108 bytes, and a lab's folder may lie deeper.
      const socket = createConnection({ path: `/proc/self/fd/${folder}/${daemon}.vty` });
      const timer = setTimeout(() => end(new Error('time-out')), this.#timeoutMs);
      const end = (error?: Error) => {
        clearTimeout(timer);
        closeSync(folder);
        socket.removeListener('error', end);
        socket.removeListener('connect', end);
        if (!error) return resolve(socket);
        socket.destroy();
        reject(this.#error(`cannot connect to ${dir}/${daemon}.vty: is the daemon running?`, error));
      };
      socket.once('error', end);
      socket.once('connect', () => end());
    });
  }

  #send(connection: Connection, line: string): Promise<{ readonly text: string; readonly status: number }> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // What comes later would be taken for the next answer.
        connection.answer = undefined;
        if (this.#connection === connection) this.#connection = undefined;
        connection.socket.destroy();
        reject(this.#error(`no answer to "${line}" within ${this.#timeoutMs} ms: frozen, or overloaded`));
      }, this.#timeoutMs);
      connection.answer = (result) => {
        clearTimeout(timer);
        connection.answer = undefined;
        if (!(result instanceof Error)) return resolve(result);
        reject(result instanceof VtyError ? result : this.#error(`connection lost: ${result.message}`, result));
      };
      connection.socket.write(`${line}\0`);
    });
  }

  #error(what: string, cause?: unknown): VtyError {
    return new VtyError(this.#node, this.#path.daemon, what, cause === undefined ? undefined : { cause });
  }
}

/** The answer, once the chunks received end with the trailer. */
function completeAnswer(chunks: Buffer[]): { readonly text: string; readonly status: number } | undefined {
  if (chunks.length > 1 && chunks.at(-1)!.length < 4) chunks.splice(0, chunks.length, Buffer.concat(chunks));
  const last = chunks.at(-1)!;
  if (last.length < 4 || !last.subarray(-4, -1).equals(TRAILER)) return undefined;
  const all = chunks.length === 1 ? last : Buffer.concat(chunks);
  return { text: all.toString('utf8', 0, all.length - 4), status: all[all.length - 1]! };
}

/**
 * Whether a daemon answers anything at all on its vty within a time (ms): a frozen one does not, and accepts connections all the same.
 * @throws nothing: no socket is no answer
 */
export async function answers(vtyDir: string, daemon: Daemon, timeoutMs: number): Promise<boolean> {
  const vty = new Vty(vtyDir, daemon, { node: vtyDir, timeoutMs });
  try {
    await vty.command('show version');
    return true;
  } catch {
    return false;
  } finally {
    vty.close();
  }
}
