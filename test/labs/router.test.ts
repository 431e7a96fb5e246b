/** Real FRR routers in bare namespaces: a diamond a - s1, s2 - b, so that a and b reach each other over two next hops. */
import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startWatcher } from '../../src/probe/watcher.ts';
import {
  answers,
  bgpRoutes,
  bgpSessions,
  disagreements,
  type Frr,
  interfaces,
  kernelRoutes,
  type NodeRoutes,
  nexthopGroups,
  openFrr,
  runningConfig,
  VtyError,
  zebraRoutes,
} from '../../src/router/index.ts';
import { type BareLab, bootBare } from './bare-frr.ts';

const UP_TO_MS = 60_000;

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    accessSync('/usr/lib/frr/bgpd', constants.X_OK);
    return undefined;
  } catch {
    return 'needs the package frr';
  }
}

const absent = missing();
const lab = absent ? test.serial.skip : test.serial;
if (absent) console.log(`test/labs/router: skipped: ${absent}`);

const LOOPBACKS = { a: '10.0.0.1', s1: '10.0.0.2', s2: '10.0.0.3', b: '10.0.0.4' };
const LINKS = [
  ['a', 's1'],
  ['a', 's2'],
  ['b', 's1'],
  ['b', 's2'],
] as const;

function config(node: keyof typeof LOOPBACKS, asn: number, peers: readonly string[], zebra: string): string {
  const sessions = peers.map((peer) => [
    ` neighbor to-${peer} interface remote-as external`,
    ` neighbor to-${peer} timers connect 1`,
  ]);
  return `${[
    `hostname ${node}`,
    zebra,
    ...peers.map((peer) => `interface to-${peer}\n ipv6 nd ra-interval 1\nexit`),
    `router bgp ${asn}`,
    ` bgp router-id ${LOOPBACKS[node]}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ' bgp bestpath as-path multipath-relax',
    ' timers bgp 1 3',
    ...sessions.flat(),
    ' address-family ipv4 unicast',
    `  network ${LOOPBACKS[node]}/32`,
    ' exit-address-family',
    'exit',
  ].join('\n')}\n`;
}

function diamond(prefix: string, zebra = '!'): Promise<BareLab> {
  const router = (node: keyof typeof LOOPBACKS, asn: number, ...peers: string[]) => ({
    config: config(node, asn, peers, zebra),
    loopback: LOOPBACKS[node],
  });
  const routers = {
    a: router('a', 65001, 's1', 's2'),
    s1: router('s1', 65100, 'a', 'b'),
    s2: router('s2', 65100, 'a', 'b'),
    b: router('b', 65002, 's1', 's2'),
  };
  return bootBare(prefix, routers, LINKS);
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + UP_TO_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${UP_TO_MS} ms: ${what}`);
    await sleep(50);
  }
}

const TO_B = `${LOOPBACKS.b}/32`;

function hopsToB(routes: NodeRoutes): readonly string[] | undefined {
  return routes.ipv4.get(TO_B)?.map((hop) => hop.interface);
}

/** Takes s1's end of a - s1 down, so that a loses carrier, and up again; returns when a's zebra has both next hops again. */
async function flap(bare: BareLab, a: Frr): Promise<void> {
  const zebraHops = async () => {
    const route = (await zebraRoutes(a, 4)).find(({ prefix, selected }) => prefix === TO_B && selected);
    return route?.installed ? route.nextHops.filter((hop) => hop.installed).length : 0;
  };
  bare.ip('s1', 'link', 'set', 'to-a', 'down');
  await until('one next hop after the loss', async () => (await zebraHops()) === 1);
  bare.ip('s1', 'link', 'set', 'to-a', 'up');
  await until('both next hops in zebra after the heal', async () => (await zebraHops()) === 2);
}

async function withDiamond(
  t: ExecutionContext,
  prefix: string,
  zebra: string,
  work: (bare: BareLab, a: Frr) => Promise<void>,
): Promise<void> {
  t.timeout(3 * UP_TO_MS);
  const bare = await diamond(prefix, zebra);
  const a = openFrr('a', bare.nodes['a']!.vtyDir);
  try {
    await until('a reaches b over both spines', () => hopsToB(kernelRoutes(bare.nodes['a']!.netns))?.length === 2);
    await work(bare, a);
  } finally {
    a.close();
    await bare.destroy();
  }
}

lab('a diamond of FRR routers, as FRR and as the kernel tells it', async (t) => {
  await withDiamond(t, 'rtr-say', 'zebra nexthop-group keep 1', async (bare, a) => {
    const { netns, vtyDir } = bare.nodes['a']!;
    const sessions = await bgpSessions(a);
    t.deepEqual(sessions.map(({ neighbour }) => neighbour).sort(), ['to-s1', 'to-s2']);
    t.true(sessions.every((session) => session.established && session.remoteAs === 65100 && session.family === 4));
    const paths = (await bgpRoutes(a, 4)).get(TO_B)!;
    t.deepEqual(
      paths.map(({ valid, best, multipath }) => ({ valid, best, multipath })).sort((x) => (x.best ? -1 : 1)),
      [
        { valid: true, best: true, multipath: false },
        { valid: true, best: false, multipath: true },
      ],
    );
    t.true(paths.every(({ asPath }) => asPath.join(' ') === '65100 65002'));
    const kernel = kernelRoutes(netns, { 'to-s1': 's1', 'to-s2': 's2' });
    t.deepEqual(kernel.ipv4.get(TO_B), [
      { interface: 'to-s1', peer: 's1' },
      { interface: 'to-s2', peer: 's2' },
    ]);
    t.deepEqual([...kernel.ipv4.keys()].sort(), ['10.0.0.2/32', '10.0.0.3/32', TO_B]);
    t.is(kernel.ipv6.size, 0);
    t.deepEqual(await disagreements(a, kernel), []);
    const route = (await zebraRoutes(a, 4)).find(({ prefix }) => prefix === TO_B)!;
    const group = (await nexthopGroups(a)).find(({ id }) => id === route.nextHopGroup)!;
    t.deepEqual([group.installed, group.depends.length, group.interfaces], [true, 2, ['to-s1', 'to-s2']]);
    const toS1 = (await interfaces(a)).find(({ name }) => name === 'to-s1')!;
    t.true(toS1.adminUp && toS1.operUp && toS1.neighbours.length === 1);
    const running = await runningConfig(a);
    t.deepEqual(
      running.map(({ daemon }) => daemon),
      ['zebra', 'bgpd'],
    );
    t.regex(running[1]!.config, /^router bgp 65001$/m);
    t.regex(running[1]!.version, /^\d+\.\d+/);

    t.true(await answers(vtyDir, 'bgpd', 2000));
    const refused = await t.throwsAsync(a.vty('bgpd').command('show nothing'), { instanceOf: VtyError });
    t.regex(refused!.message, /^a: bgpd: "show nothing": unknown command/);
    await bare.kill('a', 'bgpd');
    t.false(await answers(vtyDir, 'bgpd', 2000));
    await t.throwsAsync(bgpSessions(a), { instanceOf: VtyError, message: /^a: bgpd: / });
    bare.start('a', 'bgpd');
    await until('the same client speaks to the new bgpd', async () => {
      return (await bgpSessions(a).catch(() => [])).some((session) => session.established);
    });
  });
});

lab('a flap leaves the kernel with one next hop of the two that zebra believes in', async (t) => {
  await withDiamond(t, 'rtr-trap', '!', async (bare, a) => {
    await flap(bare, a);
    await sleep(2000);
    const findings = await disagreements(a, kernelRoutes(bare.nodes['a']!.netns));
    const finding = findings.find(({ prefix }) => prefix === TO_B);
    t.deepEqual(finding, {
      node: 'a',
      prefix: TO_B,
      frr: ['to-s1', 'to-s2'],
      kernel: ['to-s2'],
      message: `a: ${TO_B}: zebra says to-s1 to-s2, the kernel has to-s2`,
    });
  });
});

lab(
  'with `zebra nexthop-group keep 1` a flap leaves no disagreement, and the watcher sees both instants',
  async (t) => {
    await withDiamond(t, 'rtr-keep', 'zebra nexthop-group keep 1', async (bare, a) => {
      const { netns } = bare.nodes['a']!;
      const whole = kernelRoutes(netns);
      const watcher = await startWatcher({ nodes: [{ name: 'a', netns }] });
      try {
        const cut: NodeRoutes = {
          ipv4: new Map([
            ['10.0.0.3/32', [{ interface: 'to-s2' }]],
            [TO_B, [{ interface: 'to-s2' }]],
          ]),
          ipv6: new Map(),
        };
        await watcher.expect(new Map([['a', cut]]));
        bare.ip('s1', 'link', 'set', 'to-a', 'down');
        const lost = await watcher.settled({ timeoutMs: UP_TO_MS, quietMs: 300 });
        t.deepEqual(lost.differences, []);
        t.not(lost.equalAtMs, undefined);

        await watcher.expect(new Map([['a', whole]]));
        bare.ip('s1', 'link', 'set', 'to-a', 'up');
        const healed = await watcher.settled({ timeoutMs: UP_TO_MS, quietMs: 1000 });
        t.deepEqual(healed.differences, []);
        t.true(healed.equalAtMs! > lost.equalAtMs!);
        t.true(healed.changes.get('a')!.count > 0);
        t.log(`cut to equal and heal to equal, first changes: ${JSON.stringify([...healed.changes])}`);
      } finally {
        await watcher.close();
      }
      t.deepEqual(await disagreements(a, kernelRoutes(netns)), []);
    });
  },
);
