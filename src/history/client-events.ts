/** Jepsen's events as a history of ours, whatever notation they came in. */
import { InputError } from '../errors.ts';
import type { History, Outcome } from './operation.ts';

export interface JepsenOptions {
  /** Values are `[key value]` pairs (`jepsen.independent`). Default: one object without a key. */
  readonly keyed?: boolean;
}

/** The fields of an event that matter here, in plain data; null where one is absent. */
export interface ClientEvent {
  readonly type: unknown;
  readonly f: unknown;
  readonly process: unknown;
  readonly value: unknown;
  /** Nanoseconds. */
  readonly time: unknown;
}

const TYPES: ReadonlySet<unknown> = new Set(['invoke', 'ok', 'fail', 'info']);

/**
 * The events of clients; those of the nemesis, whose process is a name, are left out. An operation without a function is a transaction
 * (`txn`). Events without a process get one: each invocation a process of its own, and a completion belongs to the
 * earliest open one of its function.
 * @param notation for messages
 * @throws InputError where an event has no type, or a value is no pair in a keyed history
 */
export function clientEvents(events: readonly ClientEvent[], notation: string, options: JepsenOptions = {}): History {
  const history: History[number][] = [];
  const nextProcess = createProcesses(events);
  for (const [index, { type, f: named, process: given, value: whole, time }] of events.entries()) {
    if (given !== null && typeof given !== 'number') continue;
    const place = `${notation} history, event ${index}`;
    if (!TYPES.has(type)) throw new InputError(`${place}: no type of invoke, ok, fail or info`);
    const f = named ?? (Array.isArray(whole) ? 'txn' : undefined);
    if (typeof f !== 'string') throw new InputError(`${place}: no function (f)`);
    const process = given ?? nextProcess(type as 'invoke' | Outcome, f);
    if (process === undefined) throw new InputError(`${place}: completes ${f}, which nobody invoked`);
    const atMs = typeof time === 'number' ? time / 1e6 : index;
    let value = whole;
    let key: string | undefined;
    if (options.keyed) {
      if (!Array.isArray(whole) || whole.length !== 2) throw new InputError(`${place}: the value is not [key value]`);
      key = String(whole[0]);
      value = whole[1];
    }
    const common = { process, f, value, atMs, ...(key === undefined ? {} : { key }) };
    history.push({ type: type as 'invoke' | Outcome, ...common });
  }
  return history;
}

/** Numbers for events without a process, above those that are there. */
function createProcesses(events: readonly ClientEvent[]): (type: 'invoke' | Outcome, f: string) => number | undefined {
  let next =
    events.reduce((max, { process }) => (typeof process === 'number' && process > max ? process : max), -1) + 1;
  const open = new Map<string, number[]>();
  return (type, f) => {
    const waiting = open.get(f) ?? [];
    open.set(f, waiting);
    if (type !== 'invoke') return waiting.shift();
    waiting.push(next);
    return next++;
  };
}
