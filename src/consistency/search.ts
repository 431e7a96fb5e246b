/**
 * The search for a linearization of one object's operations: Wing and Gong's, with Lowe's cache of configurations
 * (Gavin Lowe, "Testing for linearizability", 2017).
 */
import { Bitset } from './bitset.ts';
import { Demand } from './demand.ts';
import type { Model } from './model.ts';
import { States } from './states.ts';
import { type Interval, Timeline } from './timeline.ts';

export interface SearchResult {
  readonly found: 'linearization' | 'none' | 'out of steps';
  /** The linearization; without one, the partial one that got past most returns. Indexes of intervals. */
  readonly order: readonly number[];
  /** Operations tried. */
  readonly steps: number;
}

/** One step of the linearization under trial and what is left to try after it. */
interface Frame {
  /** Linearized to get here; -1 at the root. */
  readonly operation: number;
  readonly state: number;
  /** State before, where the operation is one that might never have happened; else -1. */
  readonly before: number;
  candidates: readonly number[];
  next: number;
  /** All that may follow is in `candidates`. */
  complete: boolean;
}

/**
 * Depth first, with five things that leave out only what cannot matter:
 * - an operation that changes nothing and is possible now is taken at once, with no alternative: it could be moved here from any later place;
 * - the operation that must return first is tried first, then those that make it possible, then the rest;
 * - a state is not left for good while an operation that needs it is waiting;
 * - of equal operations with open ends the one called first goes first: any order that uses a later one may use it instead;
 * - an operation with an open end is not taken where the next step would lead to the same state without it.
 * @param steps after so many operations tried it gives up
 */
export function search(model: Model, intervals: readonly Interval[], steps: number): SearchResult {
  const states = new States(model);
  const timeline = new Timeline(intervals);
  const observer = intervals.map((interval) => model.observes(interval));
  const open = openEnded(intervals, observer);
  const bits = numberBits(intervals, open);
  const definite = new Bitset(intervals.length - open.count);
  const indefinite = new Bitset(open.count);
  const demand = new Demand(model, states, intervals);
  const seen = new Set<string>();
  const pending: number[] = [];
  let tried = 0;

  const lift = (i: number): void => {
    demand.lift(i);
    if (intervals[i]!.end === Infinity) indefinite.add(bits[i]!);
    else {
      definite.add(bits[i]!);
      timeline.lift(i);
    }
  };
  const unlift = (i: number): void => {
    demand.unlift(i);
    if (intervals[i]!.end === Infinity) indefinite.delete(bits[i]!);
    else {
      definite.delete(bits[i]!);
      timeline.unlift(i);
    }
  };

  /** State after, -1 where the operation is impossible, where it makes another impossible, or where the open-ended one before it was of no use. */
  const after = (frame: Frame, i: number): number => {
    tried++;
    const state = states.step(frame.state, intervals[i]!);
    if (state === -1 || (state !== frame.state && demand.holds(frame.state, i))) return -1;
    return frame.before !== -1 && states.step(frame.before, intervals[i]!) === state ? -1 : state;
  };

  /** The cheap candidates: those after which nothing else need be tried, or that must come soonest. */
  const expand = (frame: Frame): number => {
    const first = timeline.pending(pending);
    for (const i of pending) {
      if (observer[i] && after(frame, i) !== -1) {
        frame.candidates = [i];
        frame.complete = true;
        return first;
      }
    }
    if (!observer[first] && after(frame, first) !== -1) frame.candidates = [first];
    return first;
  };

  const expandRest = (frame: Frame): void => {
    frame.complete = true;
    frame.next = 0;
    const first = timeline.pending(pending);
    const limit = intervals[first]!.end;
    const helpful: number[] = [];
    const others: number[] = [];
    const consider = (i: number): void => {
      const state = after(frame, i);
      if (state === -1) return;
      (states.step(state, intervals[first]!) === -1 ? others : helpful).push(i);
    };
    for (const i of pending) if (i !== first && !observer[i]) consider(i);
    for (const group of open.groups) {
      const i = group.find((member) => !indefinite.has(bits[member]!));
      if (i === undefined || intervals[i]!.call > limit || !demand.wants(i)) continue;
      // One that changes nothing need not happen.
      if (states.step(frame.state, intervals[i]!) !== frame.state) consider(i);
    }
    others.sort((a, b) => intervals[a]!.end - intervals[b]!.end);
    frame.candidates = [...helpful, ...others];
  };

  const stack: Frame[] = [{ operation: -1, state: 0, before: -1, candidates: [], next: 0, complete: false }];
  let furthest = -1;
  let longest: readonly number[] | undefined;
  const order = (): readonly number[] => stack.slice(1).map((frame) => frame.operation);

  if (timeline.empty) return { found: 'linearization', order: [], steps: 0 };
  let first = expand(stack[0]!);
  for (;;) {
    if (intervals[first]!.end > furthest) {
      furthest = intervals[first]!.end;
      longest = undefined;
    }
    // Down, as far as it goes.
    let frame = stack.at(-1)!;
    let child: Frame | undefined;
    while (child === undefined) {
      if (frame.next === frame.candidates.length) {
        if (!frame.complete) {
          expandRest(frame);
          continue;
        }
        // Up: what was furthest so far is kept before it is undone.
        longest ??= order();
        stack.pop();
        if (stack.length === 0) return { found: 'none', order: longest!, steps: tried };
        unlift(frame.operation);
        frame = stack.at(-1)!;
        continue;
      }
      const operation = frame.candidates[frame.next++]!;
      const state = states.step(frame.state, intervals[operation]!);
      lift(operation);
      const key = String.fromCharCode(state & 0xffff, state >> 16) + definite.key() + indefinite.key();
      if (seen.has(key)) {
        unlift(operation);
        continue;
      }
      seen.add(key);
      const before = intervals[operation]!.end === Infinity ? frame.state : -1;
      child = { operation, state, before, candidates: [], next: 0, complete: false };
    }
    stack.push(child);
    if (timeline.empty) return { found: 'linearization', order: order(), steps: tried };
    if (tried > steps) return { found: 'out of steps', order: longest ?? order(), steps: tried };
    first = expand(child);
  }
}

interface OpenEnded {
  readonly count: number;
  /** Equal operations together, each group in the order of calls. */
  readonly groups: readonly (readonly number[])[];
}

/** Operations without a return, but for those that observe only: they need not have happened. */
function openEnded(intervals: readonly Interval[], observer: readonly boolean[]): OpenEnded {
  const groups = new Map<string, number[]>();
  const members = intervals.flatMap(({ end }, i) => (end === Infinity && !observer[i] ? [i] : []));
  for (const i of members.sort((a, b) => intervals[a]!.call - intervals[b]!.call)) {
    const name = JSON.stringify([intervals[i]!.f, intervals[i]!.value]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [i]);
    else group.push(i);
  }
  return { count: members.length, groups: [...groups.values()] };
}

/** Places in the two bitsets: operations with an end in the order of their calls, so that what is linearized is nearly a beginning; open ends by group. */
function numberBits(intervals: readonly Interval[], open: OpenEnded): Int32Array {
  const bits = new Int32Array(intervals.length);
  const definite = intervals
    .flatMap(({ end }, i) => (end === Infinity ? [] : [i]))
    .sort((a, b) => intervals[a]!.call - intervals[b]!.call);
  for (const [bit, i] of definite.entries()) bits[i] = bit;
  for (const [bit, i] of open.groups.flat().entries()) bits[i] = bit;
  return bits;
}
