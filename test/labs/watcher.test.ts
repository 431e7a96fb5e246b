/** The route watcher on bare namespaces whose routes are changed by hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { nowMs } from '../../src/linux/clock.ts';
import { startWatcher } from '../../src/probe/watcher.ts';
import type { NodeRoutes } from '../../src/router/routes.ts';
import { addLinks, type BareNamespace, namespace, namespacesMissing } from './bare-namespaces.ts';

const absent = namespacesMissing();
const lab = absent ? test.serial.skip : test.serial;
if (absent) console.log(`test/labs/watcher: skipped: ${absent}`);

const LONG = { timeoutMs: 30_000, quietMs: 100 };

function routes(table: Readonly<Record<string, string>>): NodeRoutes {
  const family = (has: (prefix: string) => boolean) =>
    new Map(
      Object.entries(table)
        .filter(([prefix]) => has(prefix))
        .map(([prefix, names]) => [prefix, names.split(' ').map((name) => ({ interface: name }))]),
    );
  return { ipv4: family((prefix) => !prefix.includes(':')), ipv6: family((prefix) => prefix.includes(':')) };
}

const BOTH = { '10.0.0.1/32': 'e1 e2', 'fd00::1/128': 'e1 e2' };
const SECOND = { '10.0.0.1/32': 'e2', 'fd00::1/128': 'e2' };

async function two(t: ExecutionContext) {
  const nodes = ['x', 'y'].map((name) => ({ name, made: namespace(t, `rtr-w${name}`) }));
  for (const { made } of nodes) {
    addLinks(made, 2);
    made.ip(
      'route add 10.0.0.1/32 proto bgp nexthop via inet6 fe80::1 dev e1 nexthop via inet6 fe80::1 dev e2',
      'route add fd00::1/128 proto bgp nexthop via fe80::1 dev e1 nexthop via fe80::1 dev e2',
    );
  }
  const watcher = await startWatcher({
    nodes: nodes.map(({ name, made }) => ({ name, netns: made.netns, peers: { e1: 's1', e2: 's2' } })),
  });
  t.teardown(() => watcher.close());
  const [x, y] = nodes.map(({ made }) => made) as [BareNamespace, BareNamespace];
  return { watcher, x, y };
}

lab('equal from the start, and still equal', async (t) => {
  const { watcher } = await two(t);
  const before = nowMs();
  await watcher.expect(
    new Map([
      ['x', routes(BOTH)],
      ['y', routes(BOTH)],
    ]),
  );
  const window = await watcher.settled(LONG);
  t.true(window.equalAtMs! >= before && window.equalAtMs! <= nowMs() - LONG.quietMs);
  t.deepEqual(window.differences, []);
  t.is(window.changes.size, 0);
});

lab('the last router decides the instant', async (t) => {
  const { watcher, x, y } = await two(t);
  const less = routes({ 'fd00::1/128': 'e1 e2' });
  await watcher.expect(
    new Map([
      ['x', less],
      ['y', less],
    ]),
  );
  const settled = watcher.settled(LONG);
  x.ip('route del 10.0.0.1/32');
  await sleep(LONG.quietMs * 2);
  const before = nowMs();
  y.ip('route del 10.0.0.1/32');
  const window = await settled;
  t.true(window.equalAtMs! > before);
  t.true(window.resolutionMs! > 0 && window.resolutionMs! < window.equalAtMs! - window.changes.get('x')!.lastMs);
  t.deepEqual(window.differences, []);
  t.deepEqual([...window.changes.keys()].sort(), ['x', 'y']);
  t.is(window.changes.get('x')!.count, 1);
  t.true(window.changes.get('x')!.lastMs < before && window.changes.get('y')!.firstMs > before);
  const { events, dropped } = await watcher.events();
  t.deepEqual(
    events.map((event) => ('prefix' in event ? [event.kind, event.node, event.family, event.prefix] : event)),
    [
      ['removed', 'x', 4, '10.0.0.1/32'],
      ['removed', 'y', 4, '10.0.0.1/32'],
    ],
  );
  t.is(dropped, 0);
  t.deepEqual((await watcher.events()).events, []);
});

lab('equal and unequal again: the later instant counts', async (t) => {
  const { watcher, x } = await two(t);
  await watcher.expect(new Map([['x', routes(BOTH)]]));
  const settled = watcher.settled({ timeoutMs: 30_000, quietMs: 400 });
  await sleep(100);
  x.ip('route add 10.0.0.9/32 proto bgp via inet6 fe80::1 dev e1');
  await sleep(100);
  const before = nowMs();
  x.ip('route del 10.0.0.9/32');
  t.true((await settled).equalAtMs! > before);
});

lab('next hops that the kernel prunes without announcing it', async (t) => {
  const { watcher, x } = await two(t);
  await watcher.expect(new Map([['x', routes(SECOND)]]));
  x.ip('link set p1 down');
  const window = await watcher.settled(LONG);
  t.deepEqual(window.differences, []);
  t.not(window.equalAtMs, undefined);
  const { events } = await watcher.events();
  t.true(events.some((event) => event.kind === 'no-carrier' && event.node === 'x' && event.interface === 'e1'));
});

lab('a time-out tells what is different, in both directions, of the judged nodes alone', async (t) => {
  const { watcher, x, y } = await two(t);
  await watcher.expect(new Map([['x', routes({ '10.0.0.1/32': 'e2', '10.0.0.2/32': 'e1' })]]));
  y.ip('route del 10.0.0.1/32');
  x.ip('route del fd00::1/128', 'route add blackhole fd02::/16 proto static');
  const window = await watcher.settled({ timeoutMs: 300, quietMs: 50 });
  t.is(window.equalAtMs, undefined);
  t.deepEqual(window.differences, [
    { node: 'x', prefix: '10.0.0.1/32', expected: ['e2'], actual: ['e1', 'e2'] },
    { node: 'x', prefix: '10.0.0.2/32', expected: ['e1'], actual: undefined },
    { node: 'x', prefix: 'fd02::/16', expected: undefined, actual: [] },
  ]);
});

lab('windows follow one another, and renamed and new interfaces are known', async (t) => {
  const { watcher, x } = await two(t);
  await watcher.expect(new Map([['x', routes(SECOND)]]));
  x.ip('link set p1 down');
  t.deepEqual((await watcher.settled(LONG)).differences, []);
  await watcher.expect(new Map([['x', routes({ ...BOTH, '10.0.0.3/32': 'renamed' })]]));
  x.ip(
    'link add e3 type veth peer name p3',
    'link set e3 name renamed',
    'link set renamed up',
    'link set p3 up',
    'link set p1 up',
    'route replace 10.0.0.1/32 proto bgp nexthop via inet6 fe80::1 dev e1 nexthop via inet6 fe80::1 dev e2',
    'route replace fd00::1/128 proto bgp nexthop via fe80::1 dev e1 nexthop via fe80::1 dev e2',
    'route add 10.0.0.3/32 proto bgp via inet6 fe80::1 dev renamed',
  );
  t.deepEqual((await watcher.settled(LONG)).differences, []);
  const tables = await watcher.dump();
  t.deepEqual([...tables.keys()], ['x', 'y']);
  t.deepEqual(tables.get('x')!.ipv4.get('10.0.0.1/32'), [
    { interface: 'e1', peer: 's1' },
    { interface: 'e2', peer: 's2' },
  ]);
  t.deepEqual(tables.get('x')!.ipv4.get('10.0.0.3/32'), [{ interface: 'renamed' }]);
});

lab('groups of next-hop objects that change under routes which do not', async (t) => {
  const { watcher, x } = await two(t);
  x.sysctl('ipv4/nexthop_compat_mode', '0');
  x.ip(
    'nexthop add id 1 via fe80::1 dev e1',
    'nexthop add id 2 via fe80::1 dev e2',
    'nexthop add id 12 group 1/2',
    'route replace 10.0.0.1/32 proto bgp nhid 12',
    'route del fd00::1/128',
  );
  await watcher.expect(new Map([['x', routes({ '10.0.0.1/32': 'e1 e2' })]]));
  t.deepEqual((await watcher.settled(LONG)).differences, []);
  await watcher.expect(new Map([['x', routes({ '10.0.0.1/32': 'e1' })]]));
  x.ip('nexthop replace id 12 group 1');
  t.deepEqual((await watcher.settled(LONG)).differences, []);
});

lab('the process that watches ends with the one that asked', async (t) => {
  const { netns } = namespace(t, 'rtr-orphan');
  const script = `const { startWatcher } = await import(process.argv[1]);
    const watcher = await startWatcher({ nodes: [{ name: 'x', netns: process.argv[2] }] });
    console.log(watcher.pid);`;
  const module = new URL('../../src/probe/watcher.ts', import.meta.url).href;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script, module, netns], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  t.true(existsSync(`/proc/${pid}`));
  parent.kill('SIGKILL');
  const deadline = Date.now() + 30_000;
  while (existsSync(`/proc/${pid}`) && Date.now() < deadline) await sleep(20);
  t.false(existsSync(`/proc/${pid}`));
});

lab('wrong use is refused, and a closed watcher says so', async (t) => {
  const { watcher } = await two(t);
  await t.throwsAsync(watcher.settled(LONG), { message: /call expect first/ });
  await t.throwsAsync(watcher.expect(new Map([['z', routes({})]])), { message: /not watched: z/ });
  await watcher.close();
  await watcher.close();
  await t.throwsAsync(watcher.dump(), { message: /process ended/ });
  await t.throwsAsync(startWatcher({ nodes: [{ name: 'x', netns: '/run/netns/rtr-none' }] }), { message: /rtr-none/ });
});
