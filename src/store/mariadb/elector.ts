/** An instance's part in an election: opening it, telling what its member has, choosing who is next, and fencing who was. */
import type { RunningLab } from '../../engine/engine.ts';
import { fence, unfence } from '../fence.ts';
import type { Member } from '../store.ts';
import { furthest, isEnough, lastServed } from './election.ts';
import type { LeaseRecord, Seen } from './lease.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { ManagerOptions } from './manager-protocol.ts';
import type { MemberServer } from './member-server.ts';

export class Elector {
  readonly #lab: RunningLab;
  readonly #options: ManagerOptions;
  readonly #lease: LeaseKeeper;
  readonly #server: MemberServer;
  readonly #tell: (event: string) => void;
  #fencing: { readonly epoch: number; readonly done: Promise<void> } | undefined;

  constructor(
    lab: RunningLab,
    options: ManagerOptions,
    lease: LeaseKeeper,
    server: MemberServer,
    tell: (event: string) => void,
  ) {
    this.#lab = lab;
    this.#options = options;
    this.#lease = lease;
    this.#server = server;
    this.#tell = tell;
  }

  /** Opens an election, and fences who held the lease. @returns false where another came first, or etcd does not answer */
  async open(seen: Seen, why: string): Promise<boolean> {
    const { epoch, holder } = seen.record;
    const coordinator = this.#options.member;
    const served = lastServed(seen.record);
    const next: LeaseRecord = {
      epoch: epoch + 1,
      phase: 'electing',
      holder,
      coordinator,
      renewals: 0,
      ...(served && { served }),
    };
    if (!(await this.#lease.replace(seen, next))) return false;
    void this.#fenced(next);
    this.#tell(`opens election ${next.epoch}: ${why}`);
    return true;
  }

  /** Has the member stop receiving, and says once what came. */
  async report({ epoch }: LeaseRecord): Promise<void> {
    const { member } = this.#options;
    const server = this.#server;
    const { session } = server;
    if (server.reportedEpoch === epoch || session === undefined || server.busy) return;
    server.busy = true;
    try {
      const held = await server.stopAndTell(session);
      const complete = server.isComplete;
      server.readForEpoch = epoch;
      if (await this.#lease.store.report({ epoch, member, ...held, complete })) {
        server.reportedEpoch = epoch;
        this.#tell(`is at ${held.position}`);
      }
    } catch (error) {
      this.#tell(`cannot tell its position: ${(error as Error).message}`);
    } finally {
      server.busy = false;
    }
  }

  /**
   * Two of three members have every acknowledged transaction between them, for it was on the primary and on a replica: so two reports
   * are enough, and fewer never are.
   * @returns who was granted the lease; undefined while nobody was
   */
  async choose(seen: Seen): Promise<string | undefined> {
    const { record } = seen;
    const { members, naiveChoice, member } = this.#options;
    const reports = await this.#lease.store.reports(record.epoch);
    if (!isEnough(record, reports, members.length)) return undefined;
    const holder = naiveChoice
      ? members.find(({ name }) => name !== record.holder)!.name
      : furthest(record, reports, member).member;
    await this.#fenced(record);
    const { epoch, served } = record;
    const granted: LeaseRecord = {
      epoch,
      phase: 'held',
      holder,
      elected: true,
      renewals: 0,
      ...(served && { served }),
    };
    if (!(await this.#lease.replace(seen, granted))) return undefined;
    const positions = reports.map((report) => `${report.member} ${report.position}`);
    this.#tell(`grants epoch ${record.epoch} to ${holder} of ${positions.join(', ')}`);
    return holder;
  }

  /** Once an epoch: also where this instance never heard that the election it opened was open. */
  #fenced({ epoch, holder }: LeaseRecord): Promise<void> {
    if (this.#fencing?.epoch !== epoch) this.#fencing = { epoch, done: this.#fence(holder) };
    return this.#fencing.done;
  }

  /** The leaf of who held the lease drops what that one may still send. */
  async #fence(holder: string): Promise<void> {
    const node = this.#options.members.find(({ name }) => name === holder)?.node;
    if (node === undefined || this.#options.noFencing) return;
    // A leaf without power forwards nothing either.
    await fence(this.#lab, node, this.#options.serviceAddress).catch((error: Error) => this.#tell(error.message));
  }

  /** Lets a member's packets pass again. */
  async unfence({ node }: Member): Promise<void> {
    await unfence(this.#lab, node, this.#options.serviceAddress).catch((error: Error) => this.#tell(error.message));
  }
}
