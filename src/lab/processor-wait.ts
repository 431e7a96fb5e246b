/** Had routing the processors that it needs? A fabric on a machine that has none to spare shows the machine, not the design. */
import { processorWaitMs } from '../linux/processes.ts';
import type { Lab } from './lab.ts';

/** The routing daemon that waited longest for a processor within a window. */
export interface ProcessorWait {
  readonly node: string;
  readonly program: string;
  readonly waitedMs: number;
}

const DAEMONS: ReadonlySet<string> = new Set(['zebra', 'bgpd', 'bfdd']);
/** A change of routes passes from router to router, and each of them may have had to wait: up to so many on its way through a leaf-spine fabric. */
const RELAYS = 3;

/** Opens a window. @returns what closes it, and tells who waited longest; undefined where no daemon runs */
export async function watchProcessorWaits(lab: Lab): Promise<() => Promise<ProcessorWait | undefined>> {
  const before = new Map((await daemonsOf(lab)).map(({ pid, waitedMs }) => [pid, waitedMs]));
  return async () => {
    const waits = (await daemonsOf(lab)).map(({ node, program, pid, waitedMs }) => ({
      node,
      program,
      // One that began within the window had waited for nothing before.
      waitedMs: waitedMs - (before.get(pid) ?? 0),
    }));
    return waits.sort((a, b) => b.waitedMs - a.waitedMs)[0];
  };
}

/** Whether waiting for processors alone may have made something late by so many milliseconds. */
export function explainsLateness(wait: ProcessorWait | undefined, lateMs: number): wait is ProcessorWait {
  return wait !== undefined && lateMs < RELAYS * wait.waitedMs;
}

async function daemonsOf(lab: Lab): Promise<readonly (ProcessorWait & { readonly pid: number })[]> {
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
