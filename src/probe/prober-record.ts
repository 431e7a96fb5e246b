/** The book of one flow in one window: when each packet was sent, which arrived, and the gaps between. Pure. */
import type { FlowLoss } from './observer.ts';

/** What a book tells of each packet once its fate is settled: when it was sent, and whether it was lost. */
export type Settled = (sentMs: number, lost: boolean) => void;

/**
 * Packets are numbered from 0 in the order in which they were sent. The book holds the last `capacity` of them, so that a window may
 * be as long as one likes; a packet that arrives after `capacity` later ones were sent counts as lost.
 */
export class FlowRecord {
  readonly #flow: number;
  readonly #fromMs: number;
  readonly #settled: Settled;
  readonly #mask: number;
  readonly #sentMs: Float64Array;
  readonly #arrived: Uint8Array;
  /** Packets sent, and so the number of the next; of these, the first `#old` are settled. */
  #sent = 0;
  #old = 0;
  #lost = 0;
  /** Send instant of the last settled packet that arrived, and how many were lost since. */
  #lastArrivedMs: number;
  #lostSince = 0;
  #gap: { readonly fromMs: number; readonly toMs: number | undefined; readonly lengthMs: number } | undefined;

  /** @param fromMs opening of the window: where a gap begins when no packet arrived before it */
  constructor(flow: number, fromMs: number, capacity: number, settled: Settled = () => {}) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#flow = flow;
    this.#fromMs = fromMs;
    this.#lastArrivedMs = fromMs;
    this.#settled = settled;
    this.#mask = size - 1;
    this.#sentMs = new Float64Array(size);
    this.#arrived = new Uint8Array(size);
  }

  /** Number of the next packet. */
  get next(): number {
    return this.#sent;
  }

  /** The next packet goes out now. */
  send(atMs: number): void {
    if (this.#sent - this.#old > this.#mask) this.#settle();
    const slot = this.#sent++ & this.#mask;
    this.#sentMs[slot] = atMs;
    this.#arrived[slot] = 0;
  }

  /** A packet arrived, in whatever order and however often. Numbers that were never sent are ignored. */
  arrive(sequence: number): void {
    if (sequence >= this.#old && sequence < this.#sent) this.#arrived[sequence & this.#mask] = 1;
  }

  /** Closes the book: what has not arrived by now is lost. */
  close(toMs: number): FlowLoss {
    while (this.#old < this.#sent) this.#settle();
    const open = this.#lostSince > 0;
    if (open) this.#endGap(toMs, false);
    return Object.freeze({
      flow: this.#flow,
      sent: this.#sent,
      lost: this.#lost,
      longestGapMs: this.#gap?.lengthMs ?? 0,
      gapFromMs: this.#gap?.fromMs,
      gapToMs: this.#gap?.toMs,
      // Not always the longest gap.
      ...(open ? { openSinceMs: this.#lastArrivedMs } : {}),
    });
  }

  #settle(): void {
    const slot = this.#old++ & this.#mask;
    const sentMs = this.#sentMs[slot]!;
    const lost = this.#arrived[slot] === 0;
    this.#settled(sentMs, lost);
    if (lost) {
      this.#lost++;
      this.#lostSince++;
      return;
    }
    if (this.#lostSince > 0) this.#endGap(sentMs, true);
    this.#lastArrivedMs = sentMs;
    this.#lostSince = 0;
  }

  #endGap(atMs: number, arrived: boolean): void {
    const fromMs = Math.max(this.#lastArrivedMs, this.#fromMs);
    const lengthMs = atMs - fromMs;
    if (lengthMs > (this.#gap?.lengthMs ?? 0)) this.#gap = { fromMs, toMs: arrived ? atMs : undefined, lengthMs };
  }
}

/** Packets sent and lost in each stretch of a window, by the instant at which they were sent. */
export class LossTimeline {
  readonly bucketMs: number;
  readonly #fromMs: number;
  readonly #sent: number[] = [];
  readonly #lost: number[] = [];

  constructor(fromMs: number, bucketMs: number) {
    this.#fromMs = fromMs;
    this.bucketMs = bucketMs;
  }

  add(sentMs: number, lost: boolean): void {
    const bucket = Math.max(0, Math.floor((sentMs - this.#fromMs) / this.bucketMs));
    while (this.#sent.length <= bucket) {
      this.#sent.push(0);
      this.#lost.push(0);
    }
    this.#sent[bucket]! += 1;
    if (lost) this.#lost[bucket]! += 1;
  }

  counts(): { readonly bucketMs: number; readonly sent: readonly number[]; readonly lost: readonly number[] } {
    return Object.freeze({ bucketMs: this.bucketMs, sent: [...this.#sent], lost: [...this.#lost] });
  }
}
