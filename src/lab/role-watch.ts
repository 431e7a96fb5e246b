/** Role and term of each member over time, for the record. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UntimedEvent } from '../report/index.ts';
import type { StoreUnderLoad } from './stores/index.ts';

const EVERY_MS = 250;

/** Asks until it is stopped, and tells what changed. @returns what stops it */
export function watchRoles(
  stores: readonly Pick<StoreUnderLoad, 'kind' | 'roles'>[],
  emit: (event: UntimedEvent) => void,
): () => Promise<void> {
  const known = new Map<string, string>();
  let stopped = false;
  const look = async (): Promise<void> => {
    for (const { kind, roles } of stores) {
      for (const { member, role, term } of await roles()) {
        const now = `${role} ${term}`;
        if (stopped || known.get(`${kind} ${member}`) === now) continue;
        known.set(`${kind} ${member}`, now);
        emit({ type: 'role', store: kind, member, role, term });
      }
    }
  };
  const loop = (async () => {
    while (!stopped) {
      // A lab that is being broken may refuse to be asked; the next look tells.
      await look().catch(() => {});
      await sleep(EVERY_MS);
    }
  })();
  return () => {
    stopped = true;
    return loop;
  };
}
