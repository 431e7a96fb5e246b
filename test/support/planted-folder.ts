/** A folder as `generate` writes it, for defects to be planted in as an engineer would plant them: by editing files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDesign, type Finding, readConfigs } from '../../src/check/index.ts';
import { type Fabric, readFabric, workOut, writeFabric } from '../../src/fabric/index.ts';
import { topologyAt } from '../../src/lab/source.ts';
import { type LeafSpineParameters, leafSpine } from '../../topologies/leaf-spine.ts';

export interface PlantedFolder {
  readonly dir: string;
  readonly fabric: Fabric;
  /** Edits a node's `frr.conf`. @throws Error where the edit changes nothing: the defect would not be planted */
  config(node: string, edit: (text: string) => string): void;
  /** As `config`, for the topology file. */
  topology(edit: (text: string) => string): void;
  /** Forgets the design: what is left is a topology that somebody else might have written. */
  forgetIntent(): void;
  /** What `check` says of the folder as it is now. */
  check(): readonly Finding[];
  remove(): void;
}

/** Generates a small fabric into a temporary folder. */
export function plantedFolder(parameters: LeafSpineParameters): PlantedFolder {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-defect-'));
  const fabric = workOut(leafSpine(parameters));
  const { topologyFile } = writeFabric(fabric, dir);
  const edit = (file: string, change: (text: string) => string) => {
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file}: the edit changes nothing`);
    writeFileSync(file, after);
  };
  return {
    dir,
    fabric,
    config: (node, change) => edit(join(dir, 'configs', node, 'frr.conf'), change),
    topology: (change) => edit(topologyFile, change),
    forgetIntent: () => rmSync(join(dir, 'fabric.json')),
    check() {
      const topology = topologyAt(topologyFile);
      const intent = readdirSync(dir).includes('fabric.json') ? { fabric: readFabric(join(dir, 'fabric.json')) } : {};
      return checkDesign({ topology, configs: readConfigs(topology), ...intent });
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** An edit that replaces one text. @throws Error where it is not there */
export function swap(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`nothing reads '${from}'`);
    return text.replace(from, () => to);
  };
}

/** An edit that removes every line that holds a text. @throws Error where none does */
export function drop(part: string): (text: string) => string {
  return (text) => {
    const lines = text.split('\n');
    const kept = lines.filter((line) => !line.includes(part));
    if (kept.length === lines.length) throw new Error(`no line holds '${part}'`);
    return kept.join('\n');
  };
}

/** An edit that adds lines below the first line that holds a text. @throws Error where none does */
export function below(part: string, ...added: readonly string[]): (text: string) => string {
  return (text) => {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes(part));
    if (at === -1) throw new Error(`no line holds '${part}'`);
    return lines.toSpliced(at + 1, 0, ...added).join('\n');
  };
}

/** Several edits, one after another. */
export function both(...edits: readonly ((text: string) => string)[]): (text: string) => string {
  return (text) => edits.reduce((now, edit) => edit(now), text);
}
