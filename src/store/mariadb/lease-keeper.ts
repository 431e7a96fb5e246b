/** One instance's view of the lease, and its own hold on it, which ends by its own clock whatever etcd or the network do. */
import { nowMs } from '../../linux/clock.ts';
import type { LeaseRecord, LeaseStore, Seen } from './lease.ts';
import type { ManagerTimers } from './manager-protocol.ts';

/** What became of a renewal: `unknown` where etcd did not say, `taken` where the lease is another's now. */
export type Renewal = 'renewed' | 'unknown' | 'taken';

/** After so many renewals that were not pushed, whoever pushes may be what is silent. */
const MISSED = 3;

export class LeaseKeeper {
  readonly store: LeaseStore;
  readonly #name: string;
  readonly #leaseMs: number;
  /** Age of a record (ms) at which its holder's lease has expired, by whatever clock. */
  readonly expiresMs: number;
  readonly #quietMs: number;
  readonly #waiting = new Set<() => void>();
  #seen: Seen | undefined;
  #changedMs = 0;
  #epoch = 0;
  #validUntilMs = 0;
  /** Ends following; undefined where changes are not pushed. */
  #endFollowing: (() => void) | undefined;

  constructor(store: LeaseStore, name: string, { leaseMs, marginMs, renewMs }: ManagerTimers) {
    this.store = store;
    this.#name = name;
    this.#leaseMs = leaseMs;
    this.expiresMs = leaseMs + marginMs;
    this.#quietMs = MISSED * renewMs;
  }

  /** The record as last seen or written. */
  get seen(): Seen | undefined {
    return this.#seen;
  }

  /** Milliseconds since the record was first seen as it is. */
  get ageMs(): number {
    return nowMs() - this.#changedMs;
  }

  /** The record is so old that its holder's lease has expired, by whatever clock. */
  get isOld(): boolean {
    return this.ageMs > this.expiresMs;
  }

  /** Resolves when something was seen to change, or after a time (ms). */
  changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  /** The epoch that this instance holds, also when it has just expired; 0 without one. */
  get epoch(): number {
    return this.#epoch;
  }

  /** It was not renewed in time. */
  get hasExpired(): boolean {
    return this.#epoch > 0 && nowMs() >= this.#validUntilMs;
  }

  /** The epoch whose lease somebody holds, as last seen; 0 while it is open. */
  get epochHeld(): number {
    const record = this.#seen?.record;
    return record?.phase === 'held' || record?.phase === 'switching' ? record.epoch : 0;
  }

  /** The record as it was pushed; as a quorum has it where nothing was for a while. */
  async look(): Promise<Seen | 'none' | undefined> {
    if (this.#endFollowing !== undefined && this.ageMs < this.#quietMs) return this.#seen;
    const seen = await this.store.read();
    if (seen === undefined || seen === 'none') return seen;
    // Who should have pushed this does not hear of it itself.
    if (seen.revision !== this.#seen?.revision) this.#unfollow();
    this.#note(seen);
    if (this.#epoch === 0 && this.#endFollowing === undefined) this.#follow(seen);
    return this.#seen;
  }

  /** Puts a record in the place of the one seen. @returns whether it stands now; not, also where nobody knows */
  async replace({ revision }: Seen, record: LeaseRecord): Promise<boolean> {
    const now = await this.store.replace(revision, record);
    if (now === undefined || now === 'lost') return false;
    this.#note({ record, revision: now });
    return true;
  }

  /** Takes up a lease that was granted to this instance. @returns whether it holds it now */
  async take(granted: Seen): Promise<boolean> {
    // From here on the record is its own, and what it writes is all that it goes by.
    this.#unfollow();
    const sentMs = nowMs();
    const { epoch, served } = granted.record;
    const record: LeaseRecord = { epoch, phase: 'held', holder: this.#name, renewals: 1, ...(served && { served }) };
    if (!(await this.replace(granted, record))) return false;
    this.#validUntilMs = sentMs + this.#leaseMs;
    this.#epoch = record.epoch;
    return true;
  }

  /** Renews it, and changes what else is to be told with it. */
  async renew(changes: Partial<LeaseRecord> = {}): Promise<Renewal> {
    const seen = this.#seen!;
    // What another renewal found to be somebody else's must not be written over.
    if (!this.#isMine(seen.record)) return 'taken';
    const sentMs = nowMs();
    const record = { ...seen.record, ...changes, renewals: seen.record.renewals + 1 };
    if (await this.replace(seen, record)) {
      if (this.#epoch > 0) this.#validUntilMs = sentMs + this.#leaseMs;
      return 'renewed';
    }
    // An answer that was lost may have been a success: what stands now tells.
    const now = await this.look();
    if (now === undefined || now === 'none') return 'unknown';
    return this.#isMine(now.record) ? 'unknown' : 'taken';
  }

  /** Ends this instance's hold, as far as it is concerned. */
  drop(): void {
    this.#epoch = 0;
    this.#validUntilMs = 0;
  }

  /** Whoever answers may know less than another did before. */
  #note(seen: Seen): void {
    const isNew = Number(seen.revision) > Number(this.#seen?.revision ?? 0);
    if (!isNew) return;
    this.#changedMs = nowMs();
    this.#seen = seen;
    this.#wake();
  }

  #follow({ revision }: Seen): void {
    const end = this.store.follow(
      revision,
      (seen) => {
        if (this.#endFollowing !== end) return;
        if (seen === undefined) this.#wake();
        else this.#note(seen);
      },
      () => {
        if (this.#endFollowing === end) this.#endFollowing = undefined;
      },
    );
    this.#endFollowing = end;
  }

  #unfollow(): void {
    this.#endFollowing?.();
    this.#endFollowing = undefined;
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #isMine({ holder, epoch, phase }: LeaseRecord): boolean {
    return holder === this.#name && epoch === this.#epoch && (phase === 'held' || phase === 'switching');
  }
}
