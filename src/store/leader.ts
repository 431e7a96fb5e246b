/** Who leads, where one waits for it: between two leaders there is none for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../linux/clock.ts';
import type { Member, RunningStore } from './store.ts';

const POLL_MS = 50;

/** Asks until a member leads or the time (ms) is over. @throws Error where none does */
export async function leaderWithin(store: Pick<RunningStore, 'kind' | 'leader'>, timeoutMs: number): Promise<Member> {
  const until = nowMs() + timeoutMs;
  for (;;) {
    const leader = await store.leader();
    if (leader !== undefined) return leader;
    if (nowMs() >= until) throw new Error(`${store.kind} has had no leader for ${timeoutMs} ms`);
    await sleep(POLL_MS);
  }
}
