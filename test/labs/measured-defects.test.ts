/**
 * Needs root, runc, FRR and etcd: defects that show only while a lab is probed, broken or under load. One lab is shared, and each
 * defect is planted in it, found, and taken back; what changes the lab's files has a run of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Assertion } from '../../src/assert/index.ts';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { assertBaseline, sessionsWhole } from '../../src/lab/baseline.ts';
import { verdictOf, whyOf } from '../../src/lab/fault-verdict.ts';
import { defineLab, Lab, type LabDefinition, run } from '../../src/lab/index.ts';
import { measureFault } from '../../src/lab/measure.ts';
import { type Observation, observe } from '../../src/lab/observe.ts';
import { topologyAt, topologyFileOf } from '../../src/lab/source.ts';
import { type StoreUnderLoad, startStores } from '../../src/lab/stores/index.ts';
import type { VerdictFile } from '../../src/lab/verdict-file.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import { type Prober, selfTest } from '../../src/probe/index.ts';
import type { Reporter } from '../../src/report/index.ts';
import { leaderWithin } from '../../src/store/leader.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { designDefects } from '../support/design-defects.ts';
import { isExcused, unexcused } from '../support/excused.ts';
import { drop, type PlantedFolder, plantedFolder, swap } from '../support/planted-folder.ts';

const missing = ['runc', '/usr/lib/frr/bgpd', 'etcd'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`measured defects: skipped, ${skipped}`);
const defect = skipped === undefined ? test.serial : test.serial.skip;

const SEED = 11;
const LINK = 'spine-1:eth1--leaf-1:eth1';
const SERVERS = ['server-1-1', 'server-2-1', 'server-3-1'];
// Hold timers as short as they get: what only they can see is waited for.
const PARAMETERS = {
  name: 'def-m',
  spines: 2,
  racks: 3,
  servers: 1,
  serverDiskBytes: 256 * 1024 * 1024,
  timers: { keepalive: 1, hold: 3 },
  // Slow enough for a busy machine, on which sessions that time out would look like the defect.
  bfd: { intervalMs: 300 },
};
const LIMITS = { fibMs: 1000, lossMs: 1000, healMs: 2000 };

const base = mkdtempSync(join(tmpdir(), 'leafstorm-measured-'));
/** Assertions that some test has seen fail. */
const shown = new Set<string>();
let folder: PlantedFolder;
let lab: Lab;

test.before('a healthy lab', async () => {
  if (skipped !== undefined) return;
  await embedded.destroy('def-m', { cleanup: true });
  folder = plantedFolder(PARAMETERS);
  lab = await Lab.deploy({ topology: topologyAt(topologyFileOf(folder.dir)), fabric: folder.fabric }, { seed: SEED });
  await whole();
});

test.after.always(async () => {
  await lab?.destroy({ cleanup: true });
  folder?.remove();
  rmSync(base, { recursive: true, force: true });
});

/** Waits until nothing of the last defect is left. */
async function whole(): Promise<void> {
  const { tookMs, differences } = await lab.converged();
  const broken = await sessionsWhole(lab, lab.intent.predict(), 30_000);
  if (tookMs === undefined || broken.length > 0) throw new Error(JSON.stringify([...differences, ...broken]));
}

/** The assertion that must not pass, with its target. */
function blames(t: ExecutionContext, assertions: readonly Assertion[], name: string, target: string): Assertion {
  const words = assertions.map((one) => `${one.verdict} ${one.name} ${one.target}: ${one.why}`).join('\n');
  const found = assertions.find((one) => one.name === name && one.target === target && one.verdict !== 'pass');
  t.truthy(found, `nothing says ${name} ${target}:\n${words}`);
  shown.add(name);
  t.log(`${name} ${target}: ${found!.why}`);
  return found!;
}

/** What the probes say, from start to end. A window in which the prober stood still is none, and is repeated. */
async function proveProbes(
  on: Lab,
  between: (eyes: Observation) => Promise<unknown> = async () => {},
  undo: () => Promise<unknown> = async () => {},
) {
  for (let attempt = 1; ; attempt++) {
    const eyes = await observe(on, SEED);
    try {
      await between(eyes);
      const { assertions } = await eyes.prove();
      if (attempt === 3 || assertions.every(({ verdict }) => verdict !== 'unknown')) return assertions;
    } finally {
      await eyes.stop();
      // The next attempt plans its flows on the whole lab again.
      await undo();
    }
  }
}

/** Prepares or does something with a lab some of whose hands do nothing, or something else. */
async function withHands<T>(hands: Partial<RunningLab>, work: () => T | Promise<T>): Promise<T> {
  const { running } = lab;
  Object.assign(lab, { running: { ...running, ...hands } });
  try {
    return await work();
  } finally {
    Object.assign(lab, { running });
  }
}

const nothing = async () => ({ atMs: nowMs() });

defect('the healthy lab passes: baseline, probes', async (t) => {
  const all = [...(await assertBaseline(lab, lab.intent.predict())), ...(await proveProbes(lab))];
  t.deepEqual(
    all.filter(({ verdict }) => verdict !== 'pass'),
    [],
  );
});

defect('a link that loses packets while nothing is broken', async (t) => {
  const loss = 0.03;
  await lab.running.impair(LINK, { loss: { aToZ: loss, zToA: loss } });
  try {
    // The self-test puts another impairment on another link, and the loss on this one stays.
    blames(t, await proveProbes(lab), 'no-loss', LINK);
  } finally {
    await lab.running.impair(LINK, {});
  }
});

defect('probes that do not cross what they claim', async (t) => {
  const down = async () => {
    await lab.running.setLink(LINK, 'down');
    await lab.converged({ failures: { links: new Set([LINK]) } });
  };
  const up = async () => {
    await lab.running.setLink(LINK, 'up');
    await whole();
  };
  blames(t, await proveProbes(lab, down, up), 'probes-cross', LINK);
});

defect('maximum-paths 1 on all leaves: links that no probe can cross', async (t) => {
  const set = (paths: number) =>
    Promise.all(
      ['leaf-1', 'leaf-2', 'leaf-3'].map((leaf) => {
        const asn = lab.fabric!.nodes.find(({ name }) => name === leaf)!.asn;
        const families = ['ipv4', 'ipv6'].flatMap((family) => [
          `address-family ${family} unicast`,
          `maximum-paths ${paths}`,
          'exit-address-family',
        ]);
        const lines = ['configure terminal', `router bgp ${asn}`, ...families];
        return lab.exec(leaf, ['vtysh', ...lines.flatMap((line) => ['-c', line])]);
      }),
    );
  await set(1);
  await sleep(3000);
  try {
    const assertions = await proveProbes(lab);
    const links = assertions.filter(({ name, verdict }) => name === 'probes-cover' && verdict === 'fail');
    t.is(links.length, 3, 'all links of one spine');
    for (const { target } of links) blames(t, assertions, 'probes-cover', target);
    t.is(new Set(links.map(({ target }) => target.split(':')[0])).size, 1);
  } finally {
    await set(64);
    await whole();
  }
});

defect('flows hashed by addresses alone', async (t) => {
  const { netns } = lab.running.node('leaf-1');
  const set = (ipv4: string, ipv6: string) =>
    inNamespace(netns, () => {
      writeFileSync('/proc/sys/net/ipv4/fib_multipath_hash_policy', ipv4);
      writeFileSync('/proc/sys/net/ipv6/fib_multipath_hash_policy', ipv6);
    });
  set('0', '0');
  try {
    blames(t, await proveProbes(lab), 'ecmp-spread', 'leaf-1');
  } finally {
    set('3', '1');
  }
});

defect('probes that do not see loss', async (t) => {
  const assertions = await withHands({ impair: nothing }, () => proveProbes(lab));
  const link = assertions.find(({ name }) => name === 'probes-see-loss')!.target;
  t.true(lab.running.links.some(({ name }) => name === link));
  t.is(blames(t, assertions, 'probes-see-loss', link).verdict, 'fail');
});

defect('a prober that forgets what it lost', async (t) => {
  const eyes = await observe(lab, SEED);
  try {
    const forgetful: Prober = {
      ...eyes.prober,
      async close() {
        const window = await eyes.prober.close();
        return { ...window, stallMs: 0, flows: window.flows.map((flow) => ({ ...flow, lost: 0, longestGapMs: 0 })) };
      },
    };
    const link = eyes.prober.flows[0]!.path[0]!.link;
    const block = () => lab.running.impair(link, { loss: { aToZ: 1, zToA: 1 } });
    const unblock = () => lab.running.impair(link, {});
    const { verdict, why } = await selfTest(forgetful, { link, block, unblock });
    t.is(verdict, 'fail');
    t.true(why.includes(`crosses ${link}`), why);
  } finally {
    await eyes.stop();
  }
});

/** Faults of disks are tested with the disks. */
const FAULTS = [
  ['link-down', LINK],
  ['link-silent', LINK],
  ['link-silent-one-way', LINK],
  ['link-lossy', LINK],
  ['link-flap', LINK],
  ['switch-power', 'spine-1'],
  ['control-plane-frozen', 'spine-1'],
  ['daemon-killed', 'spine-1'],
  ['rack-power', 'rack-1'],
] as const;

defect('faults that take no effect: the proof of each kind fails and names its target', async (t) => {
  const hands = { setLink: nothing, impair: nothing, powerOff: nothing, pause: async () => {}, kill: async () => 1 };
  const prove = async ([kind, target]: readonly [string, string]) => {
    const fault = lab.prepare(kind, target);
    await fault.inject();
    return { kind, target, ...(await fault.proof()) };
  };
  for (const { kind, target, verdict, evidence } of await withHands(hands, () => Promise.all(FAULTS.map(prove)))) {
    t.is(verdict, 'fail', kind);
    const parts = lab.intent.racks.get(target) ?? target.split('--').map((end) => end.replace(/:.*/, ''));
    for (const part of parts) t.true(evidence.includes(part), evidence);
    t.log(`${kind}: ${evidence}`);
  }
});

defect('a fault that takes no effect fails, although nothing was lost', async (t) => {
  const eyes = await observe(lab, SEED);
  try {
    const fault = await withHands({ setLink: nothing }, () => lab.prepare('link-flap', LINK));
    const measured = await measureFault(fault, { intent: lab.intent, observers: eyes, limits: LIMITS });
    t.is(measured.during.verdict, 'pass', measured.during.why);
    t.is(verdictOf({ ...measured, stalled: false }), 'fail');
    t.regex(whyOf(measured), /did not take effect: seen without carrier 0 times of 3; now spine-1:eth1 up/);
  } finally {
    await eyes.stop();
  }
});

defect('a lossy link that loses more than it should', async (t) => {
  const eyes = await observe(lab, SEED);
  try {
    const { impair } = lab.running;
    const worse: RunningLab['impair'] = (link, { loss }) =>
      impair(link, loss === undefined ? {} : { loss: { aToZ: 0.1, zToA: 0.1 } });
    const fault = await withHands({ impair: worse }, () => lab.prepare('link-lossy', LINK));
    const measure = () => measureFault(fault, { intent: lab.intent, observers: eyes, limits: LIMITS });
    let measured = await measure();
    // As a drill does: what the machine had no processors to measure is measured again.
    for (let tries = 1; tries < 5 && measured.stalled; tries++) {
      await whole();
      measured = await measure();
    }
    t.is(measured.proof.verdict, 'pass');
    t.is(measured.during.verdict, 'fail');
    t.regex(measured.during.why, /probes over the link were lost, \d+ to \d+ were due/);
  } finally {
    await eyes.stop();
    await lab.running.impair(LINK, {});
    await whole();
  }
});

/** One store on the shared lab, gone afterwards with its data. */
async function withStore(
  t: ExecutionContext,
  plan: object,
  work: (store: StoreUnderLoad) => Promise<void>,
): Promise<void> {
  const whole = {
    kind: 'etcd' as const,
    members: SERVERS,
    clientNodes: SERVERS,
    clients: 8,
    keys: 4,
    rate: 400,
    ...plan,
  };
  const [store] = await startStores(lab, [whole], { seed: SEED, historyFile: join(base, `${t.title.length}.jsonl`) });
  try {
    await work(store!);
  } finally {
    await store!.stop();
    // A test that failed in the middle may have left them off.
    await lab.running.powerOn(SERVERS);
    for (const node of SERVERS) {
      await lab.running.kill(node, 'etcd');
      await lab.exec(node, ['rm', '-rf', '/var/lib/store/etcd']);
    }
  }
}

defect('a client that calls a time-out a failure', async (t) => {
  await withStore(t, { treatTimeoutAs: 'fail', timeoutMs: 4, clients: 12, rate: 2000 }, async (store) => {
    for (let round = 0; round < 3; round++) {
      await sleep(700);
      const leader = await leaderWithin(store, 20_000);
      await lab.running.pause(leader.node);
      await sleep(300);
      await lab.running.unpause(leader.node);
      await store.healthy(10_000);
    }
    const { assertions, record } = await store.judge();
    t.is(record.verdict, 'fail');
    t.is(blames(t, assertions, 'linearizable', 'etcd').verdict, 'fail');
  });
});

defect('an etcd that does not wait for its disks, and a power cut of all its racks', async (t) => {
  await withStore(t, { unsafeNoFsync: true, keys: 500, rate: 800 }, async (store) => {
    await sleep(700);
    // What is on the disks now is whole: the members come back, and lack what they acknowledged since. Many keys, for a later write hides a loss.
    await Promise.all(SERVERS.map((node) => lab.exec(node, ['sync'])));
    await sleep(1500);
    await lab.running.powerOff(SERVERS);
    await lab.running.powerOn(SERVERS);
    await store.restart(SERVERS);
    await store.healthy(15_000);
    const { assertions, record } = await store.judge();
    t.log(assertions.map(({ name, why }) => `${name}: ${why}`).join('\n'));
    t.is(record.verdict, 'fail');
    t.true(record.lost > 0 && record.rpo === record.lost);
    t.is(blames(t, assertions, 'no-acknowledged-write-lost', 'etcd').verdict, 'fail');
  });
  await whole();
});

defect('a store that does not come back', async (t) => {
  await withStore(t, {}, async (store) => {
    await sleep(500);
    // Two of three never start again: no quorum.
    await lab.running.kill('server-2-1', 'etcd');
    const { atMs } = await lab.running.powerOff(['server-1-1']);
    await lab.running.powerOn(['server-1-1']);
    store.noteFault({ kind: 'rack-power', target: 'rack-1', atMs });
    const error = await t.throwsAsync(store.healthy(1000));
    t.regex(error!.message, /server-1-1 does not serve/);
    t.regex(error!.message, /server-2-1 does not serve/);
    const { assertions, record } = await store.judge();
    t.is(record.verdict, 'unknown');
    t.is(record.rtoMs, null);
    t.regex(
      blames(t, assertions, 'recovered', 'etcd').why,
      /no write was acknowledged any more after rack-power rack-1/,
    );
  });
  await whole();
});

/** A whole run with faults on a folder with a defect. */
async function wholeRun(
  definition: Partial<LabDefinition>,
  plant: (folder: PlantedFolder) => void,
  /** Told of the folder that is run once a fault is in force. */
  struck: (topologyDir: string) => void = () => {},
): Promise<VerdictFile> {
  const parameters = { ...PARAMETERS, name: 'def-r', serverDiskBytes: 0 };
  const planted = plantedFolder(parameters);
  const home = mkdtempSync(join(base, 'run-'));
  const reporter: Reporter = ({ type }) => {
    if (type !== 'proof') return;
    const [time = ''] = readdirSync(join(home, 'runs', 'def-r'));
    struck(join(home, 'runs', 'def-r', time, 'topology'));
  };
  await embedded.destroy('def-r', { cleanup: true });
  try {
    plant(planted);
    const whole = defineLab({
      name: 'def-r',
      summary: 'a small fabric for defects',
      design: () => leafSpine(parameters),
      stores: () => [],
      faults: [],
      expect: { convergeMs: 10_000, faults: { default: LIMITS } },
      ...definition,
    });
    return (await run(planted.dir, { base: home, definition: whole, seed: SEED, reporters: [reporter] })).verdict;
  } finally {
    planted.remove();
  }
}

defect("FRR's next-hop groups left at their default: ECMP is lost after a flap", async (t) => {
  const { assertions, faults } = await wholeRun({ faults: [{ kind: 'link-flap', target: LINK }] }, ({ config }) =>
    config('leaf-1', drop('no zebra nexthop kernel enable')),
  );
  t.is(faults[0]?.verdict, 'fail');
  t.regex(faults[0]?.why ?? '', /leaf-1: \S+ goes via eth2 instead of eth1, eth2/);
  blames(t, assertions, 'check', 'leaf-1');
  blames(t, assertions, 'after-routes', 'leaf-1');
  t.regex(
    blames(t, assertions, 'after-frr-and-kernel-agree', 'leaf-1').why,
    /zebra says eth1 eth2, the kernel has eth2/,
  );
});

defect('no BFD: a silent link is seen by the hold timer only', async (t) => {
  const { faults } = await wholeRun({ faults: [{ kind: 'link-silent', target: LINK }] }, (folder) => {
    for (const { name } of folder.fabric.nodes) folder.config(name, drop(' bfd'));
    folder.forgetIntent();
  });
  const [fault] = faults;
  t.is(fault?.proof.verdict, 'pass');
  if (isExcused(fault!)) return t.log(`not measured: ${fault?.why}`);
  t.is(fault?.verdict, 'fail');
  t.true(fault!.fibMs! > LIMITS.fibMs && fault!.lossMs! > LIMITS.lossMs);
  t.regex(fault?.why ?? '', /tables were right after \d+ ms, limit 1000 ms; .* lost probes for \d+ ms, limit 1000 ms/);
  t.is(fault?.target, LINK);
});

defect(
  'a router whose file is not what it runs: a power cut brings the defect out, and what follows is not measured',
  async (t) => {
    const { assertions, faults } = await wholeRun(
      {
        faults: [
          { kind: 'switch-power', target: 'spine-1' },
          { kind: 'link-down', target: LINK },
        ],
      },
      () => {},
      (dir) => {
        const file = join(dir, 'configs', 'spine-1', 'frr.conf');
        writeFileSync(file, swap('router bgp 4200000000', 'router bgp 4200000099')(readFileSync(file, 'utf8')));
      },
    );
    t.is(faults.length, 1);
    t.is(faults[0]?.verdict, 'fail');
    t.is(faults[0]?.target, 'spine-1');
    t.regex(faults[0]?.why ?? '', /not whole again after the heal: spine-1:eth1--leaf-1:eth1: /);
    const struck = blames(t, assertions, 'struck', `link-down ${LINK}`);
    t.is(struck.verdict, 'unknown');
  },
);

/** Those that pass are emitted by a whole run; these come only where something is wrong. */
const ONLY_IN_TROUBLE = ['struck', 'recovered'];

defect('every assertion that a run makes has been seen to fail', async (t) => {
  const whole = await wholeRun(
    {
      design: () => leafSpine(PARAMETERS),
      stores: () => [{ kind: 'etcd', members: SERVERS, clientNodes: SERVERS, clients: 4, keys: 4, rate: 100 }],
      faults: [{ kind: 'link-down', target: LINK }],
      // It is not about time: the machine may be busy.
      expect: { convergeMs: 60_000, faults: { default: { fibMs: 5000, lossMs: 5000, healMs: 20_000 } } },
    },
    () => {},
  );
  t.deepEqual(unexcused(whole), []);
  const made = new Set([...whole.assertions.map(({ name }) => name.replace(/^after-/, '')), ...ONLY_IN_TROUBLE]);
  const planted = new Set([
    ...designDefects.flatMap(({ run: seen }) => ('unseen' in seen ? [] : seen.map(({ name }) => name))),
    ...[...shown].map((name) => name.replace(/^after-/, '')),
  ]);
  t.deepEqual(
    [...made].filter((name) => !planted.has(name)),
    [],
    'an assertion that no planted defect makes fail',
  );
});
