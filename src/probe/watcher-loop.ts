/** The watch itself: announcements make dumps due, sweeps find what no announcement told, dumps decide. */
import { nowMs } from '../linux/clock.ts';
import { Poller } from '../linux/poll.ts';
import { EventLog } from './watcher-events.ts';
import type { FlatTable, RouteEvents, Settled, WatcherCost } from './watcher-protocol.ts';
import { WatchedTable } from './watcher-table.ts';

/** A node that keeps announcing is dumped this often at most. */
const DUMP_GAP_MS = 2;
/** Between two sweeps of all judged nodes while a window is open. */
const SWEEP_MS = 10;
/** Sweeps take at most this share of one core, so that the watcher does not slow what it measures. */
const SWEEP_SHARE = 0.15;
/** Dumps that announcements asked for may take more: they are what the measurement is for. */
const DUE_SHARE = 0.35;
/** Announcements are read, and stamped, after at most this long a batch of dumps. */
const BATCH_MS = 3;
const IDLE_MS = 1000;

interface Settling {
  readonly deadlineMs: number;
  readonly quietMs: number;
  readonly resolve: (settled: Settled) => void;
}

/** Watches a set of namespaces until it is stopped. */
export class Watch {
  readonly #tables: readonly WatchedTable[];
  readonly #poller: Poller;
  readonly #log = new EventLog();
  /** Nodes that announced something since their last dump, first come first served. */
  readonly #due = new Set<WatchedTable>();
  /** Judged nodes still to be dumped in the present sweep. */
  #sweep: WatchedTable[] = [];
  #nextSweepMs = 0;
  #nextDueMs = 0;
  #nextSliceMs = 0;
  #open = false;
  #settling: Settling | undefined;
  #stopped = false;
  #dumps = 0;
  #dumpMs = 0;
  readonly #startedMs = nowMs();

  /** @throws Error naming the namespace that cannot be entered; nothing stays open */
  constructor(nodes: readonly { readonly name: string; readonly netns: string }[]) {
    const tables: WatchedTable[] = [];
    try {
      for (const { name, netns } of nodes) tables.push(new WatchedTable(name, netns));
      for (const table of tables) table.dump();
    } catch (error) {
      for (const table of tables) table.close();
      throw error;
    }
    this.#tables = tables;
    this.#poller = new Poller(tables.map((table) => table.events.fd));
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const ready = await this.#poller.wait(this.#pauseMs());
      if (this.#stopped) break;
      this.#readEvents(ready);
      this.#dumpDue();
      this.#sweepOn();
      this.#trySettle();
    }
    this.#poller.close();
    for (const table of this.#tables) table.close();
  }

  stop(): void {
    this.#stopped = true;
    this.#poller.wake();
  }

  /** @throws Error where a predicted node is not watched */
  expect(predicted: Readonly<Record<string, FlatTable>>): void {
    const names = new Set(this.#tables.map((table) => table.name));
    const strangers = Object.keys(predicted).filter((name) => !names.has(name));
    if (strangers.length > 0) throw new Error(`expect: not watched: ${strangers.join(', ')}`);
    for (const table of this.#tables) table.expect(predicted[table.name]);
    // What was announced before the window is not of the window.
    this.#readAllEvents();
    this.#log.restart();
    for (const table of this.#judged()) this.#dump(table);
    this.#open = true;
    this.#sweep = [];
    this.#nextSweepMs = nowMs() + SWEEP_MS;
    this.#poller.wake();
  }

  /** @throws Error where one wait is under way already, or nothing is judged */
  settled(timeoutMs: number, quietMs: number): Promise<Settled> {
    if (this.#settling) throw new Error('settled: another call waits already');
    if (this.#judged().length === 0) throw new Error('settled: nothing is expected of any node: call expect first');
    this.#open = true;
    return new Promise((resolve) => {
      this.#settling = { deadlineMs: nowMs() + timeoutMs, quietMs, resolve };
      this.#poller.wake();
    });
  }

  dumpAll(): Readonly<Record<string, FlatTable>> {
    for (const table of this.#tables) this.#dump(table);
    return Object.fromEntries(this.#tables.map((table) => [table.name, table.table]));
  }

  events(): RouteEvents {
    this.#readAllEvents();
    return this.#log.drain();
  }

  cost(): WatcherCost {
    const { user, system } = process.cpuUsage();
    return {
      cpuMs: (user + system) / 1000,
      elapsedMs: nowMs() - this.#startedMs,
      dumps: this.#dumps,
      dumpMs: this.#dumpMs,
    };
  }

  #judged(): WatchedTable[] {
    return this.#tables.filter((table) => table.judged);
  }

  #pauseMs(): number {
    const now = nowMs();
    let next = now + IDLE_MS;
    if (this.#due.size > 0) next = Math.min(next, this.#nextDueMs);
    if (this.#open) next = Math.min(next, this.#sweep.length > 0 ? this.#nextSliceMs : this.#nextSweepMs);
    if (this.#settling) next = Math.min(next, this.#settling.deadlineMs);
    return Math.max(0, next - now);
  }

  #readEvents(ready: readonly number[]): void {
    for (const i of ready) {
      const table = this.#tables[i]!;
      if (this.#log.read(table)) this.#due.add(table);
    }
  }

  #readAllEvents(): void {
    this.#readEvents(this.#tables.map((_, i) => i));
  }

  #dumpDue(): void {
    const from = nowMs();
    if (this.#due.size === 0 || from < this.#nextDueMs) return;
    for (const table of this.#due) {
      if (nowMs() - from > BATCH_MS) break;
      if (from - table.dumpedAtMs < DUMP_GAP_MS) continue;
      this.#dump(table);
    }
    const took = nowMs() - from;
    this.#nextDueMs = from + Math.max(DUMP_GAP_MS, took / DUE_SHARE);
  }

  #sweepOn(): void {
    const from = nowMs();
    if (!this.#open) return;
    if (this.#sweep.length === 0) {
      if (from < this.#nextSweepMs) return;
      this.#sweep = this.#judged();
      this.#nextSweepMs = from + SWEEP_MS;
    } else if (from < this.#nextSliceMs) return;
    while (this.#sweep.length > 0 && nowMs() - from < BATCH_MS) this.#dump(this.#sweep.pop()!);
    this.#nextSliceMs = from + (nowMs() - from) / SWEEP_SHARE;
    this.#nextSweepMs = Math.max(this.#nextSweepMs, this.#nextSliceMs);
  }

  #dump(table: WatchedTable): void {
    this.#due.delete(table);
    table.dump();
    this.#dumps++;
    this.#dumpMs += table.costMs;
  }

  #trySettle(): void {
    const settling = this.#settling;
    if (!settling) return;
    if (nowMs() >= settling.deadlineMs) {
      for (const table of this.#judged()) this.#dump(table);
      this.#settle(settling);
      return;
    }
    const equalAt = this.#equalAtMs();
    if (equalAt === undefined || nowMs() < equalAt + settling.quietMs) return;
    // Quiet is shown by a dump of every node at the end of the quiet time, not by the absence of announcements.
    for (const table of this.#judged()) {
      if (table.dumpedAtMs < equalAt + settling.quietMs) this.#dump(table);
    }
    this.#readAllEvents();
    if (this.#equalAtMs() === equalAt) this.#settle(settling);
  }

  /** The instant at which the last judged node became equal; undefined while one is not. */
  #equalAtMs(): number | undefined {
    let latest = 0;
    for (const table of this.#judged()) {
      if (table.equalSinceMs === undefined) return undefined;
      latest = Math.max(latest, table.equalSinceMs);
    }
    return latest;
  }

  /** The last instant at which a judged node was seen not to be equal. */
  #equalAfterMs(): number {
    return Math.max(...this.#judged().map((table) => table.equalAfterMs));
  }

  #settle(settling: Settling): void {
    const equalAtMs = this.#equalAtMs();
    this.#settling = undefined;
    this.#open = false;
    this.#sweep = [];
    settling.resolve({
      ...(equalAtMs === undefined ? {} : { equalAtMs, resolutionMs: equalAtMs - this.#equalAfterMs() }),
      differences: this.#judged().flatMap((table) => table.differences()),
      changes: [...this.#log.changes],
    });
  }
}
