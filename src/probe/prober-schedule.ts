/** When each flow sends: at a fixed interval, the flows spread evenly over it. Pure. */

/** Late packets of one flow that are still sent, back to back; those before them would tell nothing and are left out. */
const CATCH_UP = 5;

export class Schedule {
  readonly #intervalMs: number;
  readonly #nextMs: Float64Array;
  #stallMs = 0;

  constructor(flows: number, intervalMs: number, startMs: number) {
    this.#intervalMs = intervalMs;
    this.#nextMs = Float64Array.from({ length: flows }, (_, i) => startMs + (i * intervalMs) / flows);
  }

  /** Longest time by which a packet went out later than planned; ms. */
  get stallMs(): number {
    return this.#stallMs;
  }

  /**
   * Sends what is due. A schedule that was late keeps its beat: the next packets are due when they always were.
   * @param now the clock, read before each packet, since sending takes time too
   * @param send one packet of a flow at that instant
   */
  run(now: () => number, send: (flow: number, atMs: number) => void): void {
    const interval = this.#intervalMs;
    let atMs = now();
    for (let flow = 0; flow < this.#nextMs.length; flow++) {
      let dueMs = this.#nextMs[flow]!;
      if (dueMs > atMs) continue;
      atMs = now();
      this.#late(atMs - dueMs);
      const left = Math.floor((atMs - dueMs) / interval) - CATCH_UP;
      if (left > 0) dueMs += left * interval;
      while (dueMs <= atMs) {
        send(flow, atMs);
        dueMs += interval;
        atMs = now();
      }
      this.#nextMs[flow] = dueMs;
    }
  }

  /** Takes into account what was due but never sent. */
  end(atMs: number): void {
    for (const dueMs of this.#nextMs) this.#late(atMs - dueMs);
  }

  #late(ms: number): void {
    if (ms > this.#stallMs) this.#stallMs = ms;
  }
}
