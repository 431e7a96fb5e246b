import test from 'ava';
import { bfdFor, sizeOf, timersFor } from '../../src/fabric/timers.ts';

test('a small fabric gets timers that converge fast, a big one timers that let it boot', (t) => {
  const sizes = [6, 20, 50, 100, 208, 1000].map((routers) => timersFor({ routers, links: routers }));
  t.deepEqual(
    sizes.map((timers) => timers.coalesceMs),
    [20, 20, 300, 1000, 4000, 4000],
  );
  t.deepEqual(
    sizes.map((timers) => timers.connect),
    [1, 1, 2, 5, 5, 5],
  );
  for (const { keepalive, hold } of sizes) t.deepEqual({ keepalive, hold }, { keepalive: 3, hold: 9 });
});

test('no timer gets shorter as a fabric grows', (t) => {
  for (let routers = 2; routers < 300; routers++) {
    const [smaller, bigger] = [timersFor({ routers: routers - 1, links: 1 }), timersFor({ routers, links: 1 })];
    t.true(bigger.coalesceMs >= smaller.coalesceMs && bigger.raIntervalMs >= smaller.raIntervalMs);
  }
});

test('BFD slows down with the number of sessions and ends where it would starve the machine', (t) => {
  t.deepEqual(bfdFor({ routers: 10, links: 12 }), { intervalMs: 100, multiplier: 3 });
  t.deepEqual(bfdFor({ routers: 28, links: 48 }), { intervalMs: 200, multiplier: 3 });
  t.deepEqual(bfdFor({ routers: 100, links: 384 }), { intervalMs: 2000, multiplier: 3 });
  t.is(bfdFor({ routers: 208, links: 1600 }), undefined);
});

test('routers and links are counted', (t) => {
  t.deepEqual(sizeOf({ spines: 2, racks: 4, servers: 1 }), { routers: 10, links: 12 });
  t.deepEqual(sizeOf({ spines: 8, racks: 200, servers: 0 }), { routers: 208, links: 1600 });
});
