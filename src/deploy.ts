/** Labs for scripts: a name or a file in, a running lab out. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embedded } from './engine/embedded/index.ts';
import { type DesignParameters, Lab, type LabOptions, loadSource } from './lab/index.ts';
import { requireLabName, topologyAt } from './lab/source.ts';

export interface DeployLabOptions extends LabOptions {
  /** Parameters of a lab's design, as `--set` gives them. */
  readonly set?: DesignParameters;
  /** Another name than the topology's, so that the same one can run twice. */
  readonly name?: string;
}

/**
 * Boots a lab of `labs/`, a topology file or a generated folder. `await lab.destroy()` takes it down.
 * @example
 * const lab = await deploy('pod', {set: {servers: 0}});
 * await lab.converged();
 * const cut = await lab.fault('link-down', 'spine-1:eth1--leaf-1:eth1');
 * await cut.heal();
 * await lab.destroy();
 * @throws InputError, MissingError
 */
export async function deploy(given: string, options: DeployLabOptions = {}): Promise<Lab> {
  const { set = {}, name, ...rest } = options;
  if (name !== undefined) requireLabName(name);
  const source = await loadSource(given, set);
  const dir = source.file === undefined ? mkdtempSync(join(tmpdir(), 'leafstorm-')) : undefined;
  try {
    const topology = dir === undefined ? topologyAt(source.file as string) : source.place(join(dir, 'topology'));
    return await Lab.deploy(
      { topology: name === undefined ? topology : { ...topology, name }, fabric: source.fabric },
      { ...rest, ...(dir && { folder: dir }) },
    );
  } catch (error) {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Takes a lab down by name, whatever state it is in. */
export function destroy(name: string, options?: { readonly cleanup?: boolean }): Promise<void> {
  return embedded.destroy(name, options);
}
