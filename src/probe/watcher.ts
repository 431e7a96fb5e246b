/** Watches the kernel tables of every router from a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeRoutes } from '../router/routes.ts';
import type { RouteWatcher, RouteWindow } from './observer.ts';
import {
  type Answers,
  flatten,
  type Reply,
  type Request,
  type RouteEvents,
  unflatten,
  type WatchedNode,
  type WatcherCost,
} from './watcher-protocol.ts';

/** What this watcher offers beyond the contract. */
export interface ProcessRouteWatcher extends RouteWatcher {
  settled(options: { readonly timeoutMs: number; readonly quietMs: number }): Promise<WatchedWindow>;
  /** Announcements of all kernels since the last call. */
  events(): Promise<RouteEvents>;
  /** Process that watches. */
  readonly pid: number;
  /** What watching has cost so far. */
  cost(): Promise<WatcherCost>;
}

export interface WatchedWindow extends RouteWindow {
  /** How exact `equalAtMs` is: the tables became equal at most this long before it; ms. Undefined where they did not. */
  readonly resolutionMs: number | undefined;
}

/**
 * Starts watching. The process holds two netlink sockets in every namespace, so it goes on through power cuts and pauses. Sockets keep
 * a namespace alive: close the watcher before destroying the lab. The process ends on `close`, or with this one.
 * @throws Error naming the namespace that cannot be entered
 */
export async function startWatcher(options: { readonly nodes: readonly WatchedNode[] }): Promise<ProcessRouteWatcher> {
  const process = new WatcherProcess();
  const peers = new Map(options.nodes.map((node) => [node.name, node.peers]));
  try {
    await process.ask({ method: 'open', nodes: options.nodes.map(({ name, netns }) => ({ name, netns })) });
  } catch (error) {
    await process.close();
    throw error;
  }
  return {
    async expect(predicted) {
      const flat = Object.fromEntries([...predicted].map(([node, routes]) => [node, flatten(routes)]));
      await process.ask({ method: 'expect', predicted: flat });
    },
    async settled({ timeoutMs, quietMs }) {
      const { equalAtMs, differences, changes, resolutionMs } = await process.ask({
        method: 'settled',
        timeoutMs,
        quietMs,
      });
      // JSON leaves out what is undefined.
      const whole = differences.map(({ node, prefix, expected, actual }) => ({ node, prefix, expected, actual }));
      return { equalAtMs, differences: whole, changes: new Map(changes), resolutionMs };
    },
    async dump() {
      const tables = await process.ask({ method: 'dump' });
      return new Map<string, NodeRoutes>(
        Object.entries(tables).map(([node, table]) => [node, unflatten(table, peers.get(node))]),
      );
    },
    pid: process.pid,
    events: () => process.ask({ method: 'events' }),
    cost: () => process.ask({ method: 'cost' }),
    close: () => process.close(),
  };
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** The child and what it still owes an answer to. */
class WatcherProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #ended: Error | undefined;
  #calls = 0;

  constructor() {
    // The published package holds JavaScript.
    const script = new URL(`./watcher-process${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
    this.#child = fork(fileURLToPath(script), [], {
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => this.#answered(reply));
    this.#child.on('error', (error) => this.#end(error));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#end(new Error(`the route watcher's process ended (${signal ?? `status ${code}`})`));
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  ask<M extends Request['method']>(request: Request & { readonly method: M }): Promise<Answers[M]> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const id = ++this.#calls;
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#child.send({ id, ...request });
    });
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) {
      await this.ask({ method: 'close' }).catch(() => {});
      await this.#exited;
    }
  }

  #answered(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(`route watcher: ${reply.error}`));
    else waiting?.resolve(reply.answer as never);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
