import test from 'ava';
import { Lab } from '../../src/lab/lab.ts';

test('a fault that throws half-way is mended before anybody hears of it', async (t) => {
  const done: string[] = [];
  const fault = (throwing: string) => ({
    inject: async () => {
      done.push('inject');
      if (throwing === 'inject') throw new Error('no hands');
      return { atMs: 0 };
    },
    proof: async () => {
      throw new Error('no eyes');
    },
    heal: async () => {
      done.push('heal');
      return { atMs: 0 };
    },
  });
  for (const [throwing, message] of [
    ['inject', 'no hands'],
    ['proof', 'no eyes'],
  ] as const) {
    const lab = { prepare: () => fault(throwing) } as unknown as Lab;
    await t.throwsAsync(Lab.prototype.fault.call(lab, 'link-down', 'x'), { message });
  }
  t.deepEqual(done, ['inject', 'heal', 'inject', 'heal']);
});
