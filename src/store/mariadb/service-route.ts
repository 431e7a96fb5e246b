/** The service address at one member's node: announced and withdrawn one after another, in the order in which it was decided. */
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import { announce, announceAhead, withdraw } from '../service-address.ts';

/** A bgpd that does not answer for so long does not: milliseconds. */
const VTY_MS = 500;
const TRIES = 3;

export class ServiceRoute {
  readonly #lab: RunningLab;
  readonly #node: string;
  readonly #address: string;
  readonly #onProblem: (why: string) => void;
  #queue: Promise<void> = Promise.resolve();
  /** Until when the address is announced ahead of its holder; 0 where it is not. */
  #aheadUntilMs = 0;

  constructor(lab: RunningLab, node: string, address: string, onProblem: (why: string) => void) {
    this.#lab = lab;
    this.#node = node;
    this.#address = address;
    this.#onProblem = onProblem;
  }

  /**
   * Takes the address and announces it, unless it is no longer wanted when its turn has come.
   * @throws Error where that fails: nobody reaches this node from it then
   */
  async announce(isWanted: () => boolean): Promise<void> {
    // It is not for a time only any more.
    this.#aheadUntilMs = 0;
    let failed: Error | undefined;
    await this.#then(async () => {
      for (let tries = 1; tries <= TRIES && isWanted(); tries++) {
        failed = await announce(this.#lab, this.#node, this.#address, { timeoutMs: VTY_MS }).then(
          () => undefined,
          (error: Error) => error,
        );
        if (failed === undefined) return;
      }
    });
    if (failed !== undefined) throw failed;
  }

  /** To be called now and then while it is announced: a bgpd that began anew knows nothing of it. */
  keep(): void {
    void this.#then(() => announceAhead(this.#lab, this.#node, this.#address, { timeoutMs: VTY_MS }));
  }

  /** A route takes longer through the fabric than a switch-over: it may leave before the node has the address. Ends by itself after `forMs`. */
  announceAhead(forMs: number): void {
    if (this.#aheadUntilMs === 0) {
      void this.#then(() => announceAhead(this.#lab, this.#node, this.#address, { timeoutMs: VTY_MS }));
    }
    this.#aheadUntilMs = nowMs() + forMs;
  }

  /** Takes back what was announced ahead; without that there is nothing to do. */
  endAhead(): void {
    if (this.#aheadUntilMs > 0) void this.withdraw();
  }

  /** To be called now and then: ends what was announced ahead for too long. */
  expire(): void {
    if (nowMs() > this.#aheadUntilMs) this.endAhead();
  }

  withdraw(): Promise<void> {
    this.#aheadUntilMs = 0;
    return this.#then(() => withdraw(this.#lab, this.#node, this.#address, { timeoutMs: VTY_MS }));
  }

  /** A bgpd that does not answer keeps nobody from serving elsewhere: the address goes from this node all the same. */
  #then(work: () => Promise<unknown>): Promise<void> {
    this.#queue = this.#queue.then(work).then(
      () => {},
      (error: Error) => this.#onProblem(error.message),
    );
    return this.#queue;
  }
}
