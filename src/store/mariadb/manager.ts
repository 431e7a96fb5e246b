/**
 * The high-availability manager: one instance beside each member, in its node. Each watches the lease, looks after its own server, and
 * coordinates an election where it is the first to see that the lease has expired.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Member } from '../store.ts';
import type { Session } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { Elector } from './elector.ts';
import { handOver } from './hand-over.ts';
import { type LeaseRecord, openLease, type Seen } from './lease.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { ManagerOptions, ManagerReport, Role } from './manager-protocol.ts';
import { MemberServer } from './member-server.ts';
import { nearestReplica } from './nearest-replica.ts';
import { applyReceived, positionOf, promote, sequenceOf } from './replication.ts';
import { killServer, type ServerPlace } from './server.ts';
import { ServiceRoute } from './service-route.ts';

const ASK_MS = 250;
const POLL_MS = 40;
/** While something is decided, a poll more costs less than the wait. */
const BUSY_POLL_MS = 10;
const TEND_MS = 100;
const WATCH_MS = 10;
const ELECTION_MS = 3_000;
const APPLY_MS = 1_000;
/** A member that was just found sick leaves the others the choice. */
const CONVALESCENT_MS = 2_000;
/** How long a new primary may wait for its first replica. */
const FIRST_MS = 5_000;
const BEAT_MS = 200;

export class Manager {
  readonly #options: ManagerOptions;
  readonly #lab: RunningLab;
  readonly #place: ServerPlace;
  readonly #lease: LeaseKeeper;
  readonly #route: ServiceRoute;
  readonly #server: MemberServer;
  readonly #elector: Elector;
  readonly #say: (report: ManagerReport) => void;
  readonly #name: string;

  #role: Role = 'starting';
  #answeredMs = 0;
  #sickUntilMs = 0;
  #end: LeaseRecord['end'];
  #renewing: Promise<void> = Promise.resolve();
  #handingOver = false;
  /** The server is open for writes, or about to be. */
  #isOpen = false;

  constructor(
    lab: RunningLab,
    options: ManagerOptions,
    credentials: Credentials,
    say: (report: ManagerReport) => void,
  ) {
    const serverId = options.members.findIndex(({ name }) => name === options.member) + 1;
    const member = options.members[serverId - 1]!;
    const { serviceAddress, dir, server, timers } = options;
    this.#options = options;
    this.#lab = lab;
    this.#say = say;
    this.#name = options.member;
    this.#place = { lab, member, serverId, serviceAddress, options: server, credentials, dir };
    this.#route = new ServiceRoute(lab, member.node, serviceAddress, (why) => this.#tell(why));
    this.#server = new MemberServer(this.#place, (event, role) => this.#tell(event, role));
    const others = options.members.filter(({ name }) => name !== options.member);
    const store = openLease({
      netns: lab.node(member.node).netns,
      members: [member, ...others].map(({ address }) => address),
      name: lab.name,
      timeoutMs: ASK_MS,
    });
    this.#lease = new LeaseKeeper(store, options.member, timers);
    this.#elector = new Elector(lab, options, this.#lease, this.#server, (event) => this.#tell(event));
  }

  /** Never returns: the process ends with its node. */
  async run(): Promise<void> {
    await this.#route.withdraw();
    setInterval(() => this.#watch(), WATCH_MS);
    await Promise.all([this.#leaseLoop(), this.#serverLoop()]);
  }

  get #member(): Member {
    return this.#place.member;
  }

  #tell(event: string, role: Role = this.#role): void {
    this.#role = role;
    const epoch = this.#lease.seen?.record.epoch ?? 0;
    this.#say({ what: 'event', member: this.#name, atMs: nowMs(), event, epoch, role });
  }

  // The lease

  async #leaseLoop(): Promise<void> {
    for (;;) {
      try {
        if (this.#lease.epoch > 0) await this.#renew();
        else await this.#look();
      } catch (error) {
        this.#tell(`lease: ${(error as Error).message}`);
      }
      const phase = this.#lease.seen?.record.phase;
      const busy = phase !== undefined && phase !== 'held';
      await sleep(this.#lease.epoch > 0 ? this.#options.timers.renewMs : busy ? BUSY_POLL_MS : POLL_MS);
    }
  }

  async #renew(): Promise<void> {
    if (this.#handingOver) return;
    this.#renewing = this.#renewNow();
    await this.#renewing;
  }

  async #renewNow(): Promise<void> {
    const renewal = await this.#lease.renew(this.#end === undefined ? {} : { end: this.#end });
    if (renewal === 'taken') this.#loseLease(`epoch ${this.#lease.seen!.record.epoch} is not its own`);
  }

  /** By the clock of this node alone: whatever etcd or the network do, a lease that was not renewed in time has ended. */
  #watch(): void {
    if (this.#lease.hasExpired) this.#loseLease('the lease was not renewed in time');
    this.#route.expire();
  }

  /** Ends service before anything else. A server that was not open yet goes on: with its end all that it has not executed would be gone. */
  #loseLease(why: string): void {
    if (this.#lease.epoch === 0) return;
    this.#lease.drop();
    this.#handingOver = false;
    if (!this.#isOpen) {
      this.#tell(why, 'replica');
      void this.#route.withdraw();
      return;
    }
    this.#isOpen = false;
    if (this.#options.noFencing) {
      this.#tell(`not fenced, a planted defect: ${why}`);
      return;
    }
    this.#server.end();
    this.#tell(why, 'fenced');
    void this.#route.withdraw();
  }

  async #look(): Promise<void> {
    const seen = await this.#lease.look();
    if (seen === undefined) return;
    if (seen === 'none') {
      const record: LeaseRecord = { epoch: 1, phase: 'electing', holder: '', coordinator: this.#name, renewals: 0 };
      await this.#lease.store.replace('none', record);
      return;
    }
    const { record } = seen;
    const { leaseMs, marginMs } = this.#options.timers;
    const isNext = record.phase === 'switching' && record.next === this.#name;
    if (isNext) this.#route.announceAhead(leaseMs + marginMs);
    else if (record.holder !== this.#name) this.#route.endAhead();
    if (record.phase === 'held' || record.phase === 'switching') {
      if (record.holder === this.#name && record.renewals === 0) await this.#takeUp(seen);
      else if (this.#lease.ageMs > leaseMs + marginMs) await this.#open(seen, 'the lease expired');
    } else if (record.phase === 'open') {
      await this.#open(seen, 'the lease was given up');
    } else {
      if (nowMs() >= this.#sickUntilMs) await this.#elector.report(record);
      if (record.coordinator === this.#name) {
        if ((await this.#elector.choose(seen)) === this.#name) await this.#look();
      } else if (this.#lease.ageMs > ELECTION_MS) await this.#open(seen, 'the election did not end');
    }
  }

  async #open(seen: Seen, why: string): Promise<void> {
    if (await this.#elector.open(seen, why)) await this.#look();
  }

  // The primary

  /** The lease was granted to this member: it renews it, and only then opens for writes. */
  async #takeUp(granted: Seen): Promise<void> {
    const { session } = this.#server;
    if (session === undefined || this.#server.busy) return;
    this.#server.busy = true;
    let took = false;
    try {
      took = await this.#lease.take(granted);
    } finally {
      if (!took) this.#server.busy = false;
    }
    if (!took) return;
    this.#end = undefined;
    this.#answeredMs = 0;
    // The lease is renewed meanwhile.
    void this.#serve(session, this.#lease.epoch).finally(() => {
      this.#server.busy = false;
    });
  }

  async #serve(session: Session, epoch: number): Promise<void> {
    const holds = () => this.#lease.epoch === epoch;
    try {
      this.#route.announceAhead(FIRST_MS);
      const unfenced = this.#elector.unfence(this.#member);
      if (!this.#options.naiveChoice && !(await this.#executeReceived(session, holds))) return;
      // From here on it is the one who has every acknowledged write, and everybody has to know before the first.
      const position = await positionOf(session);
      while ((await this.#lease.renew({ served: { member: this.#name, position } })) !== 'renewed') {
        if (!holds()) return;
      }
      if (!holds()) return;
      this.#isOpen = true;
      this.#server.becomePrimary();
      await promote(session, epoch);
      await unfenced;
      if (!holds()) return;
      await this.#route.announce(holds);
      if (!holds()) return;
      this.#tell(`serves epoch ${epoch}`, 'primary');
      await this.#lease.store.moveLeadership(this.#member.address);
    } catch (error) {
      if (holds()) await this.#giveUp(`cannot serve: ${(error as Error).message}`);
    }
  }

  /** What it has acknowledged and not executed yet comes first, as long as that goes on. @returns whether it is done and the lease still held */
  async #executeReceived(session: Session, holds: () => boolean): Promise<boolean> {
    let executed = 0;
    let until = 0;
    while (!(await applyReceived(session, APPLY_MS))) {
      if (!holds()) return false;
      const now = sequenceOf(await positionOf(session));
      if (now > executed || until === 0) until = nowMs() + FIRST_MS;
      executed = now;
      if (nowMs() > until) throw new Error('what it received is not executed');
    }
    return holds();
  }

  /** Ends service and says so, so that nobody has to wait for the lease to expire. */
  async #giveUp(why: string): Promise<void> {
    this.#sickUntilMs = nowMs() + CONVALESCENT_MS;
    const { epoch } = this.#lease;
    const wasOpen = this.#isOpen;
    this.#loseLease(why);
    await Promise.all([wasOpen ? killServer(this.#lab, this.#member) : undefined, this.#renewing]);
    const seen = this.#lease.seen!;
    const { record } = seen;
    if (record.holder !== this.#name || record.epoch !== epoch || record.phase === 'electing') return;
    await this.#lease.replace(seen, { ...record, phase: 'open', renewals: record.renewals + 1 });
  }

  /** A write of its own through the whole commit, semi-sync included: what hangs for long is sick. */
  async #checkPrimary(): Promise<void> {
    if (this.#role !== 'primary' || this.#handingOver) return;
    const { session } = this.#server;
    const { sickMs } = this.#options.timers;
    if (session === undefined) return this.#giveUp('the server ended');
    if (nowMs() - this.#answeredMs < BEAT_MS) return;
    try {
      // The first one waits until a replica has come over.
      const patienceMs = this.#answeredMs === 0 ? FIRST_MS : sickMs;
      await session.query('REPLACE INTO lab.heartbeat VALUES (1, ?)', [Math.round(nowMs())], patienceMs);
      this.#answeredMs = nowMs();
      this.#end = { position: await positionOf(session), beat: (this.#end?.beat ?? 0) + 1 };
    } catch (error) {
      if (this.#lease.epoch > 0 && !this.#handingOver)
        await this.#giveUp(`the server is sick: ${(error as Error).message}`);
    }
  }

  // The server

  async #serverLoop(): Promise<void> {
    for (;;) {
      try {
        await this.#tend();
      } catch (error) {
        this.#tell(`server: ${(error as Error).message.slice(0, 300)}`);
        await sleep(200);
      }
      // A new primary acknowledges nothing until a replica has come over, so a new holder is noticed at once.
      const { epochHeld } = this.#lease;
      for (
        let waitedMs = 0;
        waitedMs < TEND_MS && this.#lease.epoch === 0 && this.#lease.epochHeld === epochHeld;
        waitedMs += 10
      )
        await sleep(10);
      if (this.#lease.epoch > 0) await sleep(20);
    }
  }

  async #tend(): Promise<void> {
    if (this.#lease.epoch > 0) return this.#checkPrimary();
    if (this.#options.noFencing && this.#role === 'primary') return;
    const session = await this.#server.ensureStarted();
    const record = this.#lease.seen?.record;
    if (record === undefined || this.#server.busy || this.#lease.epochHeld === 0) return;
    const primary = this.#options.members.find(({ name }) => name === record.holder);
    if (primary === undefined || primary.name === this.#name) return;
    const isPrimary = () => this.#lease.seen?.record.holder === primary.name;
    const receives = await this.#server.beReplica(session, record, primary, isPrimary);
    if (receives && this.#role !== 'replica') this.#tell(`follows ${primary.name}`, 'replica');
  }

  // A planned switch-over

  /** Hands over to the replica that is furthest. @throws Error where this instance does not hold the lease or no replica is near */
  async switchOver(): Promise<void> {
    const { session } = this.#server;
    const { epoch } = this.#lease;
    if (epoch === 0 || session === undefined || this.#role !== 'primary')
      throw new Error(`${this.#name} is not the primary`);
    const others = this.#options.members.filter(({ name }) => name !== this.#name);
    const target = await nearestReplica(this.#place, others);
    this.#handingOver = true;
    try {
      await this.#renewing;
      const position = await handOver(target, session, this.#lease, this.#route);
      this.#isOpen = false;
      this.#tell(`handed over to ${target.member.name} at ${position}`, 'replica');
    } catch (error) {
      this.#loseLease(`the switch-over failed: ${(error as Error).message}`);
      throw error;
    } finally {
      this.#handingOver = false;
      target.session.close();
    }
  }
}
