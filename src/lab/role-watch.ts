/** Role and term of each member over time, for the record. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UntimedEvent } from '../report/index.ts';
import type { StoreUnderLoad } from './stores/index.ts';

const EVERY_MS = 250;

/** Asks until it is stopped, and once more then, and tells what changed. @returns what stops it */
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
        if (known.get(`${kind} ${member}`) === now) continue;
        known.set(`${kind} ${member}`, now);
        emit({ type: 'role', store: kind, member, role, term });
      }
    }
  };
  // A lab that is being broken may refuse to be asked; the next look tells.
  const tryLook = () => look().catch(() => {});
  const loop = (async () => {
    while (!stopped) {
      await tryLook();
      await sleep(EVERY_MS);
    }
    // What changed since the last look would not be told at all.
    await tryLook();
  })();
  return () => {
    stopped = true;
    return loop;
  };
}
