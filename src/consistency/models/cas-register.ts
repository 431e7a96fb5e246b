/** A register with compare-and-set. */
import { type Model, same } from '../model.ts';

type Pair = readonly [expected: unknown, replacement: unknown];

/** `read`, `write`, and `cas` of `[old, new]`, which succeeds where the value is `old`. */
export function casRegister(initial: unknown = null): Model {
  return Object.freeze<Model>({
    name: 'cas-register',
    initial,
    step(state, { f, value }) {
      if (f === 'read') return same(state, value) ? state : undefined;
      if (f === 'write') return value;
      if (f !== 'cas') throw new Error(`a cas-register has no ${f}: use read, write and cas`);
      const [expected, replacement] = value as Pair;
      return same(state, expected) ? replacement : undefined;
    },
    observes: ({ f }) => f === 'read',
    needs: ({ f, value }) => (f === 'read' ? value : f === 'cas' ? (value as Pair)[0] : undefined),
    makes: ({ f, value }) => (f === 'cas' ? (value as Pair)[1] : value),
  });
}
