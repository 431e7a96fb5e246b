/** What the kernels announce between dumps: who changed, when, and how often. */
import { nowMs } from '../linux/clock.ts';
import { readLinkEvent } from '../linux/netlink-link.ts';
import { eachMessage, NLM_F, RTM } from '../linux/netlink-message.ts';
import { readRouteEvent } from '../linux/netlink-route.ts';
import { isRouted } from '../router/kernel.ts';
import type { Change, RouteEvent, RouteEvents } from './watcher-protocol.ts';
import type { WatchedTable } from './watcher-table.ts';

/** Enough for a spine's loss in a fabric of 200 leaves; who wants them all drains them after each. What is left out is counted. */
const KEPT_EVENTS = 200_000;
const IFF_LOWER_UP = 0x10000;

/** Reads announcements into counts by node (since `restart`) and a list (since `drain`). */
export class EventLog {
  #changes = new Map<string, Change>();
  #events: RouteEvent[] = [];
  #dropped = 0;
  readonly #carrier = new Map<string, 'carrier' | 'no-carrier'>();

  /** Counts begin anew; the list goes on. */
  restart(): void {
    this.#changes = new Map();
  }

  get changes(): ReadonlyMap<string, Change> {
    return this.#changes;
  }

  drain(): RouteEvents {
    const drained = { events: this.#events, dropped: this.#dropped };
    this.#events = [];
    this.#dropped = 0;
    return drained;
  }

  /** Reads all that waits on a node's event socket. Returns whether there was anything, which makes a dump due. */
  read(table: WatchedTable): boolean {
    let any = false;
    for (let got = table.events.next(); got !== undefined; got = table.events.next()) {
      any = true;
      const atMs = nowMs();
      if (got === 'lost') {
        table.forgetNames();
        this.#keep({ kind: 'lost', node: table.name, atMs });
        continue;
      }
      const { buffer, length } = got;
      eachMessage(buffer, 0, length, (type, start, end, flags) => {
        if (type === RTM.newRoute || type === RTM.delRoute)
          this.#route(table.name, atMs, buffer, type, start, end, flags);
        else if (type === RTM.newLink || type === RTM.delLink) this.#link(table, atMs, buffer, type, start, end);
      });
    }
    return any;
  }

  #route(node: string, atMs: number, buffer: Buffer, type: number, start: number, end: number, flags: number): void {
    const route = readRouteEvent(buffer, start, end);
    if (route === undefined || !isRouted(route)) return;
    const earlier = this.#changes.get(node);
    this.#changes.set(node, { firstMs: earlier?.firstMs ?? atMs, lastMs: atMs, count: (earlier?.count ?? 0) + 1 });
    const kind = type === RTM.delRoute ? 'removed' : flags & NLM_F.replace ? 'replaced' : 'added';
    this.#keep({ kind, node, atMs, family: route.family, prefix: route.prefix });
  }

  #link(table: WatchedTable, atMs: number, buffer: Buffer, type: number, start: number, end: number): void {
    const { ifindex, name, flags } = readLinkEvent(buffer, start, end);
    if (type === RTM.delLink) table.forgetNames();
    else table.learnName(ifindex, name);
    const kind = type === RTM.newLink && flags & IFF_LOWER_UP ? 'carrier' : 'no-carrier';
    const key = `${table.name} ${name}`;
    // The kernel announces a link for many reasons; carrier is what routing feels.
    if (this.#carrier.get(key) === kind) return;
    this.#carrier.set(key, kind);
    this.#keep({ kind, node: table.name, atMs, interface: name });
  }

  #keep(event: RouteEvent): void {
    if (this.#events.length < KEPT_EVENTS) this.#events.push(event);
    else this.#dropped++;
  }
}
