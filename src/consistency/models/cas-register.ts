/** A register with compare-and-set. */
import { type Model, same } from '../model.ts';

/** `read`, `write`, and `cas` of `[old, new]`, which succeeds where the value is `old`. */
export function casRegister(initial: unknown = null): Model {
  return Object.freeze<Model>({
    name: 'cas-register',
    initial,
    step(state, { f, value }) {
      if (f === 'read') return same(state, value) ? state : undefined;
      if (f === 'write') return value;
      if (f !== 'cas') throw new Error(`a cas-register has no ${f}: use read, write and cas`);
      const [expected, replacement] = value as readonly [unknown, unknown];
      return same(state, expected) ? replacement : undefined;
    },
    observes: ({ f }) => f === 'read',
  });
}
