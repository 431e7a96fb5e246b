/** Histories of a store that is right by construction: each operation takes effect at one instant between its invocation and its completion. */
import type { History, Outcome } from '../../../src/history/operation.ts';
import type { AnyRequest } from '../../../src/history/request.ts';
import type { Random } from '../../../src/random.ts';

export interface Execution {
  readonly operations: number;
  readonly clients: number;
  /** Share of operations of unknown end: half of them happen, some after the client gave up. */
  readonly info: number;
}

/** What `apply` gives where the store refuses. */
export const REFUSED = Symbol('refused');

export function executed(
  random: Random,
  { operations, clients, info }: Execution,
  request: (client: number, index: number) => AnyRequest,
  apply: (request: AnyRequest) => unknown,
): History {
  const free = Array.from({ length: clients }, () => random.next());
  const next = free.map(() => 0);
  const process = free.map((_, client) => client);
  let fresh = clients;
  const planned = Array.from({ length: operations }, () => {
    const client = free.indexOf(Math.min(...free));
    const call = free[client]!;
    const end = call + random.next() * 3;
    free[client] = end + random.next() * 0.2;
    const unsure = random.next() < info;
    const number = process[client]!;
    if (unsure) process[client] = fresh++;
    const late = unsure && random.next() < 0.3 ? 5 : 0;
    return {
      process: number,
      request: request(client, next[client]!++),
      call,
      end,
      effect: call + random.next() * (end - call) + late,
      unsure,
      happens: !unsure || random.next() < 0.5,
    };
  });
  const done = planned
    .toSorted((a, b) => a.effect - b.effect)
    .map((plan) => ({ ...plan, value: plan.happens ? apply(plan.request) : REFUSED }));
  return done
    .flatMap(({ process: number, request: { f, key, value }, call, end, unsure, value: result }) => {
      const type: Outcome = unsure ? 'info' : result === REFUSED ? 'fail' : 'ok';
      const common = { process: number, f, ...(key === undefined ? {} : { key }) };
      return [
        { at: call, event: { ...common, type: 'invoke' as const, value, atMs: call } },
        { at: end, event: { ...common, type, value: type === 'ok' ? result : value, atMs: end } },
      ];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

/** A history with operations after all others, one after the other. */
export function followedBy(
  history: History,
  requests: readonly AnyRequest[],
  apply: (request: AnyRequest) => unknown,
): History {
  const process = 1 + history.reduce((max, event) => Math.max(max, event.process), -1);
  const last = history.at(-1)?.atMs ?? 0;
  return [
    ...history,
    ...requests.flatMap(({ f, key, value }, i): History => {
      const common = { process, f, ...(key === undefined ? {} : { key }) };
      const result = apply({ f, value, ...(key === undefined ? {} : { key }) });
      return [
        { ...common, type: 'invoke', value, atMs: last + 2 * i + 1 },
        { ...common, type: 'ok', value: result, atMs: last + 2 * i + 2 },
      ];
    }),
  ];
}

/** Transactions over lists or registers, one at a time. */
export function transactionStore(): (request: AnyRequest) => unknown {
  const store = new Map<unknown, unknown>();
  return ({ value }) =>
    (value as readonly (readonly [string, unknown, unknown])[]).map(([f, key, written]) => {
      const now = store.get(key) ?? null;
      if (f === 'r') return [f, key, now];
      store.set(key, f === 'append' ? [...((now ?? []) as unknown[]), written] : written);
      return [f, key, written];
    });
}
