/** Mounting disks where only one node sees them. */

export interface DiskMount {
  readonly image: string;
  /** Folder of the host; the file system is there only inside the private mount namespace. */
  readonly at: string;
}

/** Mounts pairs of image and folder until `--`, then becomes the command after it. */
const MOUNT_THEN_EXEC = `while [ "$1" != -- ]; do mount -t ext4 -o loop "$1" "$2" || exit 125; shift 2; done
shift
exec "$@"`;

/**
 * A command line that runs another one in a mount namespace of its own, in which the disks are mounted. A loop device that loses its
 * last mount goes with it, so nothing of it stays once the last process in that namespace (and in those made from it) has ended.
 */
export function withDisks(mounts: readonly DiskMount[], argv: readonly string[]): readonly string[] {
  if (mounts.length === 0) return argv;
  const pairs = mounts.flatMap(({ image, at }) => [image, at]);
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    MOUNT_THEN_EXEC,
    'disks',
    ...pairs,
    '--',
    ...argv,
  ];
}
