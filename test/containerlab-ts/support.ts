/** What the tests of this package share: sample files and the folder of published inputs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, readTopology, type Topology } from 'containerlab-ts';

const HERE = import.meta.dirname;
/** Topologies that others published, and the official schema; beside the project, not part of it. */
const SHARED = join(HERE, '../../../shared');

export interface Sample {
  readonly file: string;
  readonly text: string;
}

/** A file of `samples/`. */
export function sample(name: string): Sample {
  return read(join(HERE, 'samples', name));
}

/** A file of the shared folder; undefined where that is not there. */
export function shared(path: string): Sample | undefined {
  const file = join(SHARED, path);
  return existsSync(file) ? read(file) : undefined;
}

export const PUBLISHED = ['inputs/clab-bgp-frr/bgp-frr.clab.yml', 'inputs/frr01/frr01.clab.yml'] as const;

function read(file: string): Sample {
  return { file, text: readFileSync(file, 'utf8') };
}

/** A good topology. @throws where it has problems */
export function good(text: string, file = '/labs/lab.clab.yml', env: Readonly<Record<string, string>> = {}): Topology {
  const { topology, problems } = readTopology(text, { file, env });
  if (topology === undefined) throw new Error(problems.map(brief).join('\n'));
  return topology;
}

/** The problems of a text, each as `line:column message`. */
export function faults(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  return readTopology(text, { file: '/labs/lab.clab.yml', env }).problems.map(brief);
}

function brief({ at, message }: Problem): string {
  return `${at.line}:${at.column} ${message}`;
}

/** A topology without the places of its parts, to compare two that were read from different texts. */
export function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' ? undefined : part)));
}
