/** Healthy networks to plant defects in: everything stays in memory, texts are edited as an engineer would. */
import { readTopology, type Topology, type TopologyDocument, writeTopology } from 'containerlab-ts';
import { parseFrrConfigWithLines, writeFrrConfig } from 'frr-config';
import { checkDesign, type Finding, type NodeConfig } from '../../src/check/index.ts';
import { type Fabric, topologyOf, workOut } from '../../src/fabric/index.ts';
import { type LeafSpineParameters, leafSpine } from '../../topologies/leaf-spine.ts';

export const pod: Fabric = workOut(leafSpine());

/** Edits by node: from the text as generated to the text as edited. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

export interface Planted {
  readonly findings: readonly Finding[];
  readonly topology: Topology;
  readonly configs: ReadonlyMap<string, NodeConfig>;
  /** Line of the first occurrence of a text in a node's edited file, from 1. */
  line(node: string, text: string): number;
}

export interface PlantOptions {
  readonly fabric?: Fabric;
  readonly document?: (document: TopologyDocument) => TopologyDocument;
  /** Whether the rules are told the intent; default true. */
  readonly withIntent?: boolean;
  readonly missing?: readonly string[];
}

/** Checks a fabric after edits. @throws where an edit changes nothing: the defect would not be planted */
export function plant(edits: Edits, options: PlantOptions = {}): Planted {
  const { fabric = pod, document = (same) => same, withIntent = true, missing = [] } = options;
  const texts = new Map(
    fabric.nodes.map(({ name, config }) => [name, edited(name, writeFrrConfig(config), edits[name])]),
  );
  const configs = new Map(
    [...texts].map(([name, text]) => [name, { file: fileOf(name), ...parseFrrConfigWithLines(text) }]),
  );
  for (const name of missing) configs.delete(name);
  const topology = read(writeTopology(document(topologyOf(fabric))));
  const findings = checkDesign({ topology, configs, ...(withIntent && { fabric }) });
  const line = (node: string, text: string) => lineIn(texts.get(node)!, text);
  return { findings, topology, configs, line };
}

/** Checks texts of nobody's making: nodes with their `frr.conf` and links `a:eth1 b:eth1`. */
export function check(
  texts: Readonly<Record<string, string>>,
  links: readonly string[],
  nodes: Readonly<Record<string, object>> = {},
): readonly Finding[] {
  const names = new Set([...Object.keys(texts), ...Object.keys(nodes)]);
  const topology = read(
    writeTopology({
      name: 'foreign',
      nodes: Object.fromEntries(
        [...names].map((name) => [
          name,
          { kind: 'linux', image: 'frrouting/frr', binds: [`${name}.conf:/etc/frr/frr.conf`], ...nodes[name] },
        ]),
      ),
      links: links.map((link) => {
        const [a = '', z = '', mtu] = link.split(' ');
        return { endpoints: [a, z], ...(mtu !== undefined && { mtu: Number(mtu) }) };
      }),
    }),
  );
  const configs = new Map(
    Object.entries(texts).map(([name, text]) => [name, { file: fileOf(name), ...parseFrrConfigWithLines(text) }]),
  );
  return checkDesign({ topology, configs });
}

/** Findings of one rule as `severity node:line message`. */
export function told(findings: readonly Finding[], rule: string): readonly string[] {
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ severity, node, line, message }) => `${severity} ${node}:${line} ${message}`);
}

/** An edit that replaces one text. */
export function swap(from: string | RegExp, to: string): (text: string) => string {
  return (text) => text.replace(from, to);
}

/** An edit that removes the first line that holds a text. */
export function drop(part: string): (text: string) => string {
  return (text) => {
    const lines = text.split('\n');
    return lines.toSpliced(lineIn(text, part) - 1, 1).join('\n');
  };
}

/** An edit that adds lines below the first line that holds a text. */
export function below(part: string, ...added: readonly string[]): (text: string) => string {
  return (text) =>
    text
      .split('\n')
      .toSpliced(lineIn(text, part), 0, ...added)
      .join('\n');
}

export function fabricOf(parameters: LeafSpineParameters): Fabric {
  return workOut(leafSpine(parameters));
}

export function fileOf(node: string): string {
  return `/fabric/configs/${node}/frr.conf`;
}

function edited(name: string, text: string, edit: ((text: string) => string) | undefined): string {
  if (!edit) return text;
  const result = edit(text);
  if (result === text) throw new Error(`the edit of ${name} changes nothing`);
  return result;
}

function lineIn(text: string, part: string): number {
  const index = text.split('\n').findIndex((line) => line.includes(part));
  if (index === -1) throw new Error(`no line holds ${part}`);
  return index + 1;
}

function read(text: string): Topology {
  const { topology, problems } = readTopology(text, { file: '/fabric/lab.clab.yml' });
  if (!topology) throw new Error(problems.map(({ message }) => message).join('\n'));
  return topology;
}
