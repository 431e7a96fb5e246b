/** Had routing the processors that it needs? A fabric on a machine that has none to spare shows the machine, not the design. */
import { processorWaitMs } from '../linux/processes.ts';
import { stolenMs } from '../linux/stolen.ts';
import type { Lab } from './lab.ts';

/** The routing daemon that waited longest for a processor within a window. */
export interface ProcessorWait {
  readonly node: string;
  readonly program: string;
  readonly waitedMs: number;
  /** For so long the hypervisor may have held up a change of routes meanwhile: whoever ran there stood still, and did not count as waiting. */
  readonly stolenMs: number;
}

const DAEMONS: ReadonlySet<string> = new Set(['zebra', 'bgpd', 'bfdd']);
/** A change of routes passes from router to router, and each of them may have had to wait: up to so many on its way through a leaf-spine fabric. */
const RELAYS = 3;

/** Opens a window. @returns what closes it, and tells who waited longest; undefined where no daemon runs */
export async function watchProcessorWaits(lab: Lab): Promise<() => Promise<ProcessorWait | undefined>> {
  const before = new Map((await daemonsOf(lab)).map(({ pid, waitedMs }) => [pid, waitedMs]));
  const stolenBefore = stolenMs();
  return async () => {
    const stolen = heldUpMs(stolenMs().map((ms, processor) => ms - (stolenBefore[processor] ?? 0)));
    const waits = (await daemonsOf(lab)).map(({ node, program, pid, waitedMs }) => ({
      node,
      program,
      // One that began within the window had waited for nothing before.
      waitedMs: waitedMs - (before.get(pid) ?? 0),
      stolenMs: stolen,
    }));
    return waits.sort((a, b) => b.waitedMs - a.waitedMs)[0];
  };
}

/** Each router on the way runs on one processor: a change of routes met no more than the worst of them so often, nor more than all together. */
function heldUpMs(stolen: readonly number[]): number {
  const all = stolen.reduce((sum, ms) => sum + ms, 0);
  return Math.min(all, RELAYS * Math.max(0, ...stolen));
}

/** How late (ms) waiting for processors alone may have made something: each router on the way may have waited in its turn. */
export function explainedMs({ waitedMs, stolenMs }: ProcessorWait): number {
  return RELAYS * waitedMs + stolenMs;
}

/** Whether waiting for processors alone may have made something late by so many milliseconds. */
export function explainsLateness(wait: ProcessorWait | undefined, lateMs: number): wait is ProcessorWait {
  return wait !== undefined && Math.max(0, lateMs) < explainedMs(wait);
}

/**
 * Whether neighbours may have taken each other for dead because one of them, or all (`stalledMs`), stood still. What was said last was said up to an
 * interval earlier, a third of the detection time (RFC 5880 6.8.4): two thirds of it are enough.
 */
export function mayHaveParted(
  wait: ProcessorWait | undefined,
  stalledMs: number,
  silenceMs = Number.POSITIVE_INFINITY,
): boolean {
  const stoodMs = wait === undefined ? 0 : wait.waitedMs + wait.stolenMs;
  return Math.max(stoodMs, stalledMs) >= (2 / 3) * silenceMs;
}

async function daemonsOf(lab: Lab): Promise<readonly (Omit<ProcessorWait, 'stolenMs'> & { readonly pid: number })[]> {
  const routers = [...lab.intent.oracle.configs.keys()];
  const all = await Promise.all(
    routers.map(async (node) =>
      (await lab.running.processes(node))
        .filter(({ program }) => DAEMONS.has(program))
        .map(({ pid, program }) => ({ node, program, pid, waitedMs: processorWaitMs(pid) })),
    ),
  );
  return all.flat();
}
