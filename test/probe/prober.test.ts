import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { intervalFor, startProber } from '../../src/probe/prober.ts';

test('the wanted interval holds until the budget of 20,000 packets a second is spent', (t) => {
  t.is(intervalFor(1, 1), 1);
  t.is(intervalFor(20, 1), 1);
  t.is(intervalFor(64, 1), 3.2);
  t.is(intervalFor(64, 10), 10);
  t.is(intervalFor(1600, 5), 80);
});

const flow = { from: 'a', to: 'b', family: 4, sourcePort: 61_000, destinationPort: 63_999, path: [] } as const;

test('a flow of an unknown endpoint is named', async (t) => {
  await t.throwsAsync(startProber({ endpoints: [], flows: [flow], intervalMs: 1 }), { message: /flow names b/ });
});

test('a namespace that is not there is named with its node', async (t) => {
  const endpoint = { ipv4: '10.0.0.1', ipv6: 'fd00::1', netns: '/run/netns/prb-absent' };
  const endpoints = ['a', 'b'].map((node) => ({ ...endpoint, node }));
  await t.throwsAsync(startProber({ endpoints, flows: [flow], intervalMs: 1 }), { message: /on b: .*prb-absent/ });
});

test('an interval must be one', async (t) => {
  await t.throwsAsync(startProber({ endpoints: [], flows: [], intervalMs: 0 }), { instanceOf: RangeError });
  await t.throwsAsync(startProber({ endpoints: [], flows: [], intervalMs: Number.NaN }), { instanceOf: RangeError });
});

/** Parent of a process that runs; undefined where it has ended, reaped or not. */
async function parentOf(pid: string): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, state, parent] = /\) (\S) (\d+) /.exec(stat) ?? [];
  return parent === undefined || state === 'Z' ? undefined : Number(parent);
}

async function childrenOf(pid: number): Promise<readonly string[]> {
  const children: string[] = [];
  for (const entry of await readdir('/proc')) {
    if (/^\d+$/.test(entry) && (await parentOf(entry)) === pid) children.push(entry);
  }
  return children;
}

test('the process goes when its parent is killed, even with a window open', async (t) => {
  const script = `
    import { startProber } from ${JSON.stringify(new URL('../../src/probe/prober.ts', import.meta.url).href)};
    const prober = await startProber({ endpoints: [], flows: [], intervalMs: 1 });
    await prober.open();
    console.log('open');`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const [prober, ...others] = await childrenOf(parent.pid!);
  t.deepEqual(others, []);
  parent.kill('SIGKILL');
  while ((await parentOf(prober!)) !== undefined) await setTimeout(20);
  t.pass();
});

test('it ends with stop, and says so when asked later', async (t) => {
  const prober = await startProber({ endpoints: [], flows: [], intervalMs: 1 });
  await prober.open();
  t.deepEqual((await prober.close()).flows, []);
  await prober.stop();
  await prober.stop();
  await t.throwsAsync(prober.open(), { message: /has ended/ });
});
