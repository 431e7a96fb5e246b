/** Stopping a file system as a power cut would. */
import { closeSync, openSync } from 'node:fs';
import { libc, systemError } from './libc.ts';

const ioctl: (fd: number, request: number, argument: Buffer) => number = libc.func(
  'int ioctl(int fd, unsigned long request, void *argument)',
);
/** `_IOR('X', 125, __u32)`: known to ext4, XFS and others. */
const FS_IOC_SHUTDOWN = 0x8004587d;
const NO_LOG_FLUSH = 2;

/**
 * Shuts a mounted file system down without flushing its log: what had not reached the disk never will, and every access fails from now on.
 * @param path of anything in it, usually its mount point, as this process sees it
 * @throws Error with the failing system call, for instance where the file system does not know this
 */
export function shutDownFileSystem(path: string): void {
  const fd = openSync(path, 'r');
  try {
    const mode = Buffer.alloc(4);
    mode.writeUInt32LE(NO_LOG_FLUSH);
    if (ioctl(fd, FS_IOC_SHUTDOWN, mode) !== 0) throw systemError('ioctl FS_IOC_SHUTDOWN', path);
  } finally {
    closeSync(fd);
  }
}
