/**
 * The high-availability manager: one instance beside each member, in its node. Each watches the lease, looks after its own server, and
 * coordinates an election where it is the first to see that the lease has expired.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Credentials } from './credentials.ts';
import { Elector } from './elector.ts';
import { type LeaseRecord, openLease, type Seen } from './lease.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { ManagerOptions, ManagerReport, Role } from './manager-protocol.ts';
import { MemberServer } from './member-server.ts';
import { Primary } from './primary.ts';
import { ServiceRoute } from './service-route.ts';

const ASK_MS = 250;
const POLL_MS = 40;
/** While something is decided, a poll more costs less than the wait. */
const BUSY_POLL_MS = 10;
const TEND_MS = 200;
const WATCH_MS = 10;
const ELECTION_MS = 1_000;

export class Manager {
  readonly #options: ManagerOptions;
  readonly #lease: LeaseKeeper;
  readonly #route: ServiceRoute;
  readonly #server: MemberServer;
  readonly #elector: Elector;
  readonly #primary: Primary;
  readonly #say: (report: ManagerReport) => void;
  readonly #name: string;

  #role: Role = 'starting';

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
    this.#say = say;
    this.#name = options.member;
    const place = { lab, member, serverId, serviceAddress, options: server, credentials, dir };
    this.#route = new ServiceRoute(lab, member.node, serviceAddress, (why) => this.#tell(why));
    this.#server = new MemberServer(place, (event, role) => this.#tell(event, role));
    const others = options.members.filter(({ name }) => name !== options.member);
    const store = openLease({
      netns: lab.node(member.node).netns,
      members: [member, ...others].map(({ address }) => address),
      name: lab.name,
      timeoutMs: ASK_MS,
    });
    this.#lease = new LeaseKeeper(store, options.member, timers);
    this.#elector = new Elector(lab, options, this.#lease, this.#server, (event) => this.#tell(event));
    this.#primary = new Primary({
      lab,
      options,
      place,
      lease: this.#lease,
      route: this.#route,
      server: this.#server,
      elector: this.#elector,
      tell: (event, role) => this.#tell(event, role),
    });
  }

  /** Never returns: the process ends with its node. */
  async run(): Promise<void> {
    await this.#route.withdraw();
    setInterval(() => this.#watch(), WATCH_MS);
    await Promise.all([this.#leaseLoop(), this.#serverLoop()]);
  }

  /** @throws Error where this instance does not serve or no replica is near */
  async switchOver(): Promise<void> {
    await this.#primary.switchOver();
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
        if (this.#lease.epoch > 0) await this.#primary.renew();
        else await this.#look();
      } catch (error) {
        this.#tell(`lease: ${(error as Error).message}`);
      }
      const record = this.#lease.seen?.record;
      const busy = record !== undefined && (record.phase !== 'held' || record.holder === this.#name);
      if (this.#lease.epoch > 0) await sleep(this.#options.timers.renewMs);
      else await this.#lease.changed(busy ? BUSY_POLL_MS : POLL_MS);
    }
  }

  /** By the clock of this node alone: whatever etcd or the network do, a lease that was not renewed in time has ended. */
  #watch(): void {
    if (this.#lease.hasExpired) this.#primary.loseLease('the lease was not renewed in time');
    this.#route.expire();
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
    const isNext = record.phase === 'switching' && record.next === this.#name;
    if (isNext) this.#route.announceAhead(this.#lease.expiresMs);
    else if (record.holder !== this.#name) this.#route.endAhead();
    if (record.phase === 'held' || record.phase === 'switching') {
      if (record.holder === this.#name && record.renewals === 0) await this.#primary.takeUp(seen);
      // A renewal that was under way when its hold ended may have come late, and would have everybody wait for one more lease.
      else if (record.holder === this.#name && !this.#primary.isHandingOver) await this.#primary.letGo(seen);
      else if (this.#lease.isOld) await this.#open(seen, 'the lease expired');
    } else if (record.phase === 'open') {
      await this.#open(seen, 'the lease was given up');
    } else {
      if (!this.#primary.isConvalescent) await this.#elector.report(record);
      if (record.coordinator === this.#name) {
        if ((await this.#elector.choose(seen)) === this.#name) await this.#look();
      } else if (this.#lease.ageMs > ELECTION_MS) await this.#open(seen, 'the election did not end');
    }
  }

  async #open(seen: Seen, why: string): Promise<void> {
    if (await this.#elector.open(seen, why)) await this.#look();
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
      if (this.#lease.epoch > 0) await sleep(2 * BUSY_POLL_MS);
      else await this.#untilTended();
    }
  }

  /** A new primary acknowledges nothing until a replica has come over, so a new holder is noticed at once. */
  async #untilTended(): Promise<void> {
    const { epochHeld } = this.#lease;
    const until = nowMs() + TEND_MS;
    while (this.#lease.epoch === 0 && this.#lease.epochHeld === epochHeld) {
      const left = until - nowMs();
      if (left <= 0) return;
      await this.#lease.changed(left);
    }
  }

  async #tend(): Promise<void> {
    if (this.#lease.epoch > 0) return this.#primary.check();
    if (this.#options.noFencing && this.#role === 'primary') return;
    const session = await this.#server.ensureStarted();
    const record = this.#lease.seen?.record;
    if (record === undefined || this.#server.busy || this.#lease.epochHeld === 0) return;
    const primary = this.#options.members.find(({ name }) => name === record.holder);
    if (primary === undefined || primary.name === this.#name) return;
    const isPrimary = () => this.#lease.epochHeld === record.epoch;
    this.#server.busy = true;
    const receives = await this.#server.beReplica(session, record, primary, isPrimary).finally(() => {
      this.#server.busy = false;
    });
    if (receives && this.#role !== 'replica') this.#tell(`follows ${primary.name}`, 'replica');
  }
}
