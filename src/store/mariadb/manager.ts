/**
 * The high-availability manager: one instance beside each member, in its node. Each watches the lease, looks after its own server, and
 * coordinates an election where it is the first to see that the lease has expired.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import { killNow } from '../../linux/processes.ts';
import { severConnections } from '../../linux/sever.ts';
import { fence, unfence } from '../fence.ts';
import { announce, announceAhead, withdraw } from '../service-address.ts';
import type { Member } from '../store.ts';
import { PORT } from './argv.ts';
import type { Session } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { type LeaseRecord, type LeaseStore, openLease, type PositionReport, type Seen } from './lease.ts';
import type { ManagerOptions, ManagerReport, Role } from './manager-protocol.ts';
import { rebuild } from './rebuild.ts';
import {
  applyReceived,
  follow,
  positionHeld,
  positionOf,
  promote,
  replicaStatus,
  sequenceOf,
  stopReceiving,
} from './replication.ts';
import { isRebuilding, killServer, manage, type ServerPlace, serverPids, startServer } from './server.ts';

const ASK_MS = 250;
const VTY_MS = 500;
const POLL_MS = 40;
/** While something is decided, a poll more costs less than the wait. */
const BUSY_POLL_MS = 10;
const TEND_MS = 100;
const WATCH_MS = 10;
const ELECTION_MS = 3_000;
const APPLY_MS = 1_000;
const BEFORE_RESET_MS = 300;
/** A member that was just found sick leaves the others the choice. */
const CONVALESCENT_MS = 2_000;
/** How long a new primary may wait for its first replica. */
const FIRST_MS = 5_000;
/** The source does not have the transactions that the replica asks it to go on from. */
const DIVERGED = [1236, 1950, 1062, 1032];

export class Manager {
  readonly #options: ManagerOptions;
  readonly #lab: RunningLab;
  readonly #place: ServerPlace;
  readonly #lease: LeaseStore;
  readonly #say: (report: ManagerReport) => void;
  readonly #name: string;

  #session: Session | undefined;
  #pids: readonly number[] = [];
  #role: Role = 'starting';
  /** The record as last seen, and when its revision was first seen. */
  #seen: Seen | undefined;
  #changedMs = 0;
  /** Until when this instance holds the lease, by its own clock; 0 without one. */
  #validUntilMs = 0;
  #heldEpoch = 0;
  #reportedEpoch = 0;
  /** The server does not receive because this instance stopped it. */
  #stopped = false;
  /** Its data is complete: no rebuild was interrupted. */
  #whole = true;
  #answeredMs = 0;
  #sickUntilMs = 0;
  /** As a replica: has all that it acknowledged, for its server did not start anew since, or has caught up with a later beat of the primary's. */
  #complete = false;
  /** The beat of the primary's that it saw when it was first seen to receive. */
  #receivingSince: { readonly epoch: number; readonly beat: number } | undefined;
  #end: LeaseRecord['end'];
  #fencing: Promise<void> = Promise.resolve();
  #handingOver = false;
  /** Until when the service address is announced from here ahead of a switch-over; 0 where it is not. */
  #aheadUntilMs = 0;
  #renewing: Promise<void> = Promise.resolve();
  #routing: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(
    lab: RunningLab,
    options: ManagerOptions,
    credentials: Credentials,
    say: (report: ManagerReport) => void,
  ) {
    const serverId = options.members.findIndex(({ name }) => name === options.member) + 1;
    const member = options.members[serverId - 1]!;
    this.#options = options;
    this.#lab = lab;
    this.#say = say;
    this.#name = options.member;
    const { serviceAddress, dir, server } = options;
    this.#place = { lab, member, serverId, serviceAddress, options: server, credentials, dir };
    const others = options.members.filter(({ name }) => name !== options.member);
    this.#lease = openLease({
      netns: lab.node(member.node).netns,
      members: [member, ...others].map(({ address }) => address),
      name: lab.name,
      timeoutMs: ASK_MS,
    });
  }

  /** Never returns: the process ends with its node. */
  async run(): Promise<void> {
    await this.#withdraw();
    setInterval(() => this.#watch(), WATCH_MS);
    await Promise.all([this.#leaseLoop(), this.#serverLoop()]);
  }

  get #held(): boolean {
    return nowMs() < this.#validUntilMs;
  }

  get #member(): Member {
    return this.#place.member;
  }

  /** Announcing and withdrawing, one after another in the order in which they were decided. */
  #route(work: () => Promise<unknown>): Promise<void> {
    this.#routing = this.#routing.then(work).then(
      () => {},
      // A bgpd that does not answer keeps nobody from serving elsewhere: the address goes from this node all the same.
      (error: Error) => this.#tell(error.message),
    );
    return this.#routing;
  }

  #announce(epoch: number): Promise<void> {
    const { node } = this.#member;
    return this.#route(async () => {
      if (this.#heldEpoch === epoch)
        await announce(this.#lab, node, this.#options.serviceAddress, { timeoutMs: VTY_MS });
    });
  }

  /** A route takes longer through the fabric than a switch-over: it may leave before the lease is handed over, for nobody answers here until then. */
  #announceAhead(): void {
    const { node } = this.#member;
    const { leaseMs, marginMs } = this.#options.timers;
    if (this.#aheadUntilMs === 0) {
      void this.#route(() => announceAhead(this.#lab, node, this.#options.serviceAddress, { timeoutMs: VTY_MS }));
    }
    this.#aheadUntilMs = nowMs() + leaseMs + marginMs;
  }

  #endAhead(): void {
    if (this.#aheadUntilMs === 0) return;
    this.#aheadUntilMs = 0;
    void this.#withdraw();
  }

  #withdraw(): Promise<void> {
    const { node } = this.#member;
    return this.#route(() => withdraw(this.#lab, node, this.#options.serviceAddress, { timeoutMs: VTY_MS }));
  }

  #tell(event: string, role: Role = this.#role): void {
    this.#role = role;
    const epoch = this.#seen?.record.epoch ?? 0;
    this.#say({ what: 'event', member: this.#name, atMs: nowMs(), event, epoch, role });
  }

  // The lease

  async #leaseLoop(): Promise<void> {
    for (;;) {
      try {
        if (this.#heldEpoch > 0) await this.#renew();
        else await this.#look();
      } catch (error) {
        this.#tell(`lease: ${(error as Error).message}`);
      }
      const phase = this.#seen?.record.phase;
      const busy = phase !== 'held' && this.#seen !== undefined;
      await sleep(this.#heldEpoch > 0 ? this.#options.timers.renewMs : busy ? BUSY_POLL_MS : POLL_MS);
    }
  }

  #note(seen: Seen): void {
    if (seen.revision !== this.#seen?.revision) this.#changedMs = nowMs();
    this.#seen = seen;
  }

  async #renew(): Promise<void> {
    if (this.#handingOver) return;
    this.#renewing = this.#renewNow();
    await this.#renewing;
  }

  async #renewNow(): Promise<void> {
    const seen = this.#seen!;
    const sentMs = nowMs();
    const end = this.#end === undefined ? {} : { end: this.#end };
    const record = { ...seen.record, renewals: seen.record.renewals + 1, ...end };
    const revision = await this.#lease.replace(seen.revision, record);
    if (revision !== undefined && revision !== 'lost') {
      this.#note({ record, revision });
      if (this.#heldEpoch > 0) this.#validUntilMs = sentMs + this.#options.timers.leaseMs;
      return;
    }
    // An answer that was lost may have been a success: what stands now tells.
    const now = await this.#lease.read();
    if (now === undefined || now === 'none') return;
    this.#note(now);
    if (!this.#isMine(now.record)) this.#loseLease(`epoch ${now.record.epoch} is not its own`);
  }

  #isMine({ holder, epoch, phase }: LeaseRecord): boolean {
    return holder === this.#name && epoch === this.#heldEpoch && (phase === 'held' || phase === 'switching');
  }

  /** By the clock of this node alone: whatever etcd or the network do, a lease that was not renewed in time has ended. */
  #watch(): void {
    if (this.#heldEpoch > 0 && !this.#held) this.#loseLease('the lease was not renewed in time');
    if (this.#aheadUntilMs > 0 && nowMs() > this.#aheadUntilMs) this.#endAhead();
  }

  /** Ends service before anything else: the server is killed, for nothing that hangs in a commit can hold that up. */
  #loseLease(why: string): void {
    if (this.#heldEpoch === 0) return;
    this.#heldEpoch = 0;
    this.#validUntilMs = 0;
    this.#aheadUntilMs = 0;
    this.#handingOver = false;
    if (this.#options.noFencing) {
      this.#tell(`not fenced, a planted defect: ${why}`);
      return;
    }
    for (const pid of this.#pids) killNow(pid);
    this.#session?.close();
    this.#session = undefined;
    this.#tell(why, 'fenced');
    void this.#withdraw();
  }

  async #look(): Promise<void> {
    const seen = await this.#lease.read();
    if (seen === undefined) return;
    if (seen === 'none') {
      const record: LeaseRecord = { epoch: 1, phase: 'electing', holder: '', coordinator: this.#name, renewals: 0 };
      await this.#lease.replace('none', record);
      return;
    }
    this.#note(seen);
    const { record, revision } = seen;
    const isNext = record.phase === 'switching' && record.next === this.#name;
    if (isNext) this.#announceAhead();
    else if (record.holder !== this.#name) this.#endAhead();
    const age = nowMs() - this.#changedMs;
    const { leaseMs, marginMs } = this.#options.timers;
    if (record.phase === 'held' || record.phase === 'switching') {
      if (record.holder === this.#name && record.renewals === 0) await this.#takeUp(seen);
      else if (age > leaseMs + marginMs) await this.#open(seen, 'the lease expired');
    } else if (record.phase === 'open') {
      await this.#open(seen, 'the lease was given up');
    } else {
      await this.#reportPosition(record.epoch);
      if (record.coordinator === this.#name) await this.#choose(record, revision);
      else if (age > ELECTION_MS) await this.#open(seen, 'the election did not end');
    }
  }

  /** Opens an election where nobody did before. */
  async #open({ record, revision }: Seen, why: string): Promise<void> {
    const next: LeaseRecord = {
      epoch: record.epoch + 1,
      phase: 'electing',
      holder: record.holder,
      coordinator: this.#name,
      renewals: 0,
    };
    const opened = await this.#lease.replace(revision, next);
    if (opened === undefined || opened === 'lost') return;
    this.#note({ record: next, revision: opened });
    this.#fencing = this.#fenceHolder(record.holder);
    this.#tell(`opens election ${next.epoch}: ${why}`);
    await this.#look();
  }

  /** Stops receiving, and says what came. */
  async #reportPosition(epoch: number): Promise<void> {
    const session = this.#session;
    if (
      this.#reportedEpoch === epoch ||
      session === undefined ||
      session.closed ||
      this.#busy ||
      !this.#whole ||
      nowMs() < this.#sickUntilMs
    )
      return;
    this.#busy = true;
    try {
      const { source } = await replicaStatus(session);
      if (source !== undefined) await this.#stopReceiving(session, source);
      // Who held the lease has it all on its own disk.
      const complete = this.#complete || this.#seen?.record.holder === this.#name;
      const report: PositionReport = { epoch, member: this.#name, ...(await positionHeld(session)), complete };
      if (await this.#lease.report(report)) {
        this.#reportedEpoch = epoch;
        this.#tell(`is at ${report.position}`);
      }
    } catch (error) {
      this.#tell(`cannot tell its position: ${(error as Error).message}`);
    } finally {
      this.#busy = false;
    }
  }

  async #stopReceiving(session: Session, source: string): Promise<void> {
    this.#stopped = true;
    const stopped = stopReceiving(session);
    // The thread reads from a connection that may be dead, and would do so until its own time-out.
    const sever = setInterval(() => {
      for (const pid of this.#pids) severConnections(pid, source, PORT);
    }, 5);
    try {
      await stopped;
    } finally {
      clearInterval(sever);
    }
  }

  /**
   * Two of three members have every acknowledged transaction between them, for it was on the primary and on a replica: so two reports
   * are enough, and fewer never are.
   */
  async #choose(record: LeaseRecord, revision: string): Promise<void> {
    const { members, naiveChoice } = this.#options;
    const reports = await this.#lease.reports(record.epoch);
    if (!isEnough(record, reports, members.length)) return;
    const furthest = [...reports].sort(
      (a, b) =>
        sequenceOf(b.position) - sequenceOf(a.position) ||
        sequenceOf(b.executed) - sequenceOf(a.executed) ||
        Number(b.member === this.#name) - Number(a.member === this.#name),
    );
    const first = members.find(({ name }) => name !== record.holder)!.name;
    const best = naiveChoice ? { member: first } : furthest[0]!;
    await this.#fencing;
    const granted: LeaseRecord = { epoch: record.epoch, phase: 'held', holder: best.member, renewals: 0 };
    const now = await this.#lease.replace(revision, granted);
    if (now === undefined || now === 'lost') return;
    this.#tell(
      `grants epoch ${record.epoch} to ${best.member} of ${reports.map(({ member, position }) => `${member} ${position}`).join(', ')}`,
    );
    this.#note({ record: granted, revision: now });
    if (best.member === this.#name) await this.#look();
  }

  /** The leaf of the one who held the lease drops what that one may still send. */
  async #fenceHolder(holder: string): Promise<void> {
    const node = this.#options.members.find(({ name }) => name === holder)?.node;
    if (node === undefined || this.#options.noFencing) return;
    // A leaf without power forwards nothing either.
    await fence(this.#lab, node, this.#options.serviceAddress).catch((error: Error) => this.#tell(error.message));
  }

  async #unfence({ node }: Member): Promise<void> {
    await unfence(this.#lab, node, this.#options.serviceAddress).catch((error: Error) => this.#tell(error.message));
  }

  /** The lease was granted to this member: it renews it, and only then opens for writes. */
  async #takeUp(seen: Seen): Promise<void> {
    const session = this.#session;
    if (session === undefined || session.closed || this.#busy) return;
    this.#busy = true;
    try {
      const sentMs = nowMs();
      const record: LeaseRecord = { epoch: seen.record.epoch, phase: 'held', holder: this.#name, renewals: 1 };
      const revision = await this.#lease.replace(seen.revision, record);
      if (revision === undefined || revision === 'lost') return;
      this.#note({ record, revision });
      this.#validUntilMs = sentMs + this.#options.timers.leaseMs;
      this.#heldEpoch = record.epoch;
      this.#end = undefined;
      this.#complete = true;
      this.#answeredMs = 0;
      void this.#serve(session, record.epoch).finally(() => {
        this.#busy = false;
      });
    } finally {
      if (this.#heldEpoch === 0) this.#busy = false;
    }
  }

  async #serve(session: Session, epoch: number): Promise<void> {
    try {
      this.#announceAhead();
      const unfenced = this.#unfence(this.#member);
      // What it has acknowledged and not executed yet comes first; the lease is renewed meanwhile.
      if (!this.#options.naiveChoice) {
        const until = nowMs() + FIRST_MS;
        while (!(await applyReceived(session, APPLY_MS))) {
          if (this.#heldEpoch !== epoch) return;
          if (nowMs() > until) throw new Error('what it received is not executed');
        }
      }
      if (this.#heldEpoch !== epoch) return;
      await promote(session, epoch);
      await unfenced;
      if (this.#heldEpoch !== epoch) return;
      await this.#announce(epoch);
      this.#aheadUntilMs = 0;
      if (this.#heldEpoch !== epoch) return;
      this.#tell(`serves epoch ${epoch}`, 'primary');
      await this.#lease.moveLeadership(this.#member.address);
    } catch (error) {
      if (this.#heldEpoch === epoch) await this.#giveUp(`cannot serve: ${(error as Error).message}`);
    }
  }

  /** Ends service and says so, so that nobody has to wait for the lease to expire. */
  async #giveUp(why: string): Promise<void> {
    this.#sickUntilMs = nowMs() + CONVALESCENT_MS;
    const epoch = this.#heldEpoch;
    this.#loseLease(why);
    await Promise.all([killServer(this.#lab, this.#member), this.#renewing]);
    const { record, revision } = this.#seen!;
    if (record.holder !== this.#name || record.epoch !== epoch || record.phase === 'electing') return;
    await this.#lease.replace(revision, { ...record, phase: 'open', renewals: record.renewals + 1 });
  }

  // The server

  async #serverLoop(): Promise<void> {
    for (;;) {
      try {
        await this.#tend();
      } catch (error) {
        this.#tell(`server: ${(error as Error).message.slice(0, 300)}`);
        // One that hangs as it starts, on a full disk for instance, starts anew.
        if (this.#session === undefined) await killServer(this.#lab, this.#member);
        await sleep(200);
      }
      // A new primary acknowledges nothing until a replica has come over, so a new holder is noticed at once.
      const epoch = this.#epochHeld();
      for (let waitedMs = 0; waitedMs < TEND_MS && this.#heldEpoch === 0 && this.#epochHeld() === epoch; waitedMs += 10)
        await sleep(10);
      if (this.#heldEpoch > 0) await sleep(20);
    }
  }

  /** The epoch whose lease is held, as last seen; 0 while it is open. */
  #epochHeld(): number {
    const record = this.#seen?.record;
    return record?.phase === 'held' || record?.phase === 'switching' ? record.epoch : 0;
  }

  async #tend(): Promise<void> {
    if (this.#heldEpoch > 0) return this.#checkPrimary();
    if (this.#options.noFencing && this.#role === 'primary') return;
    if (this.#session === undefined || this.#session.closed) {
      this.#session = undefined;
      this.#whole = !(await isRebuilding(this.#place));
      this.#tell('starts its server', 'starting');
      const session = await startServer(this.#place);
      this.#pids = await serverPids(this.#lab, this.#member);
      // Whatever it was before, it is nobody's primary now.
      await session.query('SET GLOBAL read_only=ON');
      this.#session = session;
      this.#complete = false;
      this.#receivingSince = undefined;
      this.#stopped = true;
      this.#reportedEpoch = 0;
    }
    await this.#beReplica(this.#session);
  }

  /** A write of its own through the whole commit, semi-sync included: what hangs for long is sick. */
  async #checkPrimary(): Promise<void> {
    if (this.#role !== 'primary' || this.#handingOver) return;
    const session = this.#session;
    const { sickMs } = this.#options.timers;
    if (session === undefined || session.closed) return this.#giveUp('the server ended');
    if (nowMs() - this.#answeredMs < 200) return;
    try {
      // The first one waits until a replica has come over.
      const patienceMs = this.#answeredMs === 0 ? FIRST_MS : sickMs;
      await session.query('REPLACE INTO lab.heartbeat VALUES (1, ?)', [Math.round(nowMs())], patienceMs);
      this.#answeredMs = nowMs();
      this.#end = { position: await positionOf(session), beat: (this.#end?.beat ?? 0) + 1 };
    } catch (error) {
      if (this.#heldEpoch > 0 && !this.#handingOver)
        await this.#giveUp(`the server is sick: ${(error as Error).message}`);
    }
  }

  async #beReplica(session: Session): Promise<void> {
    const record = this.#seen?.record;
    if (record === undefined || this.#busy) return;
    if ((record.phase !== 'held' && record.phase !== 'switching') || record.holder === this.#name) return;
    const primary = this.#options.members.find(({ name }) => name === record.holder);
    if (primary === undefined) return;
    if (!this.#whole) return this.#rebuild(session, primary, 'a rebuild was interrupted');
    const status = await replicaStatus(session);
    if (status.source !== primary.address || this.#stopped) {
      await this.#follow(session, primary);
      return;
    }
    if (DIVERGED.includes(status.ioErrno) || DIVERGED.includes(status.sqlErrno)) {
      await this.#rebuild(session, primary, status.error.slice(0, 120));
    } else if (status.receiving && status.applying) {
      this.#judgeComplete(record, status.received);
      if (this.#role === 'replica') return;
      this.#tell(`follows ${primary.name}`, 'replica');
    }
  }

  /**
   * What it acknowledged before its server started anew was in the primary's binary log by then: once it has received up to where that
   * ended at a beat that began after it was seen to receive again, it has it again.
   */
  #judgeComplete({ epoch, end }: LeaseRecord, received: string): void {
    if (this.#complete || end === undefined) return;
    if (this.#receivingSince?.epoch !== epoch) this.#receivingSince = { epoch, beat: end.beat };
    else if (end.beat >= this.#receivingSince.beat + 2 && sequenceOf(received) >= sequenceOf(end.position)) {
      this.#complete = true;
      this.#tell('has caught up');
    }
  }

  async #rebuild(session: Session, primary: Member, why: string): Promise<void> {
    this.#tell(`has what ${primary.name} has not: ${why}`, 'rebuilding');
    this.#whole = false;
    this.#session = undefined;
    session.close();
    const rebuilt = await rebuild(this.#place, primary);
    this.#pids = await serverPids(this.#lab, this.#member);
    this.#whole = true;
    this.#complete = false;
    this.#receivingSince = undefined;
    this.#stopped = false;
    this.#session = rebuilt;
    this.#tell(`was rebuilt from ${primary.name}`, 'replica');
  }

  async #follow(session: Session, primary: Member): Promise<void> {
    const { source } = await replicaStatus(session);
    if (source !== undefined) await this.#stopReceiving(session, source);
    if (this.#seen?.record.holder !== primary.name) return;
    // What it has not executed goes with the relay log.
    if (this.#complete && !(await applyReceived(session, BEFORE_RESET_MS))) {
      this.#complete = false;
      this.#tell('must catch up');
    }
    this.#receivingSince = undefined;
    await follow(session, primary, this.#place.credentials);
    this.#stopped = false;
    this.#reportedEpoch = 0;
  }

  // A planned switch-over

  /** Hands over to the replica that is furthest. @throws Error where this instance does not hold the lease or no replica is near */
  async switchOver(): Promise<void> {
    const session = this.#session;
    const epoch = this.#heldEpoch;
    if (epoch === 0 || session === undefined || this.#role !== 'primary')
      throw new Error(`${this.#name} is not the primary`);
    const target = await this.#nearest();
    this.#handingOver = true;
    try {
      await this.#renewing;
      await this.#announceSwitch(target.member);
      await session.query('SET GLOBAL read_only=ON', [], 500);
      // Clients hear at once that this is no longer the place, while the address that their connections have is still here to tell them.
      await session.query('KILL HARD USER app').catch(() => {});
      const withdrawn = this.#withdraw();
      const position = await positionOf(session);
      const [wait] = await target.session.query<{ waited: number }>('SELECT MASTER_GTID_WAIT(?, 1) AS waited', [
        position,
      ]);
      if (wait?.waited !== 0) throw new Error(`${target.member.name} did not reach ${position} within 1 s`);
      await withdrawn;
      // Those who came back meanwhile.
      await session.query('KILL HARD USER app').catch(() => {});
      this.#validUntilMs = 0;
      this.#heldEpoch = 0;
      const { revision } = this.#seen!;
      const record: LeaseRecord = { epoch: epoch + 1, phase: 'held', holder: target.member.name, renewals: 0 };
      const handed = await this.#lease.replace(revision, record);
      if (handed !== undefined && handed !== 'lost') this.#note({ record, revision: handed });
      this.#tell(`handed over to ${target.member.name} at ${position}`, 'replica');
    } catch (error) {
      this.#handingOver = false;
      this.#loseLease(`the switch-over failed: ${(error as Error).message}`);
      throw error;
    } finally {
      this.#handingOver = false;
      target.session.close();
    }
  }

  /** Tells the others to look often, and the next holder to have its route announced. */
  async #announceSwitch({ name: next }: Member): Promise<void> {
    const seen = this.#seen!;
    const sentMs = nowMs();
    const record: LeaseRecord = { ...seen.record, phase: 'switching', next, renewals: seen.record.renewals + 1 };
    const revision = await this.#lease.replace(seen.revision, record);
    if (revision === undefined || revision === 'lost') throw new Error('etcd does not take the switch-over');
    this.#note({ record, revision });
    this.#validUntilMs = sentMs + this.#options.timers.leaseMs;
  }

  async #nearest(): Promise<{ readonly member: Member; readonly session: Session }> {
    const others = this.#options.members.filter(({ name }) => name !== this.#name);
    const found = await Promise.all(
      others.map(async (member) => {
        try {
          const session = await manage({ ...this.#place, member }, 300, this.#member.node);
          return { member, session, position: sequenceOf(await positionOf(session)) };
        } catch {
          return undefined;
        }
      }),
    );
    const there = found.filter((one) => one !== undefined).sort((a, b) => b.position - a.position);
    for (const { session } of there.slice(1)) session.close();
    if (there[0] === undefined) throw new Error('no replica answers');
    return there[0];
  }
}

/**
 * Whether the reports hold every acknowledged write: those of the last holder, who has all of them, or of all the others, of whom one has each.
 * Before there was a holder, nothing was acknowledged, and most members must agree to begin.
 */
function isEnough({ holder }: LeaseRecord, reports: readonly PositionReport[], members: number): boolean {
  if (holder === '') return reports.length > members / 2;
  if (reports.some(({ member }) => member === holder)) return true;
  return reports.filter(({ complete }) => complete).length >= members - 1;
}
