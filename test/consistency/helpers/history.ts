/** Short histories by hand, one operation after the other or overlapping. */
import type { History, Outcome } from '../../../src/history/operation.ts';

export type Step = readonly [process: number, f: string, value: unknown, outcome?: Outcome, key?: string];

/** Each operation ends before the next begins. */
export function oneByOne(...steps: readonly Step[]): History {
  return steps.flatMap(([process, f, value, type = 'ok', key], i): History => {
    const common = { process, f, ...(key === undefined ? {} : { key }) };
    return [
      { ...common, type: 'invoke', value: f === 'read' ? null : value, atMs: 2 * i },
      { ...common, type, value, atMs: 2 * i + 1 },
    ];
  });
}

/** All begin before any ends; they end in the order given. */
export function atOnce(...steps: readonly Step[]): History {
  const pairs = steps.map((step) => oneByOne(step));
  return [...pairs.map(([invocation]) => invocation!), ...pairs.map(([, completion]) => completion!)];
}
