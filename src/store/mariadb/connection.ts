/** Connections to a server from inside a node's namespace. */
import type { Socket } from 'node:net';
import { type Connection, createConnection } from 'mariadb';
import { connectInNamespace } from '../../linux/tcp.ts';
import { PORT } from './argv.ts';

export interface ConnectOptions {
  /** Path of the namespace that the connection comes from. */
  readonly netns: string;
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** Milliseconds until it must stand. */
  readonly connectMs: number;
  /** Milliseconds for TCP's part of it: a lost SYN would be repeated after a second only. Default: as `connectMs`. */
  readonly tcpMs?: number;
  readonly database?: string;
}

/** A connection, and the socket below it: one that hangs is ended by destroying the socket. */
export interface Session {
  readonly connection: Connection;
  /** Rows of one statement. @throws Error after `timeoutMs`; the session is closed then, for its answer would come late */
  query<Row = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
    timeoutMs?: number,
  ): Promise<readonly Row[]>;
  readonly closed: boolean;
  close(): void;
}

/** No answer came in time: the statement may have been executed. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

const QUERY_MS = 2_000;

/** @throws Error where no connection came about in time */
export async function connect(options: ConnectOptions): Promise<Session> {
  let socket: Socket | undefined;
  let closed = false;
  const connection = await createConnection({
    host: options.address,
    port: PORT,
    user: options.user,
    password: options.password,
    ...(options.database === undefined ? {} : { database: options.database }),
    connectTimeout: Math.ceil(options.connectMs),
    bigIntAsNumber: true,
    insertIdAsNumber: true,
    // Parameters may be passwords, and errors are logged.
    logParam: false,
    // No round trip for what is not asked here.
    initSql: [],
    stream: (done) => {
      try {
        const opened = connectInNamespace(options.netns, options.address, PORT);
        socket = opened;
        if (options.tcpMs !== undefined) {
          const late = setTimeout(
            () => opened.destroy(new Error(`no connection within ${options.tcpMs} ms`)),
            options.tcpMs,
          );
          opened.once('connect', () => clearTimeout(late)).once('close', () => clearTimeout(late));
        }
        done(undefined, opened);
      } catch (error) {
        done(error as Error);
      }
    },
  }).catch((error: unknown) => {
    socket?.destroy();
    throw error;
  });
  connection.on('error', () => {
    closed = true;
  });
  connection.on('end', () => {
    closed = true;
  });
  const close = (): void => {
    closed = true;
    connection.destroy();
    socket?.destroy();
  };
  return {
    connection,
    get closed() {
      return closed;
    },
    close,
    async query<Row>(sql: string, values: readonly unknown[] = [], timeoutMs = QUERY_MS) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          close();
          reject(new TimeoutError(`no answer within ${timeoutMs} ms to ${sql.slice(0, 60)}`));
        }, timeoutMs);
      });
      const asked = connection.query(sql, values as unknown[]) as Promise<Row[]>;
      asked.catch(() => {});
      try {
        return await Promise.race([asked, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
