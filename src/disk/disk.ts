/** A node's disk: what it is, and the image that holds it. */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../linux/run.ts';

/** Label of a node that gives it disks: `<mount point>=<bytes>[,kind=safe|cached|lying]`, several separated by blanks. */
export const DISK_LABEL = 'leafstorm-disk';

/**
 * What a power cut takes. `safe`: no volatile cache, what reached the disk stays. `cached`: a volatile write cache that honours flushes, so
 * what was flushed stays. `lying`: a volatile write cache that ignores flushes, so that even what was flushed is lost.
 */
export const DISK_KINDS = ['safe', 'cached', 'lying'] as const;
export type DiskKind = (typeof DISK_KINDS)[number];

/** Below this ext4 has no room for a journal of useful size. */
const SMALLEST_BYTES = 8 << 20;
/** What the file system below a cached disk needs for itself. */
const CACHE_OVERHEAD_BYTES = 32 << 20;
/** Name of the disk in the file system that is its cache. */
export const CACHED_DISK = 'disk';

export interface DiskSpec {
  /** Inside the node, absolute. */
  readonly mountPoint: string;
  /** Size of the device; the image is sparse. */
  readonly bytes: number;
  readonly kind: DiskKind;
}

/** Reads the label's text. @throws SyntaxError saying what is wrong with it */
export function parseDisks(label: string): DiskSpec[] {
  const disks = label
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(parseDisk);
  const twice = disks.find((disk, at) => disks.findIndex(({ mountPoint }) => mountPoint === disk.mountPoint) !== at);
  if (twice !== undefined) throw new SyntaxError(`${DISK_LABEL}: ${twice.mountPoint} stands there twice`);
  return disks;
}

function parseDisk(word: string): DiskSpec {
  const [, mountPoint, digits, kind = 'safe'] = /^(\/[^=]*[^=/])=(\d+)(?:,kind=([^,]*))?$/.exec(word) ?? [];
  const bytes = Number(digits);
  if (mountPoint === undefined || mountPoint.split('/').includes('..')) {
    throw new SyntaxError(`${DISK_LABEL}: "${word}" is not <mount point>=<bytes>[,kind=${DISK_KINDS.join('|')}]`);
  }
  if (!isDiskKind(kind)) {
    throw new SyntaxError(
      `${DISK_LABEL}: ${mountPoint}: there is no disk of kind "${kind}"; there are ${DISK_KINDS.join(', ')}`,
    );
  }
  if (bytes < SMALLEST_BYTES) {
    throw new SyntaxError(`${DISK_LABEL}: ${mountPoint} needs at least ${SMALLEST_BYTES} bytes, not ${bytes}`);
  }
  return Object.freeze({ mountPoint, bytes, kind });
}

export function isDiskKind(value: unknown): value is DiskKind {
  return (DISK_KINDS as readonly unknown[]).includes(value);
}

/** Makes an empty disk: a sparse file with an ext4 file system; for kinds with a cache, inside a second one. @throws Error quoting mkfs */
export async function makeDisk(
  image: string,
  { bytes, kind }: Pick<DiskSpec, 'bytes' | 'kind'>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (kind === 'safe') return makeFileSystem(image, bytes, [], env);
  const content = `${image}.content`;
  mkdirSync(content);
  try {
    await makeFileSystem(join(content, CACHED_DISK), bytes, [], env);
    // The disk must never find its cache full: room for all of it, and for what maps it.
    const room = bytes + Math.ceil(bytes / 16) + CACHE_OVERHEAD_BYTES;
    await makeFileSystem(image, room, ['-m', '0', '-d', content], env);
  } finally {
    rmSync(content, { recursive: true, force: true });
  }
}

async function makeFileSystem(
  image: string,
  bytes: number,
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const fd = openSync(image, 'wx', 0o600);
  try {
    ftruncateSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  const lazily = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0';
  const made = await run(['mkfs.ext4', '-q', '-F', '-E', lazily, ...options, image], { env });
  if (made.code !== 0) throw new Error(`mkfs.ext4 ${image} ended with ${made.code}: ${made.stderr.trim()}`);
}
