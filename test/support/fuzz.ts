/** Topologies and configurations that went wrong, judged and predicted as `check` does: an answer, or a refusal with its place; never anything else. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkDesign, differences, readConfigs } from '../../src/check/index.ts';
import { InputError } from '../../src/errors.ts';
import { workOut, writeFabric } from '../../src/fabric/index.ts';
import { intentOf } from '../../src/lab/intent.ts';
import { loadSource, topologyAt } from '../../src/lab/source.ts';
import { createRandom, mix } from '../../src/random.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { mutate } from './mutate.ts';

export interface FuzzOutcome {
  readonly tried: number;
  /** Refused with their places. */
  readonly refused: number;
  /** Judged with errors. */
  readonly faulty: number;
  /** Judged without. */
  readonly sound: number;
  /** Whether published inputs were there to be mutated, beside our own. */
  readonly published: boolean;
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzFailure {
  /** What `mutate` needs to make the same text of this file again. */
  readonly file: string;
  readonly seed: number;
  readonly why: string;
}

/** Folders that others published; beside the project, not part of it. */
const SHARED = join(import.meta.dirname, '../../../shared/inputs');

/** Puts so many mutated files through `check` and the oracle, always the same ones for a seed. */
export async function fuzzDesigns({
  count,
  seed,
}: {
  readonly count: number;
  readonly seed: number;
}): Promise<FuzzOutcome> {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-fuzz-'));
  const tally = { refused: 0, faulty: 0, sound: 0 };
  const failures: FuzzFailure[] = [];
  try {
    const folders = placeFolders(dir);
    const random = createRandom(seed);
    for (let i = 0; i < count; i++) {
      const folder = random.pick(folders);
      const file = random.pick(mutable(folder));
      const original = readFileSync(file, 'utf8');
      const mutation = mix(seed, i);
      writeFileSync(file, mutate(original, mutation));
      try {
        tally[await judge(folder)]++;
      } catch (error) {
        failures.push({ file: relative(dir, file), seed: mutation, why: told(error) });
      }
      writeFileSync(file, original);
    }
    return { tried: count, ...tally, published: existsSync(SHARED), failures };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Two PODs of our own, with and without servers, and what others published. */
function placeFolders(dir: string): readonly string[] {
  const own = [0, 1].map((servers) => {
    const folder = join(dir, `pod-${servers}`);
    writeFabric(workOut(leafSpine({ name: `fuzz${servers}`, spines: 2, racks: 2, servers })), folder);
    return folder;
  });
  if (!existsSync(SHARED)) return own;
  const published = readdirSync(SHARED).map((name) => {
    cpSync(join(SHARED, name), join(dir, name), { recursive: true });
    return join(dir, name);
  });
  return [...own, ...published];
}

/** The topology as often as all configurations together. */
function mutable(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const configs = files.filter((name) => name.endsWith('frr.conf'));
  const topologies = files.filter((name) => name.endsWith('.clab.yml'));
  return [...configs, ...configs.flatMap(() => topologies)].map((name) => join(folder, name));
}

/** @throws Error where it is refused without a place, or not refused but thrown */
async function judge(folder: string): Promise<'refused' | 'faulty' | 'sound'> {
  try {
    const { file, fabric } = await loadSource(folder, {});
    const topology = topologyAt(file!);
    const configs = readConfigs(topology);
    const findings = [
      ...checkDesign({ topology, configs }),
      ...(fabric === undefined ? [] : checkDesign({ topology, configs, fabric })),
    ];
    if (fabric !== undefined) differences(fabric, configs);
    intentOf(topology, undefined).predict();
    for (const { file: at, line, message } of findings) {
      if (!at.startsWith(folder) || !(line >= 1) || message === '')
        throw new Error(`no place: ${at}:${line} ${message}`);
    }
    return findings.some(({ severity }) => severity === 'error') ? 'faulty' : 'sound';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const lost = error.problems.find((problem) => !new RegExp(`^${folder}/\\S+:\\d+:\\d+: \\S`).test(problem));
    if (lost !== undefined) throw new Error(`refused without a place: ${lost}`, { cause: error });
    return 'refused';
  }
}

function told(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 6).join('\n') : String(error);
}
