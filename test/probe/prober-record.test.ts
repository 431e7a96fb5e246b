import test from 'ava';
import { FlowRecord, LossTimeline } from '../../src/probe/prober-record.ts';

/** A window from 1000 ms on with a packet every 10 ms, of which those named do not arrive. */
function played(count: number, lost: readonly number[], options: { capacity?: number; toMs?: number } = {}) {
  const settled: [number, boolean][] = [];
  const record = new FlowRecord(3, 1000, options.capacity ?? 1024, (sentMs, gone) => settled.push([sentMs, gone]));
  for (let i = 0; i < count; i++) {
    record.send(1000 + 10 * i);
    if (!lost.includes(i)) record.arrive(i);
  }
  return { loss: record.close(options.toMs ?? 1000 + 10 * count), settled };
}

test('nothing lost, no gap', (t) => {
  t.deepEqual(played(100, []).loss, {
    flow: 3,
    sent: 100,
    lost: 0,
    longestGapMs: 0,
    gapFromMs: undefined,
    gapToMs: undefined,
  });
});

test('a gap lasts from the last packet that arrived before it to the first after it', (t) => {
  t.like(played(100, [20, 21, 22]).loss, { lost: 3, longestGapMs: 40, gapFromMs: 1190, gapToMs: 1230 });
});

test('of several gaps the longest is told', (t) => {
  t.like(played(100, [5, 20, 21, 60, 61, 62, 80]).loss, { lost: 7, longestGapMs: 40, gapFromMs: 1590, gapToMs: 1630 });
});

test('a gap that the window closed on has no end', (t) => {
  t.like(played(10, [7, 8, 9], { toMs: 1105 }).loss, { longestGapMs: 45, gapFromMs: 1060, gapToMs: undefined });
});

test('a gap before the first arrival begins with the window', (t) => {
  t.like(played(10, [0, 1]).loss, { longestGapMs: 20, gapFromMs: 1000, gapToMs: 1020 });
});

test('a flow of which nothing arrives is one gap', (t) => {
  t.like(played(4, [0, 1, 2, 3]).loss, { sent: 4, lost: 4, longestGapMs: 40, gapFromMs: 1000, gapToMs: undefined });
});

test('duplicates and reordering are no loss', (t) => {
  const record = new FlowRecord(0, 0, 16);
  for (let i = 0; i < 4; i++) record.send(i);
  for (const sequence of [3, 1, 0, 3, 2, 2]) record.arrive(sequence);
  t.like(record.close(4), { sent: 4, lost: 0, longestGapMs: 0 });
});

test('a packet that was never sent does not arrive', (t) => {
  const record = new FlowRecord(0, 0, 16);
  record.send(0);
  record.arrive(1);
  record.send(1);
  t.like(record.close(2), { sent: 2, lost: 2 });
});

test('a window longer than the memory counts the same', (t) => {
  const lost = [0, 7, 8, 31, 32, 33, 34, 99];
  t.deepEqual(played(100, lost, { capacity: 8 }), played(100, lost));
});

test('what arrives after the memory is lost, and is not taken for a later packet', (t) => {
  const record = new FlowRecord(0, 0, 4);
  for (let i = 0; i < 10; i++) record.send(i);
  record.arrive(1);
  for (let i = 6; i < 10; i++) record.arrive(i);
  t.like(record.close(10), { sent: 10, lost: 6, gapToMs: 6 });
});

test('each packet is settled once, in the order of sending', (t) => {
  const { settled } = played(50, [10, 49], { capacity: 16 });
  t.deepEqual(
    settled.map(([sentMs]) => sentMs),
    Array.from({ length: 50 }, (_, i) => 1000 + 10 * i),
  );
  t.deepEqual(
    settled.filter(([, gone]) => gone).map(([sentMs]) => sentMs),
    [1100, 1490],
  );
});

test('the timeline counts by the instant of sending', (t) => {
  const timeline = new LossTimeline(1000, 50);
  timeline.add(1000, false);
  timeline.add(1049, true);
  timeline.add(1160, true);
  t.deepEqual(timeline.counts(), { bucketMs: 50, sent: [2, 0, 0, 1], lost: [1, 0, 0, 1] });
});

test('a gap that the window closed on is told beside a longer one before it', (t) => {
  const { loss } = played(100, [20, 21, 22, 98, 99]);
  t.like(loss, { longestGapMs: 40, gapToMs: 1230, openSinceMs: 1970 });
  t.false('openSinceMs' in played(100, [20, 21, 22]).loss);
});
