/** One watched namespace: its tables as last dumped, against what they must be. */
import { nowMs } from '../linux/clock.ts';
import { NetlinkSocket, RTNLGRP } from '../linux/netlink.ts';
import { dumpLinkNames } from '../linux/netlink-link.ts';
import { dumpNextHops } from '../linux/netlink-nexthop.ts';
import { dumpRoutesRaw, parseRoutes } from '../linux/netlink-route.ts';
import { routeTable } from '../router/kernel.ts';
import type { RouteDifference } from '../router/routes.ts';
import { ANYWHERE_FLAT, type FlatTable, flatten, splitInterfaces } from './watcher-protocol.ts';

/** The tables of one namespace. Reads them by dump; says whether they equal the prediction, and since when. */
export class WatchedTable {
  readonly name: string;
  readonly events: NetlinkSocket;
  readonly #socket: NetlinkSocket;
  readonly #raw: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  #names: ReadonlyMap<number, string> | undefined;
  /** Next-hop objects are not spelt out here, so equal routes may still forward otherwise. */
  #opaque = false;
  #table: FlatTable = {};
  #size = 0;
  #expected: FlatTable | undefined;
  #expectedSize = 0;
  /** Prefixes of which anything is as predicted. */
  #anywhere: readonly string[] = [];
  /** No dump has been judged since `expect`. */
  #fresh = true;
  /** Instant of the first of the dumps, without a break, that were equal to the prediction. */
  equalSinceMs: number | undefined;
  /** Instant of the dump before that one, which was not equal; the same instant where there was none since `expect`. */
  equalAfterMs = 0;
  dumpedAtMs = 0;
  /** What the last dump took. */
  costMs = 0;

  constructor(name: string, netns: string) {
    this.name = name;
    this.#socket = new NetlinkSocket(netns);
    this.events = new NetlinkSocket(netns, [RTNLGRP.ipv4Route, RTNLGRP.ipv6Route, RTNLGRP.link, RTNLGRP.nextHop]);
  }

  get judged(): boolean {
    return this.#expected !== undefined;
  }

  get table(): FlatTable {
    return this.#table;
  }

  /** From now on the tables must be these; undefined: not judged. */
  expect(expected: FlatTable | undefined): void {
    this.#expected = expected;
    this.#fresh = true;
    const all = Object.entries(expected ?? {});
    this.#anywhere = all.filter(([, hops]) => hops === ANYWHERE_FLAT).map(([prefix]) => prefix);
    this.#expectedSize = all.length - this.#anywhere.length;
    this.equalSinceMs = undefined;
  }

  /** Interfaces may have come, gone or been renamed. */
  forgetNames(): void {
    this.#names = undefined;
  }

  /** The name an interface announced itself with. */
  learnName(ifindex: number, name: string): void {
    if (this.#names?.get(ifindex) !== name) this.#names = undefined;
  }

  /** Reads the tables now and judges them. */
  dump(): void {
    const from = nowMs();
    const before = this.dumpedAtMs;
    const changed = this.#read();
    const at = nowMs();
    this.dumpedAtMs = at;
    this.costMs = at - from;
    if (this.#expected === undefined) return;
    if (!changed && this.equalSinceMs !== undefined) return;
    if (!this.#equal()) this.equalSinceMs = undefined;
    else if (this.equalSinceMs === undefined) {
      this.equalSinceMs = at;
      this.equalAfterMs = this.#fresh ? at : before;
    }
    this.#fresh = false;
  }

  differences(): readonly RouteDifference[] {
    const expected = this.#expected;
    if (expected === undefined) return [];
    const prefixes = new Set([...Object.keys(expected), ...Object.keys(this.#table)]);
    const found: RouteDifference[] = [];
    for (const prefix of prefixes) {
      const [wanted, there] = [expected[prefix], this.#table[prefix]];
      if (wanted === there || wanted === ANYWHERE_FLAT) continue;
      found.push({
        node: this.name,
        prefix,
        expected: wanted === undefined ? undefined : splitInterfaces(wanted),
        actual: there === undefined ? undefined : splitInterfaces(there),
      });
    }
    return found;
  }

  close(): void {
    this.events.close();
    this.#socket.close();
  }

  /** Whether anything may have changed since the last time. The kernel's answer is compared as bytes; only another answer is parsed. */
  #read(): boolean {
    let changed = this.#names === undefined || this.#opaque;
    for (const [i, family] of ([4, 6] as const).entries()) {
      const raw = dumpRoutesRaw(this.#socket, family);
      if (raw.equals(this.#raw[i]!)) continue;
      this.#raw[i] = Buffer.from(raw);
      changed = true;
    }
    if (changed) this.#parse();
    return changed;
  }

  #parse(): void {
    this.#opaque = false;
    const objects = () => {
      this.#opaque = true;
      return dumpNextHops(this.#socket);
    };
    const routes = this.#raw.map((raw) => parseRoutes(raw, objects));
    const known = this.#names;
    const hops = routes.flatMap((family) => family.flatMap((route) => route.nextHops));
    const names = known && hops.every(({ ifindex }) => known.has(ifindex)) ? known : dumpLinkNames(this.#socket);
    this.#names = names;
    const [ipv4, ipv6] = routes.map((some) => routeTable(some, names));
    this.#table = flatten({ ipv4: ipv4!, ipv6: ipv6! });
    this.#size = Object.keys(this.#table).length;
  }

  #equal(): boolean {
    const expected = this.#expected!;
    const floating = this.#anywhere.filter((prefix) => this.#table[prefix] !== undefined).length;
    if (this.#size - floating !== this.#expectedSize) return false;
    for (const prefix in expected) {
      const wanted = expected[prefix];
      if (wanted !== this.#table[prefix] && wanted !== ANYWHERE_FLAT) return false;
    }
    return true;
  }
}
