/** One window of the prober: sends on schedule, reads what arrives, keeps the books. */
import { nowMs } from '../linux/clock.ts';
import { sleepUntil } from '../linux/sleep.ts';
import type { ProbeWindow } from './observer.ts';
import { FlowRecord, LossTimeline } from './prober-record.ts';
import { Schedule } from './prober-schedule.ts';
import type { ProbeSockets } from './prober-sockets.ts';

/** The loop wakes this often; packets due in between go out together. */
const TICK_MS = 1;
/** A packet may arrive this much later than it was sent and still count. */
const MEMORY_MS = 5000;
const BUCKET_MS = 50;
/** Sockets read in a millisecond, at most: what bounds the cost of reading those on which nothing waits. */
const READS_PER_MS = 8;

export interface OpenWindow {
  readonly fromMs: number;
  /** Resolves when every flow has sent its first packet. */
  readonly begun: Promise<void>;
  /** Stops sending, waits for packets under way, and closes the books. */
  close(drainMs: number): Promise<ProbeWindow>;
}

/** @param window tells this window's packets from those of earlier ones */
export function openWindow(sockets: ProbeSockets, flows: number, intervalMs: number, window: number): OpenWindow {
  const fromMs = nowMs();
  const timeline = new LossTimeline(fromMs, BUCKET_MS);
  const capacity = Math.ceil(MEMORY_MS / intervalMs);
  const settled = (sentMs: number, lost: boolean) => timeline.add(sentMs, lost);
  const records = Array.from({ length: flows }, (_, flow) => new FlowRecord(flow, fromMs, capacity, settled));
  const schedule = new Schedule(flows, intervalMs, nowMs());
  const tickMs = Math.min(TICK_MS, intervalMs);
  const readEveryMs = Math.max(5, sockets.receivers / READS_PER_MS);

  const send = (flow: number, atMs: number) => {
    const record = records[flow]!;
    const sequence = record.next;
    record.send(atMs);
    sockets.send(flow, window, sequence);
  };
  const arrive = (flow: number, of: number, sequence: number) => {
    if (of === window) records[flow]?.arrive(sequence);
  };

  let open = true;
  let readMs = nowMs();
  let wakeMs = nowMs();
  const begun = Promise.withResolvers<void>();
  const step = () => {
    if (!open) return;
    sleepUntil(wakeMs);
    schedule.run(nowMs, send);
    const now = nowMs();
    if (now >= readMs) {
      sockets.receive(arrive);
      readMs = now + readEveryMs;
    }
    if (now > fromMs + intervalMs) begun.resolve();
    // Late ticks are not made up for: the schedule knows what is due.
    wakeMs = Math.max(wakeMs + tickMs, now);
    // The event loop turns between ticks, so that requests are heard.
    setImmediate(step);
  };
  setImmediate(step);

  const close = async (drainMs: number): Promise<ProbeWindow> => {
    open = false;
    begun.resolve();
    const toMs = nowMs();
    schedule.end(toMs);
    await new Promise((resolve) => setTimeout(resolve, drainMs));
    sockets.receive(arrive);
    const losses = records.map((record) => record.close(toMs));
    return { fromMs, toMs, stallMs: schedule.stallMs, flows: losses, buckets: timeline.counts() };
  };
  return { fromMs, begun: begun.promise, close };
}
