import test from 'ava';
import { Schedule } from '../../src/probe/prober-schedule.ts';

/** Runs a schedule at the given instants and tells what went out at each. */
function run(schedule: Schedule, instants: readonly number[]) {
  return instants.map((atMs) => {
    const sent: number[] = [];
    schedule.run(
      () => atMs,
      (flow) => sent.push(flow),
    );
    return sent;
  });
}

test('flows are spread over the interval and keep to it', (t) => {
  const schedule = new Schedule(4, 8, 100);
  t.deepEqual(run(schedule, [100, 101, 102, 104, 106, 107, 108, 110]), [[0], [], [1], [2], [3], [], [0], [1]]);
  t.is(schedule.stallMs, 0);
});

test('a late tick is caught up and told', (t) => {
  const schedule = new Schedule(1, 10, 0);
  t.deepEqual(run(schedule, [0, 10, 43, 50]), [[0], [0], [0, 0, 0], [0]]);
  t.is(schedule.stallMs, 23);
});

test('after a long stall the beat is kept, and what would only be a burst is left out', (t) => {
  const schedule = new Schedule(1, 10, 0);
  const [, burst, after] = run(schedule, [0, 1000, 1005]);
  t.is(burst?.length, 6);
  t.deepEqual(after, []);
  t.deepEqual(run(schedule, [1010]), [[0]]);
  t.is(schedule.stallMs, 990);
});

test('the time that sending itself takes counts', (t) => {
  const schedule = new Schedule(2, 10, 0);
  let clock = 5;
  const instants: number[] = [];
  schedule.run(
    () => clock,
    (_, atMs) => {
      instants.push(atMs);
      clock += 3;
    },
  );
  t.deepEqual(instants, [5, 8]);
  t.is(schedule.stallMs, 5);
});

test('a stall that lasts to the end of the window is seen', (t) => {
  const schedule = new Schedule(2, 10, 0);
  run(schedule, [0, 5]);
  schedule.end(60);
  t.is(schedule.stallMs, 50);
});
