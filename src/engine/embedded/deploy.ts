/** Making a topology real, phase by phase. All or nothing. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Topology } from 'containerlab-ts';
import { InputError, MissingError } from '../../errors.ts';
import { nowMs } from '../../linux/clock.ts';
import { lockHolder, tryLock } from '../../linux/flock.ts';
import type { DeployOptions } from '../engine.ts';
import { requireBindSources } from './binds.ts';
import { groupsBelow } from './cgroup.ts';
import { startContainer, waitReady } from './container.ts';
import { removeEverything } from './destroy.ts';
import { requireDiskSpace } from './disk-space.ts';
import { ignoredSettings } from './ignored.ts';
import { makeLinks, verifyLinks } from './links.ts';
import { makeNamespaces } from './namespaces.ts';
import { raiseNeighbourThresholds } from './neighbours.ts';
import { makeNodeDisks, makeNodeFolder } from './node-folder.ts';
import { paced } from './pace.ts';
import { labCgroup, labDir, lockPath, netnsPath, runcRoot } from './paths.ts';
import { type LabPlan, type NodePlan, planLab } from './plan.ts';
import { labNames, readRecord, writeRecord } from './record.ts';
import { runStartCommands, sayStartProblems } from './start-commands.ts';
import { applyTopologySysctls } from './sysctls.ts';
import { labEnvironment, requireTools } from './tools.ts';

/** Deploys; what a failing deploy made is removed. @throws InputError, MissingError, Error */
export async function deployLab(topology: Topology, options: DeployOptions): Promise<LabPlan> {
  const say = options.say ?? (() => {});
  const plan = planLab(topology, options.seed);
  requireTools(plan);
  requireDiskSpace(plan);
  requireBindSources(topology);
  const lock = tryLock(lockPath(plan.name));
  if (lock === undefined) {
    throw new InputError(
      `lab ${plan.name} is being deployed or destroyed by process ${lockHolder(lockPath(plan.name))}`,
    );
  }
  try {
    try {
      claim(plan);
    } catch (error) {
      throw explained(error);
    }
    try {
      await make(plan, options, say);
    } catch (error) {
      say('deploy failed: removing what it made');
      await removeEverything(plan.name);
      throw explained(error);
    }
    return plan;
  } finally {
    lock.release();
  }
}

/**
 * Takes the lab's name, and the names of its containers, which a lab of another name may have already (`a` with node `b-c`, `a-b` with
 * node `c`). Nothing but the record exists until they are known to be free.
 */
function claim(plan: LabPlan): void {
  const dir = labDir(plan.name);
  if (existsSync(dir)) {
    throw alreadyThere(plan.name);
  }
  const containers = plan.nodes.map(({ container }) => container);
  const record = { seed: plan.seed, topology: plan.topology, containers };
  const free = () => rmSync(dir, { recursive: true, force: true });
  try {
    writeRecord(plan.name, { ...record, phase: 'claimed' });
  } catch (error) {
    free();
    throw error;
  }
  const own = new Set(containers);
  const problems = labNames()
    .filter((other) => other !== plan.name)
    .flatMap((other) =>
      (readRecord(other)?.containers ?? []).filter((name) => own.has(name)).map((name) => ({ name, other })),
    )
    .map(({ name, other }) => `container ${name} belongs to lab ${other} already: rename one of the labs`);
  if (groupsBelow(labCgroup(plan.name)).length > 0) {
    problems.push(`a lab ${plan.name} runs already, with another state folder (LEAFSTORM_STATE)`);
  }
  for (const name of containers) {
    if (problems.length === 0 && existsSync(netnsPath(name))) {
      problems.push(
        `network namespace ${name} exists already and belongs to no lab of leafstorm: ip netns delete ${name}`,
      );
    }
  }
  if (problems.length > 0) {
    free();
    throw new InputError(problems);
  }
  writeRecord(plan.name, { ...record, phase: 'deploying' });
}

export function alreadyThere(lab: string): InputError {
  return new InputError(
    `lab ${lab} is running already, or its last run was cut short; leafstorm destroy ${lab} --cleanup takes it down, --name gives this one another name`,
  );
}

async function make(plan: LabPlan, options: DeployOptions, say: (line: string) => void): Promise<void> {
  for (const line of ignoredSettings(plan.topology)) say(line);
  const env = labEnvironment(labDir(plan.name));
  const width = options.pace ?? availableParallelism();
  const took: string[] = [];
  const phase = async (name: string, work: () => void | Promise<void>) => {
    say(name);
    const from = nowMs();
    await work();
    took.push(`${name} ${Math.round(nowMs() - from)} ms`);
  };
  await raiseNeighbourThresholds(plan, say);
  await phase(`${plan.nodes.length} namespaces`, () => makeNamespaces(plan, env));
  await phase(`${plan.links.length} links`, async () => {
    await makeLinks(plan, env);
    verifyLinks(plan);
    for (const node of plan.nodes) applyTopologySysctls(node);
  });
  mkdirSync(runcRoot(plan.name), { recursive: true, mode: 0o700 });
  await phase(`${plan.nodes.length} nodes`, () => startNodes(plan, width, env, say));
  await phase('start-up commands', () => runStartCommands(plan, plan.nodes, width, say));
  say(took.join(', '));
  writeRecord(plan.name, {
    phase: 'running',
    seed: plan.seed,
    topology: plan.topology,
    containers: plan.nodes.map(({ container }) => container),
  });
}

async function startNodes(
  plan: LabPlan,
  width: number,
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<void> {
  const start = async (node: NodePlan) => {
    const prepared = makeNodeFolder(plan, node);
    for (const warning of prepared.warnings) say(`${node.name}: ${warning}`);
    await makeNodeDisks(node, env);
    await startContainer(plan, node, env);
    await sayStartProblems(node, await waitReady(node, prepared), say);
  };
  const late = plan.nodes.filter(({ spec }) => spec.startupDelay > 0);
  const atOnce = plan.nodes.filter(({ spec }) => !(spec.startupDelay > 0));
  const all = await Promise.allSettled([
    paced(atOnce, width, start),
    ...late.map(async (node) => {
      await sleep(node.spec.startupDelay * 1000);
      await start(node);
    }),
  ]);
  for (const result of all) if (result.status === 'rejected') throw result.reason;
}

function explained(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || (error instanceof Error && /No space left on device/.test(error.message));
  return full
    ? new MissingError('the disk of this host is full: nothing was deployed; free some space and try again', {
        cause: error,
      })
    : error;
}
