/** Mounting disks where only one node sees them. */
import { CACHED_DISK, type DiskKind } from './disk.ts';

export interface DiskMount {
  readonly image: string;
  readonly kind: DiskKind;
  /** Folder of the host; the file system is there only inside the private mount namespace. */
  readonly at: string;
  /** Folder for the file system that is the disk's volatile cache; unused where it has none. */
  readonly cacheAt: string;
}

/** Stands for "no cache" among the arguments; folders begin with a slash. */
const NO_CACHE = '-';

/**
 * Mounts what four arguments each describe (image, folder of the cache, folder, kind) until `--`, then becomes the command after it.
 * Flushes are for what has a volatile cache: without one they have nothing to do, and a disk that lies ignores them. It may have lost any
 * part of its journal, so it is repaired first, as an unattended server does as it boots.
 */
const MOUNT_THEN_EXEC = `while [ "$1" != -- ]; do
  disk=$1
  if [ "$2" != ${NO_CACHE} ]; then
    mount -t ext4 -o loop "$1" "$2" || exit 125
    disk=$2/${CACHED_DISK}
  fi
  barrier=0
  if [ "$4" = cached ]; then barrier=1; fi
  if [ "$4" = lying ]; then
    e2fsck -y "$disk" >&2
    [ $? -lt 4 ] || exit 125
  fi
  mount -t ext4 -o "loop,barrier=$barrier" "$disk" "$3" || exit 125
  shift 4
done
shift
exec "$@"`;

/**
 * A command line that runs another one in a mount namespace of its own, in which the disks are mounted. A loop device that loses its
 * last mount goes with it, so nothing of it stays once the last process in that namespace (and in those made from it) has ended.
 */
export function withDisks(mounts: readonly DiskMount[], argv: readonly string[]): readonly string[] {
  if (mounts.length === 0) return argv;
  const described = mounts.flatMap(({ image, kind, at, cacheAt }) => [
    image,
    kind === 'safe' ? NO_CACHE : cacheAt,
    at,
    kind,
  ]);
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    MOUNT_THEN_EXEC,
    'disks',
    ...described,
    '--',
    ...argv,
  ];
}
