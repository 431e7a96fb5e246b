/** Several registers that a transaction reads and writes at once. */
import { type Model, same } from '../model.ts';

type Registers = Readonly<Record<string, unknown>>;
type Micro = readonly [f: 'read' | 'write', register: string, value: unknown];

/** `txn` of `[[f, register, value], ...]`, all at one instant. Registers that are not named at first hold null. */
export function multiRegister(initial: Registers = {}): Model<Registers> {
  return Object.freeze<Model<Registers>>({
    name: 'multi-register',
    // In the order of names: the same registers must be the same state.
    initial: inOrder(initial),
    step(state, { f, value }) {
      if (f !== 'txn') throw new Error(`a multi-register has no ${f}: use txn`);
      let next = state;
      for (const [micro, register, wanted] of value as readonly Micro[]) {
        if (micro === 'write') next = { ...next, [register]: wanted };
        else if (!same(next[register] ?? null, wanted)) return undefined;
      }
      return next === state ? state : inOrder(next);
    },
    observes: ({ value }) => (value as readonly Micro[]).every(([micro]) => micro === 'read'),
  });
}

function inOrder(registers: Registers): Registers {
  return Object.fromEntries(Object.entries(registers).sort(([a], [b]) => (a < b ? -1 : 1)));
}
