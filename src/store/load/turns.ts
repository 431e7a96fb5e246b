/** Whose turn it is: clients take the operations of an open loop as they fall due, whoever is free first. */
import { type Arrivals, arrivalsBetween } from '../../history/arrivals.ts';
import { nowMs } from '../../linux/clock.ts';

/** How long an operation waits for a free client (ms). Then its user has gone: it is never sent, and counted. */
const PATIENCE_MS = 1_000;
const WINDOW_MS = 1_000;

export interface Turns {
  /** Resolves when there is an operation for the client that asks; false when there will be none any more. */
  next(): Promise<boolean>;
  /** Operations that found no free client in time. */
  readonly shed: number;
  stop(): void;
}

/** An operation is due when it is due, however long others take: what finds no free client waits for one. */
export function openLoop(arrivals: Arrivals, patienceMs = PATIENCE_MS): Turns {
  const beganMs = nowMs();
  const free: ((isTurn: boolean) => void)[] = [];
  let waiting: number[] = [];
  let coming: number[] = [];
  let comingUntilMs = 0;
  let shed = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const giveUpOn = (): void => {
    const oldest = nowMs() - patienceMs;
    const from = waiting.findIndex((dueMs) => dueMs >= oldest);
    const gone = from < 0 ? waiting.length : from;
    if (gone === 0) return;
    shed += gone;
    waiting = waiting.slice(gone);
  };
  const tick = (): void => {
    const sinceMs = nowMs() - beganMs;
    while (comingUntilMs <= sinceMs || coming.length === 0) {
      coming.push(...arrivalsBetween(arrivals, comingUntilMs, comingUntilMs + WINDOW_MS));
      comingUntilMs += WINDOW_MS;
    }
    const due = coming.findIndex((atMs) => atMs > sinceMs);
    const now = due < 0 ? coming : coming.slice(0, due);
    coming = due < 0 ? [] : coming.slice(due);
    for (const atMs of now) {
      const client = free.shift();
      if (client === undefined) waiting.push(beganMs + atMs);
      else client(true);
    }
    giveUpOn();
    timer = setTimeout(tick, Math.max(0, beganMs + (coming[0] ?? comingUntilMs) - nowMs()));
  };
  tick();

  return {
    get shed() {
      return shed;
    },
    next() {
      if (stopped) return Promise.resolve(false);
      giveUpOn();
      if (waiting.shift() !== undefined) return Promise.resolve(true);
      return new Promise((resolve) => free.push(resolve));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const client of free.splice(0)) client(false);
    },
  };
}

/** Every client's next operation is due when its last has ended. */
export function closedLoop(): Turns {
  let stopped = false;
  return {
    shed: 0,
    next: () => Promise.resolve(!stopped),
    stop() {
      stopped = true;
    },
  };
}
