/** An instance's part as the primary: takes the lease up, opens for writes, and ends that before anything else where it has to. */
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Session } from './connection.ts';
import type { Elector } from './elector.ts';
import { handOver } from './hand-over.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Seen } from './lease.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { ManagerOptions, Role } from './manager-protocol.ts';
import type { MemberServer } from './member-server.ts';
import { nearestReplica } from './nearest-replica.ts';
import { executeReceived, positionOf, promote } from './replication.ts';
import { killServer, type ServerPlace } from './server.ts';
import type { ServiceRoute } from './service-route.ts';

/** A member that was just found sick leaves the others the choice. */
const CONVALESCENT_MS = 2_000;
/** How long a new primary may wait for its first replica. */
const FIRST_MS = 5_000;
/** A bgpd that began anew is told of the address again after so long at most. */
const ANNOUNCED_MS = 500;
/** What it received must be executed, but for a transaction that takes longer than this. */
const STUCK_MS = 5_000;

/** What an instance is made of, and what its primary's part works with. */
export interface PrimaryParts {
  readonly lab: RunningLab;
  readonly options: ManagerOptions;
  readonly place: ServerPlace;
  readonly lease: LeaseKeeper;
  readonly route: ServiceRoute;
  readonly server: MemberServer;
  readonly elector: Elector;
  readonly tell: (event: string, role?: Role) => void;
}

export class Primary {
  readonly #parts: PrimaryParts;
  readonly #name: string;
  readonly #heart: Heartbeat;
  #sickUntilMs = 0;
  #renewing: Promise<void> = Promise.resolve();
  #handingOver = false;
  /** The server is open for writes, or about to be. */
  #isOpen = false;
  /** Clients can reach it. */
  #serves = false;
  /** When its address was last seen to be announced. */
  #announcedMs = 0;
  /** etcd's term in which its leadership was last seen to. */
  #ledElsewhereIn = '';

  constructor(parts: PrimaryParts) {
    this.#parts = parts;
    this.#name = parts.options.member;
    this.#heart = new Heartbeat(FIRST_MS, parts.options.timers.sickMs);
  }

  /** It gave up a moment ago because its server was sick. */
  get isConvalescent(): boolean {
    return nowMs() < this.#sickUntilMs;
  }

  /** The lease is about to be granted to another by this one: until that stands, it is nobody else's. */
  get isHandingOver(): boolean {
    return this.#handingOver;
  }

  async renew(): Promise<void> {
    if (this.#handingOver) return;
    this.#renewing = this.#renewNow();
    await this.#renewing;
  }

  /** Ends service before anything else. A server that was not open yet goes on: with its end all that it has not executed would be gone. */
  loseLease(why: string): void {
    const { lease, options, route, server, tell } = this.#parts;
    if (lease.epoch === 0) return;
    lease.drop();
    this.#handingOver = false;
    this.#serves = false;
    if (!this.#isOpen) {
      tell(why, 'replica');
      void route.withdraw();
      return;
    }
    this.#isOpen = false;
    if (options.noFencing) {
      tell(`not fenced, a planted defect: ${why}`);
      return;
    }
    server.end();
    tell(why, 'fenced');
    void route.withdraw();
  }

  /** The lease was granted to this member: it renews it, and only then opens for writes. */
  async takeUp(granted: Seen): Promise<void> {
    const { lease, options, server } = this.#parts;
    const { session } = server;
    if (session === undefined || server.busy) return;
    const { elected, epoch, served } = granted.record;
    // A server that started anew since has lost of what was told here whatever it had not executed, also where it has told again what is left.
    const isWhole = server.isComplete || served === undefined || served.member === this.#name;
    if (elected && !(isWhole && server.readForEpoch === epoch) && !options.naiveChoice) return;
    server.busy = true;
    let took = false;
    try {
      took = await lease.take(granted);
    } finally {
      if (!took) server.busy = false;
    }
    if (!took) return;
    this.#heart.restart();
    this.#ledElsewhereIn = '';
    // The lease is renewed meanwhile.
    void this.#serve(session, lease.epoch).finally(() => {
      server.busy = false;
    });
  }

  /** Says that this instance does not hold the lease any more, whatever the record still says, so that an election can begin. */
  async letGo(seen: Seen): Promise<void> {
    const { record } = seen;
    await this.#parts.lease.replace(seen, { ...record, phase: 'open', renewals: record.renewals + 1 });
  }

  /** To be called now and then while the lease is held: has the address announced still, beats, and gives up where that is not answered. */
  async check(): Promise<void> {
    if (!this.#serves || this.#handingOver) return;
    const { lease, route, server } = this.#parts;
    if (nowMs() - this.#announcedMs > ANNOUNCED_MS) {
      this.#announcedMs = nowMs();
      route.keep();
    }
    const { session } = server;
    if (session === undefined) return this.#giveUp('the server ended');
    try {
      await this.#heart.beat(session);
    } catch (error) {
      if (lease.epoch > 0 && !this.#handingOver) await this.#giveUp(`the server is sick: ${(error as Error).message}`);
    }
  }

  /** Hands over to the replica that is furthest. @throws Error where this instance does not serve or no replica is near */
  async switchOver(): Promise<void> {
    const { lease, options, place, route, server, tell } = this.#parts;
    const { session } = server;
    if (lease.epoch === 0 || session === undefined || !this.#serves)
      throw new Error(`${this.#name} is not the primary`);
    const others = options.members.filter(({ name }) => name !== this.#name);
    const target = await nearestReplica(place, others);
    this.#handingOver = true;
    try {
      await this.#renewing;
      const { position, granted } = await handOver(target, session, lease, route);
      this.#isOpen = false;
      this.#serves = false;
      tell(`handed over to ${target.member.name} at ${position}`, 'replica');
      // Whoever is elected where it was not granted needs no word of this one.
      if (!granted) throw new Error(`etcd did not say that ${target.member.name} has the lease`);
    } catch (error) {
      this.loseLease(`the switch-over failed: ${(error as Error).message}`);
      throw error;
    } finally {
      this.#handingOver = false;
      target.session.close();
    }
  }

  async #renewNow(): Promise<void> {
    const { lease } = this.#parts;
    const { end } = this.#heart;
    const renewal = await lease.renew(end === undefined ? {} : { end });
    if (renewal === 'taken') this.loseLease(`epoch ${lease.seen!.record.epoch} is not its own`);
    else if (this.#serves) this.#leadElsewhere();
  }

  /** With the primary's node etcd would lose its leader as well, and nobody could be elected until it has another. A new term may have brought it here. */
  #leadElsewhere(): void {
    const { lease, place, tell } = this.#parts;
    const { term } = lease.store;
    if (term === this.#ledElsewhereIn) return;
    this.#ledElsewhereIn = term;
    lease.store.moveLeadership(place.member.address).catch((error: Error) => tell(`leadership: ${error.message}`));
  }

  async #serve(session: Session, epoch: number): Promise<void> {
    const { elector, lease, options, place, route, server, tell } = this.#parts;
    const holds = () => lease.epoch === epoch;
    try {
      route.announceAhead(FIRST_MS);
      const unfenced = elector.unfence(place.member);
      if (!options.naiveChoice && !(await executeReceived(session, STUCK_MS, holds))) return;
      // From here on it is the one who has every acknowledged write, and everybody has to know before the first.
      const position = await positionOf(session);
      for (;;) {
        const renewal = await lease.renew({ served: { member: this.#name, position } });
        if (renewal === 'taken' || !holds()) return;
        if (renewal === 'renewed') break;
      }
      this.#isOpen = true;
      server.becomePrimary();
      await promote(session, epoch);
      await unfenced;
      if (!holds()) return;
      await route.announce(holds);
      if (!holds()) return;
      this.#announcedMs = nowMs();
      this.#serves = true;
      tell(`serves epoch ${epoch}`, 'primary');
    } catch (error) {
      if (holds()) await this.#giveUp(`cannot serve: ${(error as Error).message}`);
    }
  }

  /** Ends service and says so, so that nobody has to wait for the lease to expire. */
  async #giveUp(why: string): Promise<void> {
    const { lab, lease, place } = this.#parts;
    this.#sickUntilMs = nowMs() + CONVALESCENT_MS;
    const { epoch } = lease;
    const wasOpen = this.#isOpen;
    this.loseLease(why);
    await Promise.all([wasOpen ? killServer(lab, place.member) : undefined, this.#renewing]);
    const seen = lease.seen!;
    const { record } = seen;
    if (record.holder === this.#name && record.epoch === epoch && record.phase !== 'electing') await this.letGo(seen);
  }
}
