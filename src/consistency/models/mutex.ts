/** A lock without owners. */
import type { Model } from '../model.ts';

/** `acquire` succeeds where it is free, `release` where it is held. */
export function mutex(): Model<boolean> {
  return Object.freeze<Model<boolean>>({
    name: 'mutex',
    initial: false,
    step(held, { f }) {
      if (f === 'acquire') return held ? undefined : true;
      if (f === 'release') return held ? false : undefined;
      throw new Error(`a mutex has no ${f}: use acquire and release`);
    },
    observes: () => false,
  });
}
