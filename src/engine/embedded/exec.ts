/** Running programs inside a node. */
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killNow } from '../../linux/processes.ts';
import { run } from '../../linux/run.ts';
import type { ExecOptions, ExecResult } from '../engine.ts';
import { nodeEnvironment } from './bundle.ts';
import { cgroupProcesses } from './cgroup.ts';
import { runc, tail } from './container.ts';
import { labDir } from './paths.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import { labEnvironment } from './tools.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

let calls = 0;

/** Runs one argv in a node to its end; no shell between. Code 124 where its time was up, 255 where it cannot be started. */
export async function execInNode(
  plan: LabPlan,
  node: NodePlan,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const pidFile = join(node.dir, `exec-${process.pid}-${calls++}.pid`);
  try {
    return await run(runc(plan, 'exec', '--pid-file', pidFile, ...environment(node), node.container, ...argv), {
      env: labEnvironment(labDir(plan.name)),
      ...(options.input === undefined ? {} : { input: options.input }),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      // The program is not a child of runc as the kernel sees it: killing runc would leave it running.
      onTimeout: () => killByFile(pidFile, node.cgroup),
    });
  } finally {
    rmSync(pidFile, { force: true });
  }
}

/** Starts a program that outlives the call. @throws Error with what runc said */
export async function spawnInNode(
  plan: LabPlan,
  node: NodePlan,
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`"${name}" cannot name a log: letters, digits, "-", "_" and "." only`);
  const path = join(node.dir, 'log', `${name}.log`);
  const log = openSync(path, 'a');
  try {
    const command = runc(plan, 'exec', '--detach', ...environment(node, env), node.container, ...argv);
    const { code } = await run(command, { env: labEnvironment(labDir(plan.name)), outputFd: log });
    if (code !== 0) throw new Error(`node ${node.name}: ${argv.join(' ')} did not start: ${tail(path)}`);
  } finally {
    closeSync(log);
  }
}

function environment(node: NodePlan, more: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...nodeEnvironment(node), ...more }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
}

function killByFile(pidFile: string, cgroup: string): void {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile, 'utf8'));
  } catch {
    // It has not started yet; killing runc ends it.
    return;
  }
  // It may have ended, and its number may be another program's by now.
  if (cgroupProcesses(cgroup).includes(pid)) killNow(pid);
}
