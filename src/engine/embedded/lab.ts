/** A running lab, whichever process deployed it. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForLoopDevicesGone, withDisks } from '../../disk/index.ts';
import { InputError } from '../../errors.ts';
import { nowMs } from '../../linux/clock.ts';
import { hasEnded, killNow, programNames } from '../../linux/processes.ts';
import { run } from '../../linux/run.ts';
import type {
  ExecOptions,
  ExecResult,
  Impairment,
  LabEndpoint,
  LabLink,
  LabNode,
  LinkState,
  NodeProcess,
  RunningLab,
} from '../engine.ts';
import { diskMounts } from './bundle.ts';
import { cgroupProcesses, freeze, isFrozen } from './cgroup.ts';
import { destroyLab } from './destroy.ts';
import { execInNode, spawnInNode } from './exec.ts';
import { droppedPackets, holdLink, impairLink } from './impair.ts';
import { endState } from './links.ts';
import { isOff, readPrepared, replaceNodeDisks, rootOf } from './node-folder.ts';
import { labDir } from './paths.ts';
import type { EndPlan, LabPlan, LinkPlan, NodePlan } from './plan.ts';
import { cutPower, restorePower } from './power.ts';
import { throttleDisks } from './throttle.ts';
import { labEnvironment } from './tools.ts';

const KILL_MS = 2_000;
const LOOP_MS = 5_000;

/** The lab of a plan whose nodes and links are there. */
export function openLab(plan: LabPlan, say: (line: string) => void = () => {}): RunningLab {
  const nodes = plan.nodes.map(labNode);
  const links = plan.links.map(labLink);
  const nodePlan = (name: string) => find(plan.nodes, name, `lab ${plan.name} has no node`);
  const linkPlan = (name: string) => find(plan.links, name, `lab ${plan.name} has no link`);
  const width = availableParallelism();
  return Object.freeze({
    name: plan.name,
    engine: 'embedded',
    dir: labDir(plan.name),
    topology: plan.topology,
    nodes,
    links,
    node: (name) => find(nodes, name, `lab ${plan.name} has no node`),
    link: (name) => find(links, name, `lab ${plan.name} has no link`),
    exec: async (node, argv, options?: ExecOptions): Promise<ExecResult> =>
      execInNode(plan, nodePlan(node), argv, options),
    spawn: async (node, name, argv, env = {}) => spawnInNode(plan, nodePlan(node), name, argv, env),
    kill: async (node, program) => killProgram(nodePlan(node), program),
    processes: async (node) => processesOf(nodePlan(node)),
    startProgram: async (node, program) => startProgram(plan, nodePlan(node), program),
    pause: async (node) => freeze(nodePlan(node).cgroup, true),
    unpause: async (node) => freeze(nodePlan(node).cgroup, false),
    powerOff: async (names) => ({ atMs: await cutPower(plan, names.map(nodePlan)) }),
    powerOn: async (names) => restorePower(plan, names.map(nodePlan), width, say),
    replaceDisks: async (name) => {
      const node = nodePlan(name);
      if (!isOff(node)) throw new Error(`node ${name} runs: its disks can be replaced only while its power is off`);
      await replaceNodeDisks(node, labEnvironment(labDir(plan.name)));
    },
    throttleDisks: async (name, throttle) => {
      throttleDisks(nodePlan(name), throttle);
      return { atMs: nowMs() };
    },
    onDisks: async (name, argv): Promise<ExecResult> => execOnDisks(plan, nodePlan(name), argv),
    setLink: async (name, state) => {
      const link = linkPlan(name);
      return { atMs: holdLink(plan, link, state === 'down', isOff(nodePlan(link.a.node))) };
    },
    impair: async (name, impairment: Impairment) => ({ atMs: await impairLink(plan, linkPlan(name), impairment) }),
    dropped: async (name) => droppedPackets(plan, linkPlan(name)),
    linkState: async (name): Promise<LinkState> => {
      const link = linkPlan(name);
      return { a: endState(plan, link.a), z: endState(plan, link.z) };
    },
    destroy: async () => destroyLab(plan.name),
  } satisfies RunningLab);
}

function labNode(node: NodePlan): LabNode {
  const { vtyDir } = readPrepared(node);
  return Object.freeze({
    name: node.name,
    container: node.container,
    kind: node.spec.kind,
    group: node.spec.group,
    image: node.spec.image,
    recipe: node.recipe.name,
    netns: node.netns,
    dir: node.dir,
    disks: diskMounts(node).map(({ at }, number) => ({ ...node.disks[number]!, hostPath: at })),
    ...(vtyDir === undefined ? {} : { vtyDir: join(rootOf(node), vtyDir) }),
  });
}

function labLink({ name, a, z, mtu }: LinkPlan): LabLink {
  const end = ({ node, interface: port }: EndPlan): LabEndpoint => Object.freeze({ node, interface: port });
  return Object.freeze({ name, a: end(a), z: end(z), mtu });
}

async function execOnDisks(plan: LabPlan, node: NodePlan, argv: readonly string[]): Promise<ExecResult> {
  if (!isOff(node)) throw new Error(`node ${node.name} runs: its disks are not at rest`);
  const result = await run(withDisks(diskMounts(node), argv), { env: labEnvironment(labDir(plan.name)) });
  await waitForLoopDevicesGone(join(node.dir, 'disks'), LOOP_MS);
  return result;
}

function processesOf(node: NodePlan): NodeProcess[] {
  return cgroupProcesses(node.cgroup).flatMap((pid) => {
    const [program] = programNames(pid);
    return program === undefined ? [] : [{ pid, program }];
  });
}

/** Resolves when they have ended; in a frozen node they end only once it is thawed, and nobody waits for that. */
async function killProgram(node: NodePlan, program: string): Promise<number> {
  const pids = cgroupProcesses(node.cgroup).filter((pid) => programNames(pid).includes(program));
  const killed = pids.filter(killNow);
  const until = Date.now() + KILL_MS;
  while (!isFrozen(node.cgroup) && Date.now() < until && killed.some((pid) => !hasEnded(pid))) await sleep(1);
  return killed.length;
}

async function startProgram(plan: LabPlan, node: NodePlan, program: string): Promise<void> {
  const commands = readPrepared(node).restarts[program];
  if (commands === undefined) {
    throw new Error(`node ${node.name}: recipe ${node.recipe.name} does not say how to start ${program}; use spawn`);
  }
  for (let attempt = 1; ; attempt++) {
    for (const argv of commands) await runToEnd(plan, node, argv);
    if (await staysUp(node, program)) return;
    if (attempt === START_ATTEMPTS)
      throw new Error(`node ${node.name}: ${program} ends as soon as it is started; see ${node.dir}/log`);
  }
}

/** How often a program is started that does not stay. */
const START_ATTEMPTS = 10;
/** A daemon that finds its predecessor's lock still held, as one that was killed an instant ago holds it, ends within a few of these. */
const LOOK_MS = 10;
const LOOKS = 6;

/** A daemon detaches from who started it, so its status says nothing of whether it stays. */
async function staysUp(node: NodePlan, program: string): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    await sleep(LOOK_MS);
    if (!processesOf(node).some((process) => process.program === program)) return false;
  }
  return true;
}

/** A daemon returns to its caller once it listens. */
async function runToEnd(plan: LabPlan, node: NodePlan, argv: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await execInNode(plan, node, argv);
  if (code !== 0)
    throw new Error(`node ${node.name}: ${argv.join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
}

function find<T extends { readonly name: string }>(list: readonly T[], name: string, what: string): T {
  const found = list.find((item) => item.name === name);
  if (found === undefined) throw new InputError(`${what} ${name}; it has ${list.map((item) => item.name).join(', ')}`);
  return found;
}
