/** A node's disk: what it is, and the image that holds it. */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { run } from '../linux/run.ts';

/** Label of a node that gives it disks: `<mount point>=<bytes>`, several separated by blanks. */
export const DISK_LABEL = 'leafstorm-disk';

/** Below this ext4 has no room for a journal of useful size. */
const SMALLEST_BYTES = 8 << 20;

export interface DiskSpec {
  /** Inside the node, absolute. */
  readonly mountPoint: string;
  /** Size of the device; the image is sparse. */
  readonly bytes: number;
}

/** Reads the label's text. @throws SyntaxError saying what is wrong with it */
export function parseDisks(label: string): DiskSpec[] {
  const disks = label
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, mountPoint, digits] = /^(\/[^=]*[^=/])=(\d+)$/.exec(word) ?? [];
      const bytes = Number(digits);
      if (mountPoint === undefined || mountPoint.split('/').includes('..')) {
        throw new SyntaxError(`${DISK_LABEL}: "${word}" is not <mount point>=<bytes>`);
      }
      if (bytes < SMALLEST_BYTES) {
        throw new SyntaxError(`${DISK_LABEL}: ${mountPoint} needs at least ${SMALLEST_BYTES} bytes, not ${bytes}`);
      }
      return Object.freeze({ mountPoint, bytes });
    });
  const twice = disks.find((disk, at) => disks.findIndex(({ mountPoint }) => mountPoint === disk.mountPoint) !== at);
  if (twice !== undefined) throw new SyntaxError(`${DISK_LABEL}: ${twice.mountPoint} stands there twice`);
  return disks;
}

/** Makes an empty disk: a sparse file with an ext4 file system. @throws Error quoting mkfs */
export async function makeDisk(image: string, bytes: number, env: Readonly<Record<string, string>>): Promise<void> {
  const fd = openSync(image, 'wx', 0o600);
  try {
    ftruncateSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  const lazily = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0';
  const made = await run(['mkfs.ext4', '-q', '-F', '-E', lazily, image], { env });
  if (made.code !== 0) throw new Error(`mkfs.ext4 ${image} ended with ${made.code}: ${made.stderr.trim()}`);
}
