/** Reads `fabric.json`, the intent, back. */
import { readFileSync } from 'node:fs';
import { InputError } from '../errors.ts';
import type { Fabric } from './fabric.ts';
import { deepFreeze } from './freeze.ts';
import { powerProblems } from './power-problems.ts';

/** Version of the form of `fabric.json`: raised when an older leafstorm could no longer read it. */
export const FABRIC_VERSION = 1;

/** Fields of a fabric and the shape of each, enough to tell a fabric from another JSON file or a truncated one. */
const SHAPE: readonly (readonly [
  path: 'name' | 'design' | 'nodes' | 'links' | 'racks' | 'powerDomains',
  shape: string,
])[] = [
  ['name', 'string'],
  ['design', 'object'],
  ['nodes', 'array'],
  ['links', 'array'],
  ['racks', 'array'],
  ['powerDomains', 'array'],
];

/**
 * Reads a fabric that `writeFabric` wrote. Deeply frozen.
 * @throws InputError where there is no such file, or it is not a fabric of this version
 */
export function readFabric(file: string): Fabric {
  const value = parse(file);
  if (!isRecord(value) || !('leafstorm' in value)) {
    throw new InputError(`${file}: not a fabric; expected the fabric.json that leafstorm generate writes`);
  }
  const { leafstorm: version, ...fabric } = value;
  if (version !== FABRIC_VERSION) {
    throw new InputError(
      `${file}: fabric of version ${JSON.stringify(version)}, and this leafstorm reads ${FABRIC_VERSION}; generate the folder again`,
    );
  }
  const problems = [
    ...SHAPE.filter(([path, shape]) => shapeOf(fabric[path]) !== shape).map(
      ([path, shape]) =>
        `${file}: ${path}: expected ${article(shape)}, found ${article(shapeOf(fabric[path]))}; generate the folder again`,
    ),
    ...nodeProblems(file, fabric['nodes']),
    ...treeProblems(file, fabric['power'], fabric['nodes']),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return deepFreeze(fabric as unknown as Fabric);
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(
      `${file}: cannot be read (${(cause as NodeJS.ErrnoException).code}); expected the fabric.json that leafstorm generate writes`,
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${file}: not JSON (${(cause as Error).message}); generate the folder again`, { cause });
  }
}

function nodeProblems(file: string, nodes: unknown): readonly string[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown, i) => {
    const good =
      isRecord(node) && typeof node['name'] === 'string' && Array.isArray(node['ports']) && isRecord(node['config']);
    return good ? [] : [`${file}: nodes[${i}]: expected a node with name, ports and config; generate the folder again`];
  });
}

/** People write trees by hand: each problem names what it is about. */
function treeProblems(file: string, power: unknown, nodes: unknown): readonly string[] {
  if (power === undefined || !Array.isArray(nodes)) return [];
  const names = nodes.flatMap((node: unknown) =>
    isRecord(node) && typeof node['name'] === 'string' ? node['name'] : [],
  );
  return powerProblems(power, names).map((problem) => `${file}: power: ${problem}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return shapeOf(value) === 'object';
}

function shapeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return Array.isArray(value) ? 'array' : typeof value;
}

function article(shape: string): string {
  if (shape === 'nothing') return shape;
  return /^[aeo]/.test(shape) ? `an ${shape}` : `a ${shape}`;
}
