/** Puts a fabric into a folder: what an engineer reads, edits and deploys. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writeTopology } from 'containerlab-ts';
import { writeFrrConfig } from 'frr-config';
import { InputError } from '../errors.ts';
import { daemonsFile } from './daemons.ts';
import type { Fabric, PowerTree } from './fabric.ts';
import { FABRIC_VERSION, readFabric } from './read.ts';
import { topologyOf } from './topology.ts';

export interface WrittenFabric {
  /** Path of `<name>.clab.yml`. */
  readonly topologyFile: string;
  /** Paths of all files written, below the folder given. */
  readonly files: readonly string[];
}

/**
 * Writes `<name>.clab.yml`, `fabric.json`, `configs/<node>/frr.conf` and `configs/daemons` into a folder, all or nothing.
 * The folder may be missing, empty, or hold an earlier fabric that nobody edited: that one is replaced.
 * @throws InputError where the folder holds anything else: it is left as it was
 */
export function writeFabric(fabric: Fabric, dir: string): WrittenFabric {
  const contents = filesOf(fabric);
  const stale = replaceable(dir, contents);
  const undo: (() => void)[] = [];
  try {
    for (const [path, text] of contents) writeOne(join(dir, path), text, undo);
    for (const path of stale) removeOne(join(dir, path), undo);
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  removeEmptyConfigs(dir, stale);
  return {
    topologyFile: join(dir, topologyName(fabric)),
    files: [...contents.keys()].map((path) => join(dir, path)),
  };
}

function topologyName(fabric: Fabric): string {
  return `${fabric.name}.clab.yml`;
}

/** Every file of a fabric's folder: relative path to text. */
function filesOf(fabric: Fabric): ReadonlyMap<string, string> {
  return new Map([
    [topologyName(fabric), writeTopology(topologyOf(fabric))],
    ['fabric.json', fabricJson(fabric)],
    ['configs/daemons', daemonsFile(fabric.design)],
    ...fabric.nodes.map((node) => [`configs/${node.name}/frr.conf`, writeFrrConfig(node.config)] as const),
  ]);
}

/** JSON with a line for each node, link, rack and element of the power tree: small, and a difference shows which of them changed. */
function fabricJson(fabric: Fabric): string {
  const fields = [
    `"leafstorm": ${FABRIC_VERSION}`,
    `"name": ${JSON.stringify(fabric.name)}`,
    `"design": ${JSON.stringify(fabric.design)}`,
    `"nodes": ${list(fabric.nodes)}`,
    `"links": ${list(fabric.links)}`,
    `"racks": ${list(fabric.racks)}`,
    `"powerDomains": ${list(fabric.powerDomains)}`,
    ...(fabric.power ? [`"power": ${powerJson(fabric.power)}`] : []),
  ];
  return `{\n  ${fields.join(',\n  ')}\n}\n`;
}

function list(values: readonly unknown[]): string {
  return `[\n${values.map((value) => `    ${JSON.stringify(value)}`).join(',\n')}\n  ]`;
}

function powerJson({ elements, devices, places }: PowerTree): string {
  return `{"elements": ${list(elements)}, "devices": ${list(devices)}, "places": ${list(places)}}`;
}

/**
 * Files of an earlier fabric in this folder that the new one does not have.
 * @throws InputError where the folder holds what no fabric wrote, or files that were edited since
 */
function replaceable(dir: string, contents: ReadonlyMap<string, string>): readonly string[] {
  const present = filesBelow(dir);
  if (present.length === 0) return [];
  if (!present.includes('fabric.json')) {
    throw new InputError(`${dir}: holds ${present[0]} and no fabric; nothing was written. Choose an empty folder`);
  }
  const earlier = filesOf(readFabric(join(dir, 'fabric.json')));
  const foreign = present.filter((path) => !earlier.has(path));
  const edited = present.filter((path) => {
    const text = earlier.get(path);
    if (text === undefined) return false;
    const now = readFileSync(join(dir, path), 'utf8');
    return now !== text && now !== contents.get(path);
  });
  const problems = [
    ...foreign.map(
      (path) =>
        `${join(dir, path)}: not a file of the fabric in this folder; nothing was written. Move it away, or choose an empty folder`,
    ),
    ...edited.map(
      (path) =>
        `${join(dir, path)}: edited since it was generated; nothing was written. Keep it elsewhere, or choose an empty folder`,
    ),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return present.filter((path) => !contents.has(path));
}

function filesBelow(dir: string): readonly string[] {
  const status = statSync(dir, { throwIfNoEntry: false });
  if (!status) return [];
  if (!status.isDirectory()) throw new InputError(`${dir}: is not a folder; choose another`);
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();
}

function writeOne(file: string, text: string, undo: (() => void)[]): void {
  const made = mkdirSync(dirname(file), { recursive: true });
  if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
  undo.push(restorer(file));
  writeFileSync(file, text);
}

function removeOne(file: string, undo: (() => void)[]): void {
  undo.push(restorer(file));
  unlinkSync(file);
}

/** Puts a file back as it is now, or removes it where there is none. */
function restorer(file: string): () => void {
  const before = statSync(file, { throwIfNoEntry: false }) && readFileSync(file);
  return () => (before ? writeFileSync(file, before) : rmSync(file, { force: true }));
}

function removeEmptyConfigs(dir: string, removed: readonly string[]): void {
  for (const folder of new Set(removed.map((path) => dirname(path)).filter((path) => path.startsWith('configs/')))) {
    if (readdirSync(join(dir, folder)).length === 0) rmdirSync(join(dir, folder));
  }
}
