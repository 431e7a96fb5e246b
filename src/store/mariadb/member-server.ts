/** One member's server in the hands of its manager: started, made a replica, made to stop receiving, rebuilt, and ended. */
import { nowMs } from '../../linux/clock.ts';
import { killNow } from '../../linux/processes.ts';
import { severConnections } from '../../linux/sever.ts';
import type { Member } from '../store.ts';
import { PORT } from './argv.ts';
import type { Session } from './connection.ts';
import type { LeaseRecord } from './lease.ts';
import type { Role } from './manager-protocol.ts';
import { rebuild } from './rebuild.ts';
import {
  applyReceived,
  follow,
  positionHeld,
  type ReplicaStatus,
  replicaStatus,
  sequenceOf,
  startThreads,
  stopReceiving,
} from './replication.ts';
import { isWhole, killServer, type ServerPlace, serverPids, startServer } from './server.ts';

const BEFORE_RESET_MS = 300;
/** What ends a thread of replication may be there still: so often it is tried again. */
const THREADS_MS = 1_000;
/** The source does not have the transactions that the replica asks it to go on from. */
const DIVERGED = [1236, 1950, 1062, 1032];

export class MemberServer {
  /** An election or a promotion uses the session: nothing else may change what it replicates. */
  busy = false;
  /** The epoch in whose election its position was told, since it last received; and that for which it was read, whether or not anybody heard it. */
  reportedEpoch = 0;
  readForEpoch = 0;

  readonly #place: ServerPlace;
  readonly #tell: (event: string, role?: Role) => void;
  #session: Session | undefined;
  #pids: readonly number[] = [];
  /** When its threads were last started after they had stopped. */
  #startedThreadsMs = 0;
  /** It does not receive because it was told to stop. */
  #stopped = false;
  #complete = false;
  /** The beat of the primary's that it saw when it was first seen to receive. */
  #receivingSince: { readonly epoch: number; readonly beat: number } | undefined;

  constructor(place: ServerPlace, tell: (event: string, role?: Role) => void) {
    this.#place = place;
    this.#tell = tell;
  }

  /** Undefined where nobody is connected to it. */
  get session(): Session | undefined {
    return this.#session?.closed === false ? this.#session : undefined;
  }

  /** It has all that it acknowledged, for its server did not start anew since, or has caught up with a later beat of the primary's. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** As the primary it has all that was acknowledged from here on. */
  becomePrimary(): void {
    this.#complete = true;
  }

  /**
   * Starts it, read-only and not receiving, where nobody is connected to it.
   * @returns undefined where its data is not whole: not even its users may be there, and only a rebuild makes a member of it
   * @throws Error where it does not come; it is ended then
   */
  async ensureStarted(): Promise<Session | undefined> {
    if (this.session !== undefined) return this.session;
    this.#session = undefined;
    return this.#orEnd(async () => {
      if (!(await isWhole(this.#place))) return undefined;
      this.#tell('starts its server', 'starting');
      const session = await startServer(this.#place);
      this.#pids = await serverPids(this.#place.lab, this.#place.member);
      // Whatever it was before, it is nobody's primary now.
      await session.query('SET GLOBAL read_only=ON');
      this.#session = session;
      this.#complete = false;
      this.#receivingSince = undefined;
      this.#stopped = true;
      this.#forgetReport();
      return session;
    });
  }

  /** Ends it without waiting for anything, for nothing that hangs in a commit can hold that up. */
  end(): void {
    for (const pid of this.#pids) killNow(pid);
    this.#session?.close();
    this.#session = undefined;
  }

  /** Stops receiving, and says what came. */
  async stopAndTell(session: Session): Promise<{ readonly position: string; readonly executed: string }> {
    const { source } = await replicaStatus(session);
    if (source !== undefined) await this.#stopReceiving(session, source);
    return positionHeld(session);
  }

  /**
   * Makes it a replica of the primary, or has it rebuilt where it has what the primary has not. What it has received and not executed goes with
   * that, so it waits with it until the primary has opened for writes: until then it may be in no other place.
   * @param isPrimary whether that one still is the primary
   * @returns whether it receives and applies
   */
  async beReplica(
    session: Session | undefined,
    record: LeaseRecord,
    primary: Member,
    isPrimary: () => boolean,
  ): Promise<boolean> {
    if (session === undefined) {
      // A new primary that is still executing may lose that yet, and with its copy this one would pass for who has everything.
      if (record.served?.member !== primary.name) return false;
      await this.#rebuild(primary, 'its data is not whole');
      return true;
    }
    const status = await replicaStatus(session);
    if (status.source !== primary.address || this.#stopped) {
      await this.#follow(session, status, record, primary, isPrimary);
      return false;
    }
    if (DIVERGED.includes(status.ioErrno) || DIVERGED.includes(status.sqlErrno)) {
      // A new primary that is still executing lacks what others have: nothing is thrown away for that.
      if (record.served?.member !== primary.name) {
        this.#stopped = true;
        return false;
      }
      await this.#rebuild(primary, `has what ${primary.name} has not: ${status.error.slice(0, 120)}`);
      return true;
    }
    if (!status.receiving || !status.applying) {
      await this.#startStopped(session, status);
      return false;
    }
    this.#judgeComplete(record, status.received);
    return true;
  }

  /** A thread that something ended that may be over by now, such as a full disk, starts again. */
  async #startStopped(session: Session, { isStopped, error }: ReplicaStatus): Promise<void> {
    if (!isStopped || nowMs() - this.#startedThreadsMs < THREADS_MS) return;
    this.#startedThreadsMs = nowMs();
    this.#tell(`starts replication again: ${error.slice(0, 120)}`);
    await startThreads(session);
  }

  #forgetReport(): void {
    this.reportedEpoch = 0;
    this.readForEpoch = 0;
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

  async #rebuild(primary: Member, why: string): Promise<void> {
    this.#tell(why, 'rebuilding');
    this.#session?.close();
    this.#session = undefined;
    const rebuilt = await this.#orEnd(() => rebuild(this.#place, primary));
    this.#pids = await serverPids(this.#place.lab, this.#place.member);
    this.#complete = false;
    this.#receivingSince = undefined;
    this.#stopped = false;
    this.#session = rebuilt;
    this.#tell(`was rebuilt from ${primary.name}`, 'replica');
  }

  async #follow(
    session: Session,
    { source }: ReplicaStatus,
    { served }: LeaseRecord,
    primary: Member,
    isPrimary: () => boolean,
  ): Promise<void> {
    if (source !== undefined) await this.#stopReceiving(session, source);
    const isExecuted = await applyReceived(session, BEFORE_RESET_MS);
    if (!isPrimary() || (!isExecuted && served?.member !== primary.name)) return;
    if (this.#complete && !isExecuted) {
      this.#complete = false;
      this.#tell('must catch up');
    }
    this.#receivingSince = undefined;
    await follow(session, primary, this.#place.credentials);
    this.#stopped = false;
    this.#forgetReport();
  }

  /** One that hangs as it starts, on a full disk for instance, starts anew. */
  async #orEnd<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await killServer(this.#place.lab, this.#place.member);
      throw error;
    }
  }
}
