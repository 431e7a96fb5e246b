import test from 'ava';
import type { Fault, FaultPrediction } from '../../src/fault/index.ts';
import { verdictOf, whyOf } from '../../src/lab/fault-verdict.ts';
import type { Intent } from '../../src/lab/intent.ts';
import { type MeasureOptions, measureFault } from '../../src/lab/measure.ts';
import { nowMs } from '../../src/linux/clock.ts';
import type { Failures, Prediction } from '../../src/oracle/index.ts';
import type { FlowLoss, ProbeWindow } from '../../src/probe/index.ts';
import type { RouteWindow } from '../../src/probe/observer.ts';
import type { NextHop, NodeRoutes } from '../../src/router/routes.ts';

/** a, b and c hang on s, and a has b's prefix also by a link of its own; c is reached by s alone. */
const ADDRESS = { a: '10.0.0.1', b: '10.0.0.2', c: '10.0.0.3' } as const;
const via = (...peers: readonly string[]): readonly NextHop[] =>
  peers.map((peer) => ({ interface: `to-${peer}`, peer }));
const tables = (routes: Readonly<Record<string, readonly NextHop[]>>): NodeRoutes => ({
  ipv4: new Map(Object.entries(routes)),
  ipv6: new Map(),
});
const HEALTHY = new Map([
  ['a', tables({ '10.0.0.2/32': via('b', 's'), '10.0.0.3/32': via('s') })],
  ['b', tables({ '10.0.0.1/32': via('a', 's'), '10.0.0.3/32': via('s') })],
  ['c', tables({ '0.0.0.0/0': via('s') })],
  ['s', tables({ '10.0.0.1/32': via('a'), '10.0.0.2/32': via('b'), '10.0.0.3/32': via('c') })],
]);
/** Without s: c has nobody left. */
const WITHOUT_S = new Map([
  ['a', tables({ '10.0.0.2/32': via('b') })],
  ['b', tables({ '10.0.0.1/32': via('a') })],
  ['c', tables({})],
]);
const NOBODY = new Map([['a', tables({})]]);

const DETECTION_MS = 900;

const intent = {
  holdMs: 0,
  detectionMs: DETECTION_MS,
  predict: (failures?: Failures): Prediction => ({
    routes: failures?.nodes?.has('s') ? WITHOUT_S : failures?.nodes?.has('b') ? NOBODY : HEALTHY,
    sessions: [],
    unmodelled: failures?.links?.has('odd') ? [{ node: 'a', line: 0, text: 'ip route', why: 'not on a link' }] : [],
  }),
} as Partial<Intent> as Intent;

const flow = (from: string, to: string) =>
  ({ from, to, family: 4, sourcePort: 61_000, destinationPort: 64_000, path: [] }) as const;
const FLOWS = [flow('a', 'b'), flow('c', 'a')];
const fine = (index: number): FlowLoss => ({
  flow: index,
  sent: 1000,
  lost: 0,
  longestGapMs: 0,
  gapFromMs: undefined,
  gapToMs: undefined,
});

interface Seen {
  readonly equalAfterMs?: number | undefined;
  readonly loss?: Readonly<Record<number, Partial<FlowLoss>>>;
  readonly stallMs?: number;
  /** How long bgpd of s waited for a processor. */
  readonly waitedMs?: number;
  readonly stolenMs?: number;
}

/** What the two windows show; tables become equal so many milliseconds after the watcher is asked. */
function measured(
  predicts: FaultPrediction,
  [during, heal]: readonly [Seen, Seen],
  options: { readonly flows?: typeof FLOWS; readonly intervalMs?: number; readonly fault?: Partial<Fault> } = {},
) {
  const { flows = FLOWS, intervalMs = 1 } = options;
  let window = -1;
  let expectedMs = 0;
  const now = () => (window === 0 ? during : heal);
  const fault: Fault = {
    kind: 'made-up',
    target: 's',
    predicts,
    inject: async () => ({ atMs: nowMs() }),
    proof: async () => ({ verdict: 'pass', evidence: 'seen' }),
    heal: async () => ({ atMs: nowMs() }),
    ...options.fault,
  };
  const measure: MeasureOptions = {
    intent,
    limits: { fibMs: 500, lossMs: 500, healMs: 500 },
    observers: {
      endpoints: Object.entries(ADDRESS).map(([node, ipv4]) => ({ node, netns: '', ipv4, ipv6: '' })),
      crossing: () => new Set(),
      waits: async () => async () => {
        const { waitedMs = 0, stolenMs = 0 } = now();
        return { node: 's', program: 'bgpd', waitedMs, stolenMs };
      },
      watcher: {
        async expect() {
          window++;
          expectedMs = nowMs();
        },
        async settled(): Promise<RouteWindow> {
          const after = 'equalAfterMs' in now() ? now().equalAfterMs : 100;
          const equalAtMs = after === undefined ? undefined : expectedMs + after;
          return { equalAtMs, differences: [], changes: new Map() };
        },
        dump: async () => new Map(),
        close: async () => {},
      },
      prober: {
        flows,
        intervalMs,
        open: async () => ({ atMs: nowMs() }),
        async close(): Promise<ProbeWindow> {
          const { loss = {}, stallMs = 0 } = now();
          return { fromMs: 0, toMs: 2000, stallMs, flows: flows.map((_, i) => ({ ...fine(i), ...loss[i] })) };
        },
        stop: async () => {},
      },
    },
  };
  return measureFault(fault, measure);
}

const REMOVED: FaultPrediction = { kind: 'removed', failures: { nodes: new Set(['s']) } };
const gap = (longestGapMs: number) => ({
  lost: longestGapMs,
  longestGapMs,
  gapFromMs: 100,
  gapToMs: 100 + longestGapMs,
});

test('a fault that does what it predicts passes; what it cuts off does not count as long as it comes back', async (t) => {
  const result = await measured(REMOVED, [{ loss: { 0: gap(100), 1: gap(900) } }, { loss: { 1: gap(900) } }]);
  t.is(verdictOf(result), 'pass', whyOf(result));
  t.is(result.during.lossMs, 100);
  t.is(result.during.lostProbes, 100);
});

test('loss between endpoints that only a shorter prefix connects is counted', async (t) => {
  const { during } = await measured({ kind: 'after-last-flap', failures: {} }, [{ loss: { 1: gap(700) } }, {}]);
  t.is(during.lossMs, 700);
  t.is(during.verdict, 'fail');
});

test('a flow that loses again as the window closes has not recovered, however short that is beside an earlier gap', async (t) => {
  const { during } = await measured(REMOVED, [{ loss: { 0: { ...gap(300), openSinceMs: 1800 } } }, {}]);
  t.is(during.verdict, 'fail');
  t.regex(during.why, /still losing when the window closed: a to b/);
});

test('a pair that the fault cut off and that the heal does not bring back fails the heal', async (t) => {
  const gone = { lost: 1000, longestGapMs: 2000, gapFromMs: 0, gapToMs: undefined, openSinceMs: 0 };
  const result = await measured(REMOVED, [{ loss: { 1: gone } }, { loss: { 1: gone } }]);
  t.is(result.during.verdict, 'pass', result.during.why);
  t.is(result.heal.verdict, 'fail');
  t.regex(result.heal.why, /still losing when the window closed: c to a/);
});

test('tables that were as predicted before the fault struck show nothing', async (t) => {
  const { during } = await measured(REMOVED, [{ equalAfterMs: -1 }, {}]);
  t.is(during.verdict, 'unknown');
  t.is(during.fibMs, null);
});

test('loss that nobody looked for is unknown, and no figure', async (t) => {
  const result = await measured(REMOVED, [{}, {}], { flows: [flow('c', 'a')] });
  t.is(result.during.lossMs, null);
  t.is(result.during.lostProbes, null);
  t.is(result.during.verdict, 'unknown');
  t.regex(result.during.why, /no probe was sent/);
});

test('where no two endpoints remain connected there is nothing to lose', async (t) => {
  const { during } = await measured({ kind: 'removed', failures: { nodes: new Set(['b']) } }, [{}, {}]);
  t.is(during.lossMs, null);
  t.is(during.verdict, 'pass', during.why);
});

test('a limit of fewer than five intervals cannot be shown to be kept', async (t) => {
  t.is((await measured(REMOVED, [{}, {}], { intervalMs: 101 })).during.verdict, 'unknown');
  t.is((await measured(REMOVED, [{}, {}], { intervalMs: 100 })).during.verdict, 'pass');
});

test('while the prober stood still nothing is known of loss, but tables that never were right are', async (t) => {
  const stalled = { stallMs: 400, loss: { 0: gap(900) } };
  const unknown = await measured(REMOVED, [stalled, {}]);
  t.true(unknown.stalled);
  t.is(verdictOf(unknown), 'unknown');
  t.is(verdictOf(await measured(REMOVED, [{ ...stalled, equalAfterMs: undefined }, {}])), 'fail');
});

test('what waiting for processors may explain is unknown and worth another try; what it cannot fails', async (t) => {
  const late = { loss: { 0: gap(800) } };
  const starved = await measured(REMOVED, [{ ...late, waitedMs: 200 }, {}]);
  t.is(verdictOf(starved), 'unknown');
  t.true(starved.stalled);
  t.regex(whyOf(starved), /lost probes for 800 ms, limit 500 ms; the machine may be to blame: bgpd of s waited 200 ms/);
  const slow = await measured(REMOVED, [{ ...late, waitedMs: 20 }, {}]);
  t.is(verdictOf(slow), 'fail');
  t.false(slow.stalled);
  const fine = await measured(REMOVED, [{ waitedMs: 200 }, {}]);
  t.is(verdictOf(fine), 'pass');
  // Who stands still because the hypervisor lets another machine run does not count as waiting.
  const stolen = await measured(REMOVED, [{ ...late, stolenMs: 400 }, {}]);
  t.is(verdictOf(stolen), 'unknown');
  t.regex(whyOf(stolen), /bgpd of s waited 0 ms for a processor, and the hypervisor took 400 ms of them all/);
  t.is(verdictOf(await measured(REMOVED, [{ ...late, stolenMs: 200 }, {}])), 'fail');
});

test('after a silence as long as the detection time, sessions may have parted: what comes a reconnection later is unknown', async (t) => {
  const late = { loss: { 0: gap(1_900) } };
  const parted = await measured(REMOVED, [{ ...late, stolenMs: DETECTION_MS }, {}]);
  t.is(verdictOf(parted), 'unknown');
  t.true(parted.stalled);
  t.is(verdictOf(await measured(REMOVED, [{ ...late, stolenMs: DETECTION_MS / 2 }, {}])), 'fail');
});

test('a pair that still loses where all tables are right fails, however long daemons waited', async (t) => {
  const hole = { loss: { 0: { ...gap(300), openSinceMs: 1800 } }, waitedMs: 5_000 };
  const result = await measured(REMOVED, [hole, {}]);
  t.is(verdictOf(result), 'fail');
  t.regex(whyOf(result), /still losing when the window closed/);
  t.is(verdictOf(await measured(REMOVED, [{ ...hole, equalAfterMs: undefined }, {}])), 'unknown');
});

test('a prober that stood still says nothing of tables: late ones fail, unless the wait for processors explains them', async (t) => {
  const stalled = { stallMs: 30, equalAfterMs: 1_500 };
  t.is(verdictOf(await measured(REMOVED, [stalled, {}])), 'fail');
  t.is(verdictOf(await measured(REMOVED, [{ ...stalled, waitedMs: 400 }, {}])), 'unknown');
  t.is(verdictOf(await measured(REMOVED, [{ ...stalled, stallMs: 1_100, waitedMs: 1 }, {}])), 'unknown');
});

test('what failed stays failed, also where the lab is not whole again and has an excuse', async (t) => {
  const late = await measured(REMOVED, [{ loss: { 0: gap(800) } }, {}]);
  t.is(verdictOf({ ...late, unhealed: { what: ['leaf-1'], excuse: 'the machine may be to blame' } }), 'fail');
  const healthy = await measured(REMOVED, [{}, {}]);
  t.is(whyOf({ ...healthy, unhealed: { what: [], excuse: 'the machine may be to blame' } }), '');
});

test('what is not whole again fails, and is unknown where the machine had no processors for it', async (t) => {
  const healthy = await measured(REMOVED, [{}, {}]);
  const sick = { what: ['leaf-1 eth3 is Active'] };
  t.is(verdictOf(healthy), 'pass');
  t.is(verdictOf({ ...healthy, unhealed: sick }), 'fail');
  t.regex(whyOf({ ...healthy, unhealed: sick }), /not whole again after the heal: leaf-1 eth3 is Active$/);
  const excused = { ...healthy, unhealed: { ...sick, excuse: 'the machine may be to blame' } };
  t.is(verdictOf(excused), 'unknown');
  t.regex(whyOf(excused), /leaf-1 eth3 is Active; the machine may be to blame$/);
});

test('tables that move under a fault that should not move them fail it, also where they come back', async (t) => {
  const unchanged: FaultPrediction = { kind: 'unchanged', failures: {} };
  const [still, moved] = await Promise.all([
    measured(unchanged, [{ equalAfterMs: -1 }, {}]),
    measured(unchanged, [{ equalAfterMs: 600 }, {}]),
  ]);
  t.is(still.during.verdict, 'pass', still.during.why);
  t.is(still.during.fibMs, 0);
  t.is(moved.during.verdict, 'fail');
  t.regex(moved.during.why, /tables changed, and were right again/);
});

test('where a fault parts endpoints nothing sent after it arrives between them, and nothing else is lost', async (t) => {
  const parted: FaultPrediction = {
    kind: 'unchanged',
    failures: {},
    separated: new Map([['c', new Set(['a'])]]),
  };
  const still = { equalAfterMs: -1 };
  const silent = { lost: 900, longestGapMs: 1900, gapFromMs: 1, gapToMs: undefined, openSinceMs: 1 };
  const { during, heal } = await measured(parted, [
    { ...still, loss: { 1: silent } },
    // What the cut still keeps at first is no loss of the heal's.
    { loss: { 1: { lost: 600, longestGapMs: 900, gapFromMs: 1, gapToMs: 901 } } },
  ]);
  t.is(during.verdict, 'pass', during.why);
  t.is(during.lostProbes, 0);
  t.is(heal.verdict, 'pass', heal.why);
  const talks = await measured(parted, [{ ...still, waitedMs: 900 }, {}]);
  t.is(talks.during.verdict, 'fail');
  t.regex(talks.during.why, /probes still arrive where the network is parted: c to a \(IPv4\)/);
  // The last one that arrived was sent long after the fault struck.
  const late = await measured(parted, [{ ...still, loss: { 1: { ...silent, openSinceMs: nowMs() + 60_000 } } }, {}]);
  t.is(late.during.verdict, 'fail');
  const both = await measured(parted, [{ ...still, loss: { 0: { lost: 1 }, 1: silent } }, {}]);
  t.regex(both.during.why, /1 probes were lost between endpoints that are not parted/);
  const stuck = await measured(parted, [{ ...still, loss: { 1: silent } }, { loss: { 1: silent } }]);
  t.is(stuck.heal.verdict, 'fail');
});

test('an unchanged network of which nothing was probed is unknown', async (t) => {
  const unchanged: FaultPrediction = { kind: 'unchanged', failures: {} };
  const { during } = await measured(unchanged, [{ equalAfterMs: -1 }, {}], { flows: [] });
  t.is(during.verdict, 'unknown');
  t.is(during.lossMs, null);
});

test('a proof that saw nothing is not told as one that failed', async (t) => {
  const fault = { proof: async () => ({ verdict: 'unknown' as const, evidence: 'dark' }) };
  const result = await measured(REMOVED, [{}, {}], { fault });
  t.is(verdictOf(result), 'unknown');
  t.regex(whyOf(result), /^nobody saw it take effect: dark/);
});

test('what the oracle cannot model while the fault lasts makes it unknown', async (t) => {
  const failures = { nodes: new Set(['s']), links: new Set(['odd']) };
  const { during } = await measured({ kind: 'removed', failures }, [{}, {}]);
  t.is(during.verdict, 'unknown');
  t.regex(during.why, /the oracle cannot tell: a: ip route: not on a link/);
});

test('where no table is left to judge there is no instant at which they were right', async (t) => {
  const excluded = new Set(['a', 'b', 'c']);
  const { during } = await measured({ ...REMOVED, excluded }, [{}, {}]);
  t.is(during.fibMs, null);
  t.is(during.verdict, 'pass', during.why);
});
