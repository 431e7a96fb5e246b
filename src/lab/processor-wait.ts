/** Had routing the processors that it needs? A fabric on a machine that has none to spare shows the machine, not the design. */
import { processorWaitMs } from '../linux/processes.ts';
import { allStolenMs } from '../linux/stolen.ts';
import type { Lab } from './lab.ts';

/** The routing daemon that waited longest for a processor within a window. */
export interface ProcessorWait {
  readonly node: string;
  readonly program: string;
  readonly waitedMs: number;
  /** What the hypervisor took meanwhile, of all processors together: whoever ran there stood still, and did not count as waiting. */
  readonly stolenMs: number;
}

const DAEMONS: ReadonlySet<string> = new Set(['zebra', 'bgpd', 'bfdd']);
/** A change of routes passes from router to router, and each of them may have had to wait: up to so many on its way through a leaf-spine fabric. */
const RELAYS = 3;

/** Opens a window. @returns what closes it, and tells who waited longest; undefined where no daemon runs */
export async function watchProcessorWaits(lab: Lab): Promise<() => Promise<ProcessorWait | undefined>> {
  const before = new Map((await daemonsOf(lab)).map(({ pid, waitedMs }) => [pid, waitedMs]));
  const stolenBefore = allStolenMs();
  return async () => {
    const stolen = allStolenMs() - stolenBefore;
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

/**
 * How late (ms) waiting for processors alone may have made something. Each router on the way may have waited in its turn; what was stolen from all
 * of them together is counted whole.
 */
export function explainedMs({ waitedMs, stolenMs }: ProcessorWait): number {
  return RELAYS * waitedMs + stolenMs;
}

/** Whether waiting for processors alone may have made something late by so many milliseconds. */
export function explainsLateness(wait: ProcessorWait | undefined, lateMs: number): wait is ProcessorWait {
  return wait !== undefined && Math.max(0, lateMs) < explainedMs(wait);
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
