/** Disks that forget what was not flushed. */
export { DISK_LABEL, type DiskSpec, makeDisk, parseDisks } from './disk.ts';
export { loopDevicesIn, waitForLoopDevicesGone } from './loop.ts';
export { type DiskMount, withDisks } from './mount.ts';
