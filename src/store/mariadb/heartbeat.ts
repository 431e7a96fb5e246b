/** A primary's beat: a write of its manager's through the whole commit, semi-sync included. What does not come back from it is sick. */
import { nowMs } from '../../linux/clock.ts';
import type { Session } from './connection.ts';
import type { LeaseRecord } from './lease.ts';
import { positionOf } from './replication.ts';

const BEAT_MS = 200;

export class Heartbeat {
  readonly #firstMs: number;
  readonly #sickMs: number;
  #answeredMs = 0;
  #end: LeaseRecord['end'];

  /**
   * @param firstMs patience with a new primary's first beat, which waits until a replica has come over
   * @param sickMs patience with every other
   */
  constructor(firstMs: number, sickMs: number) {
    this.#firstMs = firstMs;
    this.#sickMs = sickMs;
  }

  /** Where the binary log ended at the last beat; undefined before the first. */
  get end(): LeaseRecord['end'] {
    return this.#end;
  }

  /** The next beat is a new primary's first. */
  restart(): void {
    this.#answeredMs = 0;
    this.#end = undefined;
  }

  /** Beats where it is time to. @throws Error where it is not answered in time */
  async beat(session: Session): Promise<void> {
    if (nowMs() - this.#answeredMs < BEAT_MS) return;
    const patienceMs = this.#answeredMs === 0 ? this.#firstMs : this.#sickMs;
    await session.query('REPLACE INTO lab.heartbeat VALUES (1, ?)', [Math.round(nowMs())], patienceMs);
    this.#answeredMs = nowMs();
    this.#end = { position: await positionOf(session), beat: (this.#end?.beat ?? 0) + 1 };
  }
}
