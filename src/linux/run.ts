/** Runs a program of the host to its end and collects what it says. */
import { type SpawnOptions, spawn } from 'node:child_process';

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where standard output and standard error go instead of into the result: a file descriptor. */
  readonly outputFd?: number;
  /** Milliseconds; after it the program is killed and `code` is 124. */
  readonly timeoutMs?: number;
  /** Called when the time is up; the program is killed half a second later, where that has not made it end. */
  readonly onTimeout?: () => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Where programs of the host are looked for, whatever the user's PATH is: users' PATHs often lack `sbin`, and npm puts `node_modules/.bin`
 * first, where a package's `nft` hides the real one and does nothing without a word.
 */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const TIMED_OUT = 124;
const GRACE_MS = 500;

/**
 * Starts `argv[0]` with the other words as its arguments, no shell between. The child is started before the call returns, so that
 * one started inside `inNamespace` runs in that namespace.
 * @returns never rejects because of the exit status; a signal counts as 128 + its number would in a shell
 * @throws Error where the program cannot be started
 */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('run: empty argv');
  const output = options.outputFd ?? 'pipe';
  const spawnOptions: SpawnOptions = {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', output, output],
    env: options.env ?? { ...process.env, PATH },
  };
  const child = spawn(program, args, spawnOptions);
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    let grace: NodeJS.Timeout | undefined;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            if (options.onTimeout === undefined) child.kill('SIGKILL');
            else {
              options.onTimeout();
              grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
            }
          }, options.timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`cannot start ${program}: ${error.message}`, { cause: error }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(grace);
      resolve({
        code: timedOut ? TIMED_OUT : (code ?? (signal === 'SIGKILL' ? 137 : 143)),
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    // A program that ends without reading its input is judged by its status, not by the broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
  });
}

/** As `run`, but a status other than 0 is an error that quotes the program's own words. */
export async function runOrThrow(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.code === 0) return result.stdout;
  throw new Error(
    `${argv.slice(0, 4).join(' ')} ended with ${result.code}: ${(result.stderr || result.stdout).trim()}`,
  );
}
