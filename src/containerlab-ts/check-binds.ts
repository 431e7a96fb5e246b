/** Whether what binds name is there. Apart from reading, because it looks at the host. */
import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { labDirectory, quoted } from './names.ts';
import type { Problem, Topology } from './topology.ts';

/**
 * The binds whose source does not exist, each once. Sources within the lab's own folder (`__clabDir__`, `__clabNodeDir__`)
 * are left out: an engine makes that folder.
 */
export function checkBinds(topology: Topology): readonly Problem[] {
  const own = labDirectory(topology) + sep;
  const problems = new Map<string, Problem>();
  for (const { source, at } of topology.nodes.flatMap((node) => node.binds)) {
    const key = `${at.line}:${at.column}:${source}`;
    if (problems.has(key) || `${source}${sep}`.startsWith(own) || existsSync(source)) continue;
    const remedy = 'Create it, or correct the path; a relative one starts from the folder of the topology.';
    problems.set(
      key,
      Object.freeze({ message: `${quoted(source)}, the source of a bind, does not exist`, at, remedy }),
    );
  }
  return Object.freeze([...problems.values()]);
}
