/** A node's binds: where they lead on the host. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Bind, Topology } from 'containerlab-ts';
import { InputError } from '../../errors.ts';

/** The bind's source on the host; relative ones start from the topology's folder. */
export function bindSource(topology: Pick<Topology, 'file'>, bind: Bind): string {
  return resolve(dirname(resolve(topology.file)), bind.source);
}

/** @throws InputError naming every source that is not there */
export function requireBindSources(topology: Topology): void {
  const problems = topology.nodes.flatMap((node) =>
    node.binds
      .filter((bind) => statSync(bindSource(topology, bind), { throwIfNoEntry: false }) === undefined)
      .map(
        (bind) =>
          `${bind.at.file}:${bind.at.line}: node ${node.name}: there is no ${bindSource(topology, bind)} to bind to ${bind.target}`,
      ),
  );
  if (problems.length > 0) throw new InputError(problems);
}

/** Text of a file as a node sees it through its binds, the most specific of which wins; undefined where none gives it. */
export function readThroughBinds(topology: Topology, binds: readonly Bind[], path: string): string | undefined {
  const covering = binds
    .filter(({ target }) => path === target || path.startsWith(`${target.replace(/\/$/, '')}/`))
    .sort((left, right) => right.target.length - left.target.length)[0];
  if (covering === undefined) return undefined;
  const source = bindSource(topology, covering);
  try {
    return readFileSync(
      path === covering.target ? source : source + path.slice(covering.target.replace(/\/$/, '').length),
      'utf8',
    );
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
