/** A register: read and write. */
import { type Model, same } from '../model.ts';

/** `read` returns the value (null where nothing was written yet), `write` replaces it. */
export function register(initial: unknown = null): Model {
  return Object.freeze<Model>({
    name: 'register',
    initial,
    step(state, { f, value }) {
      if (f === 'read') return same(state, value) ? state : undefined;
      if (f === 'write') return value;
      throw new Error(`a register has no ${f}: use read and write, or another model`);
    },
    observes: ({ f }) => f === 'read',
    needs: ({ f, value }) => (f === 'read' ? value : undefined),
    makes: ({ value }) => value,
  });
}
