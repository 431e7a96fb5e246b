/** The real command, as its users start it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
export const NODE = join(ROOT, 'node_modules', '.bin', 'node');
export const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
/** Every packet of BFD and BGP in a small lab comes well before this. */
const TIMEOUT_MS = 60_000;

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** User and group that it runs as. */
  readonly uid?: number;
  /** Words in front of the command, such as `unshare --mount`. */
  readonly before?: readonly string[];
  /** Leads a process group of its own. */
  readonly detached?: boolean;
}

export interface Ran {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  /** Standard output as it came, for a pcap. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

/** Starts `leafstorm ARGS`. */
export function start(args: readonly string[], options: CliOptions): ChildProcess {
  const { cwd, env = {}, uid, before = [], detached = false } = options;
  const [file = NODE, ...rest] = [...before, NODE, MAIN, ...args];
  const spawned: SpawnOptions = {
    cwd,
    // The tests' own cache of compiled code, a relative path, would be made in `cwd`.
    env: { ...process.env, NODE_COMPILE_CACHE: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  };
  return spawn(file, rest, spawned);
}

/** Runs `leafstorm ARGS` to its end. @throws Error where it does not end within a minute; it is killed then */
export async function leafstorm(args: readonly string[], options: CliOptions): Promise<Ran> {
  const child = start(args, options);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`leafstorm ${args.join(' ')} did not end within ${TIMEOUT_MS / 1000} s: ${text(err)}`));
    }, TIMEOUT_MS);
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stdout: text(out), bytes: Buffer.concat(out), stderr: text(err) });
    });
  });
}

/** A folder for one test, and how to remove it. */
export function temporaryFolder(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-cli-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Everything below a folder, relative to it. */
export function listing(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

/** The one JSON document on standard output. @throws SyntaxError where there is anything else */
export function json<T>({ stdout }: Ran): T {
  return JSON.parse(stdout) as T;
}
