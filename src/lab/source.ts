/** What the user named (a lab, a topology file, a folder that `generate` wrote) as the same thing: a topology on disk, with its intent where there is one. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkBinds, readTopology, type Topology } from 'containerlab-ts';
import { InputError } from '../errors.ts';
import { type Fabric, readFabric, workOut, writeFabric } from '../fabric/index.ts';
import type { DesignParameters, LabDefinition } from './definition.ts';

const labsFolder = join(import.meta.dirname, '..', '..', 'labs');

/** A lab that can be deployed. */
export interface LabSource {
  /** As the user would name it again. */
  readonly given: string;
  readonly topology: Topology;
  /** The intent: absent for a topology that did not come from a design. */
  readonly fabric: Fabric | undefined;
  /** Absent for a topology that belongs to no lab of ours. */
  readonly definition: LabDefinition | undefined;
}

/** Names of the labs in `labs/`. */
export function labNames(): readonly string[] {
  return readdirSync(labsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(labsFolder, entry.name, 'lab.ts')))
    .map(({ name }) => name)
    .sort();
}

/** Whether the user named a lab rather than a file or a folder. */
export function isLabName(given: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(given) && existsSync(join(labsFolder, given, 'lab.ts'));
}

/** The lab's definition. @throws InputError listing the labs that there are */
export async function loadDefinition(name: string): Promise<LabDefinition> {
  if (!isLabName(name)) {
    throw new InputError(`there is no lab, file or folder '${name}'; the labs are ${labNames().join(', ')}`);
  }
  const module: { readonly default: LabDefinition } = await import(join(labsFolder, name, 'lab.ts'));
  return module.default;
}

/** A lab's design worked out, starting nothing. @throws InputError */
export async function loadFabric(name: string, parameters: DesignParameters): Promise<Fabric> {
  return workOut((await loadDefinition(name)).design(parameters));
}

/**
 * Finds and reads what was named; a lab is generated into `into` first.
 * @throws InputError with every problem, each with its place
 */
export async function loadSource(given: string, parameters: DesignParameters, into: () => string): Promise<LabSource> {
  if (isLabName(given) && !isTopologyFolder(given)) {
    const definition = await loadDefinition(given);
    const fabric = workOut(definition.design(parameters));
    const { topologyFile } = writeFabric(fabric, into());
    return { given, topology: topologyAt(topologyFile), fabric, definition };
  }
  if (Object.keys(parameters).length > 0) {
    throw new InputError(`--set changes the design of a lab; '${given}' is not one of ${labNames().join(', ')}`);
  }
  const file = topologyFileOf(given);
  const fabricFile = join(dirname(file), 'fabric.json');
  const fabric = existsSync(fabricFile) ? readFabric(fabricFile) : undefined;
  const definition = fabric !== undefined && isLabName(fabric.name) ? await loadDefinition(fabric.name) : undefined;
  return { given, topology: topologyAt(file), fabric, definition };
}

/** The one topology file that a path names. @throws InputError */
export function topologyFileOf(given: string): string {
  const path = resolve(given);
  if (!existsSync(path)) {
    throw new InputError(`there is no lab, file or folder '${given}'; the labs are ${labNames().join(', ')}`);
  }
  if (!statSync(path).isDirectory()) return path;
  const files = readdirSync(path).filter((name) => /\.clab\.ya?ml$/.test(name));
  if (files.length !== 1) {
    throw new InputError(
      `${given}: a folder to run holds one topology file (*.clab.yml); this one holds ${files.length}`,
    );
  }
  return join(path, files[0] as string);
}

function isTopologyFolder(given: string): boolean {
  return (
    existsSync(given) && statSync(given).isDirectory() && readdirSync(given).some((name) => /\.clab\.ya?ml$/.test(name))
  );
}

/** Reads and checks a topology file, its binds included. @throws InputError */
export function topologyAt(file: string): Topology {
  const { topology, problems } = readTopology(readFileSync(file, 'utf8'), { file, env: process.env });
  const all = topology === undefined ? problems : checkBinds(topology);
  if (all.length > 0 || topology === undefined) {
    throw new InputError(
      all.map(
        ({ message, at, remedy }) =>
          `${at.file}:${at.line}:${at.column}: ${message}${remedy === '' ? '' : `; ${remedy}`}`,
      ),
    );
  }
  return topology;
}
