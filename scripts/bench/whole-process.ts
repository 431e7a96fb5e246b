/** Verbs of the command line as their users wait for them: whole processes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destroy } from '../../src/index.ts';
import { type Benchmark, benchmark, median, medianMs } from './benchmark.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const runs = 5;

/** 208 routers; beside `netlab create` of the same where netlab is installed. */
export async function benchGenerate(): Promise<readonly Benchmark[]> {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-bench-'));
  try {
    let i = 0;
    const out = () => join(dir, `g${i++}`);
    const size = ['--set', 'spines=8', '--set', 'racks=200', '--set', 'servers=0'];
    const generate = () =>
      execFileSync(process.execPath, [main, 'generate', 'pod', ...size, '--out', out()], { stdio: 'ignore' });
    generate();
    const ms = await medianMs(runs, generate);
    const results = [benchmark('generate 8 spines, 200 racks', ms, 'ms', 'limit', 600)];
    const peer = netlabMs(dir);
    return peer === undefined
      ? results
      : [...results, benchmark('generate 8 spines, 200 racks', ms, 'ms', 'netlab create', peer)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** From the start of the process to every kernel table as the oracle has it. */
export async function benchDeploy(spines: number, racks: number, limitMs: number): Promise<Benchmark> {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-bench-'));
  const name = `bench-${spines}x${racks}`;
  try {
    const took: number[] = [];
    for (let i = 0; i < runs; i++) {
      const args = [
        'deploy',
        'pod',
        '--name',
        name,
        '--set',
        'servers=0',
        '--set',
        `spines=${spines}`,
        '--set',
        `racks=${racks}`,
        '--json',
      ];
      const out = execFileSync(process.execPath, [main, ...args], {
        cwd: dir,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      took.push((JSON.parse(out) as { convergeMs: number }).convergeMs);
      await destroy(name, { cleanup: true });
      rmSync(join(dir, `clab-${name}`), { recursive: true, force: true });
    }
    return benchmark(`deploy ${spines} spines, ${racks} racks`, median(took), 'ms', 'limit', limitMs);
  } finally {
    await destroy(name, { cleanup: true });
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The same fabric described for netlab: eBGP between all leaves and spines. */
function netlabMs(dir: string): number | undefined {
  try {
    execFileSync('netlab', ['version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const spines = Array.from({ length: 8 }, (_, i) => `s${i + 1}`);
  const leaves = Array.from({ length: 200 }, (_, i) => `l${i + 1}`);
  const nodes = [
    ...spines.map((name) => `  ${name}: {bgp.as: 65000}`),
    ...leaves.map((name, i) => `  ${name}: {bgp.as: ${65001 + i}}`),
  ];
  const links = spines.flatMap((spine) => leaves.map((leaf) => `- ${spine}-${leaf}`));
  const wide =
    'defaults.const.MAX_NODE_ID: 250\naddressing.p2p.ipv4: 10.128.0.0/12\naddressing.loopback.ipv4: 10.0.0.0/16';
  writeFileSync(
    join(dir, 'topology.yml'),
    `provider: clab\ndefaults.device: frr\nmodule: [bgp]\n${wide}\nnodes:\n${nodes.join('\n')}\nlinks:\n${links.join('\n')}\n`,
  );
  const began = performance.now();
  execFileSync('netlab', ['create'], { cwd: dir, stdio: 'ignore' });
  return performance.now() - began;
}
