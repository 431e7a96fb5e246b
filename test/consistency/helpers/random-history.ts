/** Histories that are linearizable by construction, and small arbitrary ones. */
import type { History } from '../../../src/history/operation.ts';
import type { Random } from '../../../src/random.ts';

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  /** Share of writes and cas whose end nobody knows. */
  readonly info: number;
  /** Written values; unique ones where absent. */
  readonly values?: number;
}

type Event = History[number];

/** Every operation takes effect at one instant of its interval on a real register; then the events are put in the order of time. */
export function linearizableHistory(random: Random, shape: Shape): History {
  const free = Array.from({ length: shape.processes }, () => random.next());
  const planned = Array.from({ length: shape.operations }, (_, id) => {
    const slot = free.indexOf(Math.min(...free));
    const call = free[slot]!;
    const end = call + random.next() * 2;
    const effect = call + random.next() * (end - call);
    free[slot] = end + random.next() * 0.1;
    return { id, slot, call, end, effect };
  });
  const registers = new Map<string, unknown>();
  const events: { at: number; event: Event }[] = [];
  const process = Array.from({ length: shape.processes }, (_, i) => i);
  let fresh = shape.processes;
  const chosen = planned
    .toSorted((a, b) => a.effect - b.effect)
    .map((plan) => {
      const key = `k${random.integer(shape.keys)}`;
      const now = registers.get(key) ?? null;
      const written = shape.values === undefined ? plan.id + 1 : random.integer(shape.values);
      const f = random.pick(['read', 'read', 'write', 'cas'] as const);
      const unsure = f !== 'read' && random.next() < shape.info;
      const happens = !unsure || random.next() < 0.5;
      const expected = shape.values === undefined || random.next() < 0.7 ? now : random.integer(shape.values);
      const value = f === 'read' ? now : f === 'write' ? written : [expected, written];
      const succeeds = f !== 'cas' || JSON.stringify(expected) === JSON.stringify(now);
      if (f !== 'read' && happens && succeeds) registers.set(key, written);
      const type = unsure ? 'info' : succeeds ? 'ok' : 'fail';
      return { ...plan, key, f, value, type } as const;
    });
  for (const { slot, call, end, key, f, value, type } of chosen.toSorted((a, b) => a.call - b.call)) {
    const number = process[slot]!;
    if (type === 'info') process[slot] = fresh++;
    events.push({
      at: call,
      event: { type: 'invoke', process: number, f, key, value: f === 'read' ? null : value, atMs: call },
    });
    events.push({ at: end, event: { type, process: number, f, key, value, atMs: end } });
  }
  return events.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
}

/** Any small history: most are not linearizable. */
export function arbitraryHistory(random: Random, operations: number): History {
  const history = linearizableHistory(random, {
    operations,
    processes: 1 + random.integer(4),
    keys: 1,
    info: 0.2,
    values: 3,
  });
  return history.map((event) =>
    event.type === 'ok' && event.f === 'read' && random.next() < 0.4
      ? { ...event, value: random.pick([null, 0, 1, 2]) }
      : event,
  );
}
