/** Session guarantees over registers (Terry et al. 1994), as far as a history decides them. A session is a process. */
import { InputError } from '../errors.ts';
import type { History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import type { CheckResult } from './checker.ts';
import type { CheckerOf } from './checker-of.ts';
import { type Atom, atom } from './transactions/transaction.ts';

export type Guarantee = 'monotonic-reads' | 'monotonic-writes' | 'read-your-writes' | 'writes-follow-reads';

export const GUARANTEES: readonly Guarantee[] = Object.freeze([
  'monotonic-reads',
  'monotonic-writes',
  'read-your-writes',
  'writes-follow-reads',
]);

export interface SessionOptions {
  /** Default: all four. */
  readonly guarantees?: readonly Guarantee[];
  /** Comparisons before the checker gives up. Default 100,000,000. */
  readonly steps?: number;
}

export interface SessionResult extends CheckResult {
  readonly violations: Readonly<Record<Guarantee, number>>;
}

/** A write, or the state before all writes. */
interface Version {
  readonly invoked: number;
  readonly returned: number;
  readonly operation: Operation | undefined;
}

/** Newest versions by key, in the order in which a session came to know them: what counts is the one that was invoked last. */
type Trail = Map<Atom, { readonly at: number; readonly version: Version }[]>;

interface Session {
  readonly wrote: Trail;
  readonly read: Trail;
  /** By writing session: how far this one has seen its writes. */
  readonly imported: Map<Session, { readonly at: number; readonly by: Operation }>;
}

const INITIAL: Version = { invoked: -1, returned: -1, operation: undefined };

/**
 * Judges `read` and `write` of registers (one for each key of the history) in which every written value is unique within its key.
 *
 * Which of two writes is the newer is decided only where one had returned before the other was invoked: that is the order of a
 * store with one primary at a time. Concurrent writes are never held against anyone. What is judged:
 * - **monotonic reads**: a session does not read a version older than one that it read before.
 * - **read your writes**: nor one older than what it wrote itself.
 * - **monotonic writes**, **writes follow reads**: once a session has read a write, it does not read another key as older than what
 *   the writer had written, or had read, before that write. (Where the reading session may go from replica to replica and its
 *   own reads need not be monotonic, this shows that one of the two guarantees is broken, not which.)
 * @throws InputError where a value is written twice to a key: reads would not say which write they saw
 */
export function sessionGuarantees(options: SessionOptions = {}): CheckerOf<SessionResult> {
  const { guarantees = GUARANTEES, steps = 100_000_000 } = options;
  return Object.freeze({
    name: 'session-guarantees',
    check: (history: History) => new Judge(history, guarantees).judge(steps),
  });
}

class Judge {
  readonly #operations: readonly Operation[];
  readonly #versions = new Map<Atom, Map<Atom, Version>>();
  readonly #sessions = new Map<number, Session>();
  /** Who wrote an operation's value, and its place in time. */
  readonly #writers = new Map<Operation, Session>();
  readonly #guarantees: readonly Guarantee[];
  readonly #violations: Record<Guarantee, number> = {
    'monotonic-reads': 0,
    'monotonic-writes': 0,
    'read-your-writes': 0,
    'writes-follow-reads': 0,
  };
  #first: { readonly why: string; readonly offending: readonly number[] } | undefined;
  #steps = 0;

  constructor(history: History, guarantees: readonly Guarantee[]) {
    this.#operations = pair(history).filter(({ outcome }) => outcome !== 'fail');
    this.#guarantees = guarantees;
    const problems: string[] = [];
    for (const operation of this.#operations) {
      if (operation.f !== 'write') continue;
      const { invoked, returned = Number.POSITIVE_INFINITY } = operation;
      const key = operation.key ?? null;
      const ofKey = this.#versions.get(key) ?? new Map<Atom, Version>();
      this.#versions.set(key, ofKey);
      const value = atom(operation.value);
      if (ofKey.has(value))
        problems.push(`history event ${invoked}: ${value} is written twice to ${key ?? 'the register'}`);
      ofKey.set(value, { invoked, returned, operation });
      this.#writers.set(operation, this.#session(operation.process));
    }
    if (problems.length > 0) throw new InputError(problems.slice(0, 20));
  }

  judge(steps: number): SessionResult {
    // A process has one operation at a time: by invocation is the order of each session.
    for (const operation of this.#operations) {
      if (this.#steps > steps) break;
      if (operation.f === 'write') note(this.#session(operation.process).wrote, operation, this.#versionOf(operation)!);
      else if (operation.f === 'read' && operation.outcome === 'ok') this.#read(operation);
    }
    const violations = { ...this.#violations };
    const shared = { steps: this.#steps, violations };
    if (this.#first !== undefined) {
      const broken = this.#guarantees.filter((guarantee) => violations[guarantee] > 0);
      const all = broken.map((guarantee) => `${guarantee} ${violations[guarantee]}`).join(', ');
      return Object.freeze({ verdict: 'fail', ...this.#first, why: `${this.#first.why}; in all ${all}`, ...shared });
    }
    if (this.#steps > steps)
      return Object.freeze({
        verdict: 'unknown',
        why: `the budget of ${steps} steps ran out`,
        offending: [],
        ...shared,
      });
    const why = `${this.#sessions.size} sessions kept ${this.#guarantees.join(', ')}`;
    return Object.freeze({ verdict: 'pass', why, offending: [], ...shared });
  }

  #read(operation: Operation): void {
    const session = this.#session(operation.process);
    const version = this.#versionOf(operation);
    // Nobody wrote it: that is for other checkers.
    if (version === undefined) return;
    const own = latest(session.read, operation, Number.POSITIVE_INFINITY);
    if (older(version, own)) this.#violated('monotonic-reads', operation, version, own!, 'it had read');
    const mine = latest(session.wrote, operation, Number.POSITIVE_INFINITY);
    if (older(version, mine)) this.#violated('read-your-writes', operation, version, mine!, 'it had written');
    for (const [writer, { at, by }] of session.imported) {
      this.#steps++;
      const wrote = latest(writer.wrote, operation, at);
      if (older(version, wrote) && wrote!.operation !== by)
        this.#violated('monotonic-writes', operation, version, wrote!, seenBefore(by, 'written'), by);
      const read = latest(writer.read, operation, at);
      if (older(version, read))
        this.#violated('writes-follow-reads', operation, version, read!, seenBefore(by, 'read'), by);
    }
    this.#steps++;
    note(session.read, operation, version);
    if (version.operation === undefined) return;
    const writer = this.#writers.get(version.operation)!;
    if (writer === session) return;
    const before = session.imported.get(writer);
    if (before === undefined || before.at < version.invoked)
      session.imported.set(writer, { at: version.invoked, by: version.operation });
  }

  #violated(
    guarantee: Guarantee,
    read: Operation,
    version: Version,
    newer: Version,
    how: string,
    by?: Operation,
  ): void {
    if (!this.#guarantees.includes(guarantee)) return;
    this.#violations[guarantee]++;
    if (this.#first !== undefined) return;
    const where = read.key === undefined ? '' : ` from ${read.key}`;
    const involved = [read, version.operation, newer.operation, by].flatMap((operation) =>
      operation === undefined ? [] : [operation.invoked],
    );
    this.#first = {
      why: `${guarantee} broken: process ${read.process} read ${JSON.stringify(read.value)}${where} (event ${read.invoked}), which is older than ${JSON.stringify(newer.operation!.value)} (event ${newer.invoked}), which ${how}`,
      offending: [...new Set(involved)].sort((a, b) => a - b),
    };
  }

  #versionOf({ key, value }: Operation): Version | undefined {
    if (value === null || value === undefined) return INITIAL;
    return this.#versions.get(key ?? null)?.get(atom(value));
  }

  #session(process: number): Session {
    let session = this.#sessions.get(process);
    if (session === undefined) {
      session = { wrote: new Map(), read: new Map(), imported: new Map() };
      this.#sessions.set(process, session);
    }
    return session;
  }
}

function seenBefore(by: Operation, what: string): string {
  return `process ${by.process} had ${what} before it wrote ${JSON.stringify(by.value)} (event ${by.invoked}), which the reader had seen`;
}

/** Whether a version had been replaced before the other was begun. */
function older(version: Version, than: Version | undefined): boolean {
  return than !== undefined && version.returned < than.invoked;
}

/** Keeps, of what a session knows of a key, the version that was invoked last, and since when. */
function note(trail: Trail, operation: Operation, version: Version): void {
  const key = operation.key ?? null;
  const list = trail.get(key);
  if (list === undefined) trail.set(key, [{ at: operation.invoked, version }]);
  else if (list.at(-1)!.version.invoked < version.invoked) list.push({ at: operation.invoked, version });
}

/** The newest version of the operation's key that was known by an instant. */
function latest(trail: Trail, { key }: Operation, at: number): Version | undefined {
  const list = trail.get(key ?? null);
  if (list === undefined) return undefined;
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return list[low - 1]?.version;
}
