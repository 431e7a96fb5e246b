/** What the faults on disks share. */
import type { LabNode, NodeDisk, RunningLab } from '../engine/engine.ts';
import { InputError } from '../errors.ts';
import { nodeOf } from './nodes.ts';

export interface NodeWithDisk extends LabNode {
  readonly disks: readonly [NodeDisk, ...NodeDisk[]];
}

/** The node that a target names, which must have a disk of its own. @throws InputError listing the nodes that have */
export function nodeWithDisk(lab: RunningLab, target: string): NodeWithDisk {
  const node = nodeOf(lab, target);
  if (hasDisk(node)) return node;
  const known = lab.nodes.filter(hasDisk).map(({ name }) => name);
  throw new InputError(
    `${lab.name}: ${target} has no disk of its own (label leafstorm-disk); those that have: ${known.slice(0, 8).join(', ') || 'none'}`,
  );
}

function hasDisk(node: LabNode): node is NodeWithDisk {
  return node.disks.length > 0;
}

/** Writes of this size each go to the disk before the next begins. */
const WRITE_BYTES = 4096;
const TEST_FILE = '.leafstorm-timed';

/**
 * Milliseconds that one flushed write of 4 KiB takes on a disk, from inside its node, the mean of several.
 * @throws Error quoting what could not be written
 */
export async function timedWriteMs(
  lab: RunningLab,
  node: string,
  { mountPoint }: NodeDisk,
  writes = 4,
): Promise<number> {
  const file = `${mountPoint}/${TEST_FILE}`;
  const argv = [
    'env',
    'LC_ALL=C',
    'dd',
    'if=/dev/zero',
    `of=${file}`,
    `bs=${WRITE_BYTES}`,
    `count=${writes}`,
    'oflag=dsync',
  ];
  const { code, stderr } = await lab.exec(node, argv);
  // Without waiting for the directory: the next power cut may bring the name back, and nobody minds.
  await lab.exec(node, ['rm', '-f', file]);
  const seconds = / copied, ([0-9.e+-]+) s/.exec(stderr)?.[1];
  if (code !== 0 || seconds === undefined)
    throw new Error(`${node}: a flushed write to ${mountPoint} ended with ${code}: ${stderr.trim()}`);
  return (Number(seconds) * 1000) / writes;
}
