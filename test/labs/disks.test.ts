/** Disks on real nodes: what each kind loses in a power cut, and the faults that disks have. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { InputError } from '../../src/errors.ts';
import { type Fault, faultKind } from '../../src/fault/index.ts';
import { nowMs } from '../../src/linux/clock.ts';
import { leftovers } from '../support/leftovers.ts';
import { link, node, topology } from '../support/topology.ts';

const missing = ['runc', 'mkfs.ext4'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`disks in a lab: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const KINDS = ['safe', 'cached', 'lying'] as const;
const STORE = '/var/lib/store';
const GiB = 2 ** 30;

function disked(name: string, bytes: number) {
  const nodes = KINDS.map((kind) => node(kind, { labels: { 'leafstorm-disk': `${STORE}=${bytes},kind=${kind}` } }));
  return topology(name, [...nodes, node('bare')], [link('safe:eth1', 'bare:eth1')]);
}

async function withLab(name: string, bytes: number, work: (running: RunningLab) => Promise<void>): Promise<void> {
  const given = disked(name, bytes);
  await embedded.destroy(name, { cleanup: true });
  const running = await embedded.deploy(given, { seed: 1 });
  try {
    await work(running);
  } finally {
    await running.destroy({ cleanup: true });
  }
}

lab('safe and cached disks keep what was flushed, a lying one does not, and none keeps what was not', async (t) => {
  await withLab('dskkinds', GiB, async (running) => {
    const write = (on: string, file: string, text: string, flush: boolean) =>
      running.exec(on, ['dd', `of=${STORE}/${file}`, 'status=none', ...(flush ? ['conv=fdatasync'] : [])], {
        input: text,
      });
    const read = async (on: string, file: string) => (await running.exec(on, ['cat', `${STORE}/${file}`])).stdout;
    let lied = 0;
    // The host may write a volatile cache back by itself just before the cut, as a real disk may: several times in a row would be no chance.
    for (let cut = 1; cut <= 6 && (cut <= 2 || lied === 0); cut++) {
      for (const kind of ['lying', 'cached', 'safe'] as const) {
        for (let at = 0; at < 5; at++) t.is((await write(kind, `flushed-${cut}-${at}`, `${cut}`, true)).code, 0);
        t.is((await write(kind, `unsynced-${cut}`, 'gone', false)).code, 0);
        const began = nowMs();
        await running.powerOff([kind]);
        const offMs = nowMs() - began;
        await running.powerOn([kind]);
        t.log(`${kind}: off after ${offMs.toFixed(0)} ms, on again after ${(nowMs() - began).toFixed(0)} ms`);
        const kept: string[] = [];
        for (let at = 0; at < 5; at++) kept.push(await read(kind, `flushed-${cut}-${at}`));
        const expected = Array.from({ length: 5 }, () => `${cut}`);
        if (kind !== 'lying') t.deepEqual(kept, expected, `${kind}, cut ${cut}`);
        else if (kept.some((text) => text !== `${cut}`)) lied++;
        t.not(await read(kind, `unsynced-${cut}`), 'gone', `${kind}, cut ${cut}`);
      }
    }
    t.true(lied > 0, 'a lying disk lost nothing');
  });
  t.deepEqual(
    leftovers(
      'dskkinds',
      [...KINDS, 'bare'].map((name) => `clab-dskkinds-${name}`),
    ),
    [],
  );
});

lab('disks fill up, slow down, rot and get lost: proven, and healed', async (t) => {
  await withLab('dskfault', 2 ** 26, async (running) => {
    const context = { lab: running, racks: new Map(), detectionMs: undefined, seed: 3 };
    const prepare = (kind: string, target: string): Fault => faultKind(kind).prepare(context, target);
    const write = async (file: string) =>
      (
        await running.exec('safe', ['dd', `of=${STORE}/${file}`, 'conv=fsync', 'status=none'], {
          input: `data of ${file}`,
        })
      ).code;
    const read = async (file: string) => (await running.exec('safe', ['cat', `${STORE}/${file}`])).stdout;
    t.is(await write('first'), 0);

    for (const target of ['safe', 'cached']) {
      const full = prepare('disk-full', target);
      await full.inject();
      const proof = await full.proof();
      t.is(proof.verdict, 'pass', proof.evidence);
      await full.heal();
      t.is((await full.proof()).verdict, 'fail', 'what was healed cannot be proven');
      await full.heal();
    }
    t.is(await write('after-full'), 0);

    const limits = '/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device';
    const inForce = () => (existsSync(limits) ? readFileSync(limits, 'utf8') : '');
    const before = inForce();
    for (const target of ['safe', 'cached']) {
      const slow = prepare('disk-slow', target);
      await slow.inject();
      const proof = await slow.proof();
      t.log(proof.evidence);
      t.is(proof.verdict, 'pass', proof.evidence);
      await slow.heal();
      t.is(inForce(), before, 'no limit stays');
    }

    const rot = prepare('bit-rot', 'safe');
    await rot.inject();
    const rotten = await rot.proof();
    t.log(rotten.evidence);
    t.is(rotten.verdict, 'pass', rotten.evidence);
    await rot.heal();
    t.not(`${await read('first')}${await read('after-full')}`, 'data of firstdata of after-full');

    const lost = prepare('disk-lost', 'safe');
    await lost.inject();
    const gone = await lost.proof();
    t.is(gone.verdict, 'pass', gone.evidence);
    await lost.heal();
    t.is(await read('first'), '');
    t.is(await write('again'), 0);
    t.is((await lost.proof().catch(() => ({ verdict: 'fail' }))).verdict, 'fail');
    await t.throwsAsync(running.replaceDisks('safe'), { message: /only while its power is off/ });
    t.throws(() => prepare('disk-full', 'bare'), {
      instanceOf: InputError,
      message: /bare has no disk .*: safe, cached, lying/,
    });
  });
});

lab('a disk larger than the free space of the host is refused before anything is made', async (t) => {
  const given = disked('dskhuge', 2 ** 50);
  const refusal = {
    instanceOf: InputError,
    message: /node safe: its disk at \/var\/lib\/store has 1048576\.0 GiB, and .* are free/,
  };
  await t.throwsAsync(embedded.preflight(given), refusal);
  await t.throwsAsync(embedded.deploy(given, { seed: 1 }), refusal);
  t.deepEqual(leftovers('dskhuge', ['clab-dskhuge-safe']), []);
  t.is(statSync('/var/lib/leafstorm/dskhuge', { throwIfNoEntry: false }), undefined);
});
