/** What the user named (a lab, a topology file, a folder that `generate` wrote) as the same thing: a topology on disk, with its intent where there is one. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { checkBinds, nameFault, type Problem, readTopology, type Topology } from 'containerlab-ts';
import { InputError } from '../errors.ts';
import { type Fabric, readFabric, workOut, writeFabric } from '../fabric/index.ts';
import type { DesignParameters, LabDefinition } from './definition.ts';

const labsFolder = join(import.meta.dirname, '..', '..', 'labs');

/** A lab that can be put somewhere and deployed. */
export interface LabSource {
  /** The lab's name: the design's, or the topology file's. */
  readonly name: string;
  /** The intent: absent for a topology that did not come from a design. */
  readonly fabric: Fabric | undefined;
  /** Absent for a topology that belongs to no lab of ours. */
  readonly definition: LabDefinition | undefined;
  /** The file that the user has; absent for a lab, whose files are yet to be generated. */
  readonly file: string | undefined;
  /** Writes all that a deploy needs into a folder that does not exist yet, and reads it back. @throws InputError */
  place(dir: string): Topology;
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
    throw notThere(name);
  }
  const module: { readonly default: LabDefinition } = await import(join(labsFolder, name, 'lab.ts'));
  return module.default;
}

function notThere(given: string): InputError {
  return new InputError(`there is no lab, file or folder ${shown(given)}; the labs are ${labNames().join(', ')}`);
}

/** As it may stand in a message: control characters escaped, shortened. */
function shown(given: string): string {
  return JSON.stringify(given.length > 80 ? `${given.slice(0, 77)}...` : given);
}

/** A lab's design worked out, starting nothing. @throws InputError */
export async function loadFabric(name: string, parameters: DesignParameters): Promise<Fabric> {
  return workOut((await loadDefinition(name)).design(parameters));
}

/**
 * Finds and reads what was named.
 * @param definition instead of the lab's own; of a folder, it says what is done with it, and the folder what it is
 * @throws InputError with every problem, each with its place
 */
export async function loadSource(
  given: string,
  parameters: DesignParameters,
  definition?: LabDefinition,
): Promise<LabSource> {
  if (!isTopologyFolder(given) && (definition !== undefined || isLabName(given))) {
    const lab = definition ?? (await loadDefinition(given));
    const fabric = workOut(lab.design(parameters));
    const place = (dir: string) => topologyAt(writeFabric(fabric, dir).topologyFile);
    return Object.freeze({ name: fabric.name, fabric, definition: lab, file: undefined, place });
  }
  const file = topologyFileOf(given);
  if (Object.keys(parameters).length > 0) {
    throw new InputError(`--set changes the design of a lab; '${given}' is not one of ${labNames().join(', ')}`);
  }
  const topology = topologyAt(file);
  const fabricFile = join(dirname(file), 'fabric.json');
  const fabric = existsSync(fabricFile) ? readFabric(fabricFile) : undefined;
  return Object.freeze({
    name: topology.name,
    fabric,
    definition:
      definition ?? (fabric !== undefined && isLabName(fabric.name) ? await loadDefinition(fabric.name) : undefined),
    file,
    place: (dir: string) => topologyAt(copyTopology(topology, fabric === undefined ? [] : [fabricFile], dir)),
  });
}

/** The topology file and every file below its folder that it binds: what is run is what is kept. */
function copyTopology(topology: Topology, others: readonly string[], dir: string): string {
  const from = dirname(topology.file);
  const bound = topology.nodes.flatMap(({ binds }) => binds.map(({ source }) => source));
  const below = [...new Set([...bound, ...others])].filter(
    (path) => !relative(from, path).startsWith('..') && !isAbsolute(relative(from, path)),
  );
  for (const path of below) {
    const to = join(dir, relative(from, path));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(path, to, { recursive: true });
  }
  mkdirSync(dir, { recursive: true });
  const file = join(dir, basename(topology.file));
  cpSync(topology.file, file);
  return file;
}

/** The one topology file that a path names. @throws InputError */
export function topologyFileOf(given: string): string {
  const path = resolve(given);
  if (given === '' || !existsSync(path)) {
    throw notThere(given);
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
  const topology = topologyIn(file);
  refuse(checkBinds(topology));
  return topology;
}

/** Reads a topology file without looking whether what it binds is there: for a lab that runs already. @throws InputError */
export function topologyIn(file: string): Topology {
  const { topology, problems } = readTopology(readFileSync(file, 'utf8'), { file, env: process.env });
  refuse(problems);
  return topology as Topology;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new InputError(
    problems.map(
      ({ message, at, remedy }) =>
        `${at.file}:${at.line}:${at.column}: ${message}${remedy === '' ? '' : `. ${remedy}`}`,
    ),
  );
}

/** A name that the user gives a lab becomes part of folders, namespaces and control groups. @throws InputError */
export function requireLabName(name: string): string {
  const fault = nameFault(name);
  if (fault === undefined) return name;
  throw new InputError(`${shown(name)} cannot name a lab: it ${fault}; choose another name`);
}

/**
 * Hands a topology to `work` for as long as it runs: a lab's is generated into a folder of its own that goes with it.
 * @throws InputError
 */
export async function withSource<T>(
  given: string,
  parameters: DesignParameters,
  work: (what: { readonly topology: Topology; readonly fabric: Fabric | undefined }) => T | Promise<T>,
): Promise<T> {
  const { file, fabric, place } = await loadSource(given, parameters);
  if (file !== undefined) return work({ topology: topologyAt(file), fabric });
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-'));
  try {
    return await work({ topology: place(join(dir, 'topology')), fabric });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
