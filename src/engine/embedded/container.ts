/** A node's container: started by runc, which leaves nothing behind but the node's own processes. */
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDisks } from '../../disk/index.ts';
import { run } from '../../linux/run.ts';
import { diskMounts } from './bundle.ts';
import { cgroupProcesses } from './cgroup.ts';
import { rootOf } from './node-folder.ts';
import { runcRoot } from './paths.ts';
import type { LabPlan, NodePlan } from './plan.ts';
import { type Prepared, READY_FILE } from './recipes/index.ts';

const READY_MS = 60_000;
const POLL_MS = 3;
const LOG_LINES = 12;

export function nodeLog(node: NodePlan): string {
  return join(node.dir, 'log', 'node.log');
}

export function runc(plan: LabPlan, ...args: readonly string[]): string[] {
  return ['runc', '--root', runcRoot(plan.name), ...args];
}

/** Starts a node with its disks. @throws Error with what runc said */
export async function startContainer(
  plan: LabPlan,
  node: NodePlan,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  // What runc remembers of an earlier life of this node, before its power went, would stand in the way.
  rmSync(join(runcRoot(plan.name), node.container), { recursive: true, force: true });
  const argv = runc(plan, 'run', '--detach', '--bundle', node.dir, '--pid-file', join(node.dir, 'pid'), node.container);
  const log = openSync(nodeLog(node), 'a');
  try {
    const { code } = await run(withDisks(diskMounts(node), argv), { env, outputFd: log });
    if (code !== 0)
      throw new Error(`node ${node.name} did not start (runc ended with ${code}): ${tail(nodeLog(node))}`);
  } finally {
    closeSync(log);
  }
}

/**
 * Waits until process 1 says that all of the node runs.
 * @returns what went wrong inside, or `ok`
 * @throws Error where the node ends, or says nothing for a minute
 */
export async function waitReady(node: NodePlan, prepared: Prepared): Promise<string> {
  if (!prepared.reportsReady) return 'ok';
  const file = join(rootOf(node), READY_FILE);
  const until = Date.now() + READY_MS;
  for (let poll = 1; ; poll++) {
    const said = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (said.endsWith('\n')) return said.trim();
    if (Date.now() >= until)
      throw new Error(`node ${node.name} is not ready after ${READY_MS / 1000} s: ${tail(nodeLog(node))}`);
    if (poll % 100 === 0 && cgroupProcesses(node.cgroup).length === 0) {
      throw new Error(`node ${node.name} ended while it started: ${tail(nodeLog(node))}`);
    }
    await sleep(POLL_MS);
  }
}

/** Process 1 of a node, as the host counts. */
export function containerPid(node: NodePlan): number {
  return Number(readFileSync(join(node.dir, 'pid'), 'utf8'));
}

/** The last lines of a log, for a message. */
export function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n');
  } catch {
    return '(no log)';
  }
}
