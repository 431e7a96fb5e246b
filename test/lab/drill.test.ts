import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { type Fault, faultKind } from '../../src/fault/index.ts';
import { type DrillOptions, drill } from '../../src/lab/drill.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { RunRecord } from '../../src/lab/record.ts';
import type { StoreFault } from '../../src/lab/store-verdict.ts';
import type { StoreUnderLoad } from '../../src/lab/stores/index.ts';
import { Trials } from '../../src/lab/stores/trials.ts';
import { nowMs } from '../../src/linux/clock.ts';
import type { RouteWindow } from '../../src/probe/observer.ts';

const NOTHING = { routes: new Map(), sessions: [], unmodelled: [] };
const right = (): RouteWindow => ({ equalAtMs: nowMs(), differences: [], changes: new Map() });
const never = (): RouteWindow => ({ equalAtMs: undefined, differences: [], changes: new Map() });

/** A drill on a lab without routers, whose prober stalls as often as it is told to. */
function drilled(
  targets: readonly string[],
  options: {
    readonly fault?: Partial<Fault>;
    readonly stalls?: number;
    readonly routes?: () => RouteWindow;
    readonly stores?: readonly StoreUnderLoad[];
    /** How long routing waited for processors in each window. */
    readonly waitedMs?: number;
  },
) {
  let { stalls = 0 } = options;
  const struck: string[] = [];
  const fault = (target: string): Fault => ({
    kind: 'rack-power',
    target,
    predicts: { kind: 'removed', failures: {} },
    inject: async () => ({ atMs: nowMs() }),
    proof: async () => ({ verdict: 'pass', evidence: '' }),
    heal: async () => ({ atMs: nowMs() }),
    ...options.fault,
  });
  const lab = {
    name: 'made-up',
    intent: {
      holdMs: 0,
      detectionMs: undefined,
      racks: new Map([
        ['rack-1', ['leaf-1', 'server-1']],
        ['rack-2', ['leaf-2', 'server-2']],
      ]),
      predict: () => NOTHING,
      oracle: { configs: new Map(), links: [] },
    },
    prepare(_kind: string, target: string) {
      struck.push(target);
      return fault(target);
    },
  } as unknown as Lab;
  const record = { beganMs: nowMs(), emit() {} } as Partial<RunRecord> as RunRecord;
  const plan: DrillOptions['plan'] = targets.map((target) => ({ kind: faultKind('rack-power'), target }));
  const done = drill({
    lab,
    plan,
    observers: {
      endpoints: [],
      crossing: () => new Set(),
      waits: async () => async () => ({ node: 's', program: 'bgpd', waitedMs: options.waitedMs ?? 0, stolenMs: 0 }),
      watcher: {
        expect: async () => {},
        settled: async () => (options.routes ?? right)(),
        dump: async () => new Map(),
        close: async () => {},
      },
      prober: {
        flows: [],
        intervalMs: 1,
        open: async () => ({ atMs: nowMs() }),
        close: async () => ({ fromMs: 0, toMs: 1, stallMs: stalls-- > 0 ? 1000 : 0, flows: [] }),
        stop: async () => {},
      },
    },
    stores: options.stores ?? [],
    expect: { convergeMs: 1000, faults: { default: { fibMs: 500, lossMs: 500, healMs: 500 } } },
    record,
    checkInterrupt() {},
  });
  return { done, struck };
}

test('a fault that cannot be measured to its end is unknown, ends the drill, and takes nothing from those before', async (t) => {
  let strikes = 0;
  const inject = async () => {
    if (++strikes === 2) throw new Error('the hand slipped');
    return { atMs: nowMs() };
  };
  const records = await drilled(['rack-1', 'rack-2', 'rack-1'], { fault: { inject } }).done;
  t.deepEqual(
    records.map(({ target, verdict }) => [target, verdict]),
    [
      ['rack-1', 'pass'],
      ['rack-2', 'unknown'],
    ],
  );
  t.is(records[1]?.proof.verdict, 'unknown');
  t.is(records[1]?.fibMs, null);
  t.regex(records[1]?.why ?? '', /the hand slipped/);
});

test('bad input is no measurement', async (t) => {
  const inject = async () => {
    throw new InputError('there is no such rack');
  };
  await t.throwsAsync(drilled(['rack-1'], { fault: { inject } }).done, { instanceOf: InputError });
});

test('a stalled prober means another try, and figures that are none are not told', async (t) => {
  const once = drilled(['rack-1'], { stalls: 1 });
  t.is((await once.done)[0]?.verdict, 'pass');
  t.is(once.struck.length, 2);

  const always = drilled(['rack-1'], { stalls: 100 });
  const [record] = await always.done;
  t.is(always.struck.length, 5);
  t.is(record?.verdict, 'unknown');
  t.deepEqual([record?.lossMs, record?.lostProbes, record?.heal.lossMs], [null, null, null]);
});

test('a failure that no stall explains is not tried away', async (t) => {
  let windows = 0;
  const routes = () => (windows++ === 0 ? never() : right());
  const { done, struck } = drilled(['rack-1'], { stalls: 1, routes });
  t.is((await done)[0]?.verdict, 'fail');
  t.is(struck.length, 1);
});

test('what is not whole is waited for longer while the machine has no processors for it, and only then', async (t) => {
  const sickFor = (looks: number) => {
    let left = looks;
    return {
      kind: 'etcd',
      members: [],
      restart: async () => {},
      healthy: async () => {
        if (left-- > 0) throw new Error('nobody leads');
      },
      noteFault() {},
      trials: new Trials(),
    } as unknown as StoreUnderLoad;
  };
  const starved = sickFor(2);
  t.is((await drilled(['rack-1'], { stores: [starved], waitedMs: 6_000 }).done)[0]?.verdict, 'pass');
  t.is(starved.trials.unrecovered, undefined);
  const idle = await drilled(['rack-1', 'rack-2'], { stores: [sickFor(1)], waitedMs: 100 }).done;
  t.deepEqual(
    idle.map(({ verdict }) => verdict),
    ['fail'],
  );
  t.regex(idle[0]?.why ?? '', /not whole again after the heal: nobody leads/);
  const hopeless = await drilled(['rack-1', 'rack-2'], { stores: [sickFor(100)], waitedMs: 6_000 }).done;
  t.deepEqual(
    hopeless.map(({ verdict }) => verdict),
    ['unknown'],
  );
  t.regex(hopeless[0]?.why ?? '', /nobody leads; the machine may be to blame: bgpd of s waited 6000 ms/);
  // Nor is it struck again, though its figures are none.
  const unmeasured = drilled(['rack-1'], { stores: [sickFor(100)], waitedMs: 6_000, stalls: 100 });
  t.is((await unmeasured.done)[0]?.verdict, 'unknown');
  t.deepEqual(unmeasured.struck, ['rack-1']);
});

test('each try strikes whoever leads as it begins, and waits where nobody does', async (t) => {
  const leaders = [undefined, 'server-1', 'server-2'];
  const noted: StoreFault[] = [];
  const store = {
    kind: 'etcd',
    members: [],
    leader: async () => {
      const node = leaders.shift();
      return node && { name: node, node, address: '' };
    },
    restart: async () => {},
    healthy: async () => {},
    noteFault: (fault: StoreFault) => noted.push(fault),
    trials: new Trials(),
  } as unknown as StoreUnderLoad;
  const { done, struck } = drilled(['leader:etcd'], { stalls: 1, stores: [store], waitedMs: 7 });
  t.is((await done)[0]?.target, 'rack-2');
  t.deepEqual(struck, ['rack-1', 'rack-2']);
  // The store's recovery from each counts, and what the machine explains of it, up to the heal and up to the end.
  t.deepEqual(
    noted.map(({ target, machine }) => [target, machine?.map(({ explainsMs }) => explainsMs)]),
    [
      ['rack-1', [21, 21]],
      ['rack-2', [21, 21]],
    ],
  );
});
