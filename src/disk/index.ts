/** Disks that forget what was not flushed. */
export { DISK_KINDS, DISK_LABEL, type DiskKind, type DiskSpec, isDiskKind, makeDisk, parseDisks } from './disk.ts';
export { loopDevicesIn, waitForLoopDevicesGone } from './loop.ts';
export { type DiskMount, withDisks } from './mount.ts';
