/** The prober on a real network of namespaces. Needs root, iproute2 and nftables. */
import { setTimeout } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { nowMs } from '../../src/linux/clock.ts';
import { chooseFlows } from '../../src/probe/flows.ts';
import type { Flow, Prober, ProbeWindow } from '../../src/probe/observer.ts';
import { type PathMap, pathMap } from '../../src/probe/paths.ts';
import { receivedPackets } from '../../src/probe/paths-counters.ts';
import { withKernelLookup } from '../../src/probe/paths-lookup.ts';
import { verifyPaths } from '../../src/probe/paths-verify.ts';
import { startProber } from '../../src/probe/prober.ts';
import { selfTest } from '../../src/probe/prober-self-test.ts';
import { spreadBetween } from '../../src/probe/spread.ts';
import { isVoid, lossOf } from '../../src/probe/windows.ts';
import { type ProbeNet, probeNet } from './probe-net.ts';

const INTERVAL_MS = 2;
const ACROSS = 'a:eth2--m1:eth1';

const test = anyTest as TestFn<{ net: ProbeNet; map: PathMap; flows: readonly Flow[] }>;
const isRoot = process.getuid?.() === 0;
const rootTest = isRoot ? test.serial : test.skip;

test.before(async (t) => {
  if (!isRoot) {
    t.log('skipped: making network namespaces needs root');
    return;
  }
  const net = probeNet(`prb${process.pid}`);
  t.context.net = net;
  t.context.map = pathMap(net.links);
  t.context.flows = withKernelLookup(net.nodes, (lookup) => chooseFlows({ ...net, lookup, seed: 7 })).flows;
  // Neighbours of a link that has just come up are not there at once.
  const prober = await startProber({ ...net, flows: t.context.flows, intervalMs: INTERVAL_MS });
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      await prober.open();
      await setTimeout(100);
      if (lossOf(await prober.close()).lost === 0) return;
    }
  } finally {
    await prober.stop();
  }
  throw new Error('the test network does not carry packets');
});

test.after.always((t) => t.context.net?.remove());

/** Runs with a prober of its own, and again where the machine stalled it: a void window says nothing. */
async function measured(
  net: ProbeNet,
  flows: readonly Flow[],
  work: (prober: Prober) => Promise<ProbeWindow>,
): Promise<ProbeWindow> {
  for (let attempt = 1; ; attempt++) {
    const prober = await startProber({ endpoints: net.endpoints, flows, intervalMs: INTERVAL_MS });
    try {
      const window = await work(prober);
      if (!isVoid(window, INTERVAL_MS) || attempt === 5) return window;
    } finally {
      await prober.stop();
    }
  }
}

const crosses = (flow: Flow, link: string) => flow.path.some((step) => step.link === link);

rootTest('flows cross every link both ways by both families, as the kernels route them', (t) => {
  const { net, flows } = t.context;
  const chosen = withKernelLookup(net.nodes, (lookup) => chooseFlows({ ...net, lookup, seed: 7 }));
  t.deepEqual([chosen.uncovered, chosen.astray], [[], []]);
  t.deepEqual(chosen.flows, flows);
  t.true(flows.length >= 8 && flows.length <= 10);
});

rootTest('a healthy network loses nothing', async (t) => {
  const { net, flows } = t.context;
  const window = await measured(net, flows, async (prober) => {
    await prober.open();
    await setTimeout(1000);
    return prober.close();
  });
  t.log(`stall ${window.stallMs.toFixed(1)} ms`);
  const { sent, lost, longestGapMs } = lossOf(window);
  t.true(sent > 0);
  t.deepEqual({ lost, longestGapMs }, { lost: 0, longestGapMs: 0 });
  t.is(
    window.buckets?.sent.reduce((sum, count) => sum + count),
    sent,
  );
});

rootTest('interfaces count the flows where their paths say that they go', async (t) => {
  const { net, flows } = t.context;
  const verify = (claimed: readonly Flow[]) => async (prober: Prober) => {
    const { mismatches, window } = await verifyPaths({ ...prober, flows: claimed }, net.links, () =>
      receivedPackets(net.nodes),
    );
    found = mismatches;
    return window;
  };
  let found: readonly { readonly link: string; readonly direction: string }[] = [];
  await measured(net, flows, verify(flows));
  t.deepEqual(found, []);
  // A flow that claims the other way is caught.
  const liar = flows.findIndex((flow) => flow.from === 's' && crosses(flow, ACROSS));
  const other = flows.find((flow) => flow.from === 's' && !crosses(flow, ACROSS))!;
  const lies = flows.with(liar, { ...flows[liar]!, path: other.path });
  await measured(net, flows, verify(lies));
  t.deepEqual(
    found.map(({ link, direction }) => `${link} ${direction}`),
    ['a:eth3--m2:eth1 aToZ', 'm2:eth2--b:eth3 aToZ'],
  );
});

rootTest('a link silent for 100 ms is a gap of at least that on the flows across it, and on no other', async (t) => {
  const { net, flows } = t.context;
  let silentMs = 0;
  const window = await measured(net, flows, async (prober) => {
    await prober.open();
    await setTimeout(50);
    const { atMs } = net.silence('m1', 'eth1');
    await setTimeout(100);
    silentMs = nowMs() - atMs;
    net.mend('m1');
    await setTimeout(100);
    return prober.close();
  });
  const gaps = window.flows.map(({ longestGapMs }) => longestGapMs.toFixed(1)).join(' ');
  t.log(`silent for ${silentMs.toFixed(1)} ms, gaps ${gaps}, stall ${window.stallMs.toFixed(1)} ms`);
  for (const { flow, lost, longestGapMs, gapFromMs, gapToMs } of window.flows) {
    if (crosses(flows[flow]!, ACROSS)) {
      t.true(lost > 0);
      t.true(longestGapMs >= silentMs);
      t.is(longestGapMs, gapToMs! - gapFromMs!);
    } else {
      t.is(lost, 0);
    }
  }
  const buckets = window.buckets?.lost ?? [];
  t.is(
    buckets.reduce((sum, count) => sum + count),
    lossOf(window).lost,
  );
  t.is(buckets[0], 0);
});

rootTest('the self-test proves that loss is seen, and catches paths that are not as claimed', async (t) => {
  const { net, flows } = t.context;
  const options = {
    link: ACROSS,
    block: async () => net.silence('m1', 'eth1'),
    unblock: async () => net.mend('m1'),
  };
  const results: string[] = [];
  const prove = (claimed: readonly Flow[]) => async (prober: Prober) => {
    const { verdict, why, window } = await selfTest({ ...prober, flows: claimed }, options);
    t.log(`${verdict}: ${why}`);
    results.push(verdict);
    return window;
  };
  const proven = async (claimed: readonly Flow[]) => {
    for (let tries = 1; ; tries++) {
      await measured(net, flows, prove(claimed));
      if (results.at(-1) !== 'unknown' || tries === 5) return results.at(-1);
    }
  };
  t.is(await proven(flows), 'pass');
  const blind = flows.map((flow) => ({ ...flow, path: flow.path.map((step) => ({ ...step, link: ACROSS })) }));
  t.is(await proven(blind), 'fail');
});

rootTest('flows survive an endpoint that loses its link and addresses and gets them back', async (t) => {
  const { net, flows } = t.context;
  let offMs = 0;
  const window = await measured(net, flows, async (prober) => {
    await prober.open();
    net.unplug('d');
    const atMs = nowMs();
    await setTimeout(200);
    offMs = nowMs() - atMs;
    net.plug('d');
    await setTimeout(3000);
    return prober.close();
  });
  for (const { flow, lost, gapToMs } of window.flows) {
    t.true(lost > 0, `flow ${flow}`);
    t.not(gapToMs, undefined, `flow ${flow} came back`);
  }
  t.log(`off for ${offMs.toFixed(0)} ms, longest gap ${lossOf(window).longestGapMs.toFixed(0)} ms`);
});

rootTest('windows are apart: what one lost does not show in the next', async (t) => {
  const { net, flows } = t.context;
  net.silence('m1', 'eth1');
  const prober = await startProber({ endpoints: net.endpoints, flows, intervalMs: INTERVAL_MS });
  try {
    await prober.open();
    await setTimeout(50);
    await t.throwsAsync(prober.open(), { message: /open already/ });
    t.true(lossOf(await prober.close()).lost > 0);
    net.mend('m1');
    await prober.open();
    await setTimeout(50);
    t.is(lossOf(await prober.close()).lost, 0);
    await t.throwsAsync(prober.close(), { message: /no window is open/ });
  } finally {
    await prober.stop();
  }
  await t.throwsAsync(prober.open(), { message: /has ended/ });
});

rootTest('the kernels spread flows evenly over the two ways', (t) => {
  const { net, map } = t.context;
  const [from, to] = [net.endpoints[0]!, net.endpoints[1]!];
  for (const family of [4, 6] as const) {
    const spreads = withKernelLookup(net.nodes, (lookup) => spreadBetween({ map, lookup, from, to, family, seed: 1 }));
    t.deepEqual(
      spreads.map(({ node, iif, polarised }) => [node, iif, polarised]),
      [['a', 'eth1', false]],
    );
    t.true(spreads[0]?.alone.even);
    t.log(`IPv${family}: ${[...(spreads[0]?.alone.counts ?? [])].join(' ')}`);
  }
});
