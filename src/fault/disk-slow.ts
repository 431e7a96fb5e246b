import { nowMs } from '../linux/clock.ts';
import { nodeWithDisk, timedWriteMs } from './disks.ts';
import type { FaultKind } from './fault.ts';

/** A flushed write takes a few operations, so that one lasts about a second: a disk that is dying. */
const OPERATIONS_PER_SECOND = 3;
/** Writes before, the fastest of which counts: a busy machine makes some of them slow, and that is not the disk. */
const TRIES = 3;
/** A fault that could be noise is none. */
const LEAST_FACTOR = 3;

/** A disk slows down to a few operations a second: everything still works, late. */
export const diskSlow: FaultKind<'disk-slow'> = {
  kind: 'disk-slow',
  summary: `a node's disk does ${OPERATIONS_PER_SECOND} operations a second and no more`,
  targets: 'node',
  needsDisk: true,
  prepare({ lab }, target) {
    const { name, disks } = nodeWithDisk(lab, target);
    const [disk] = disks;
    let beforeMs = Number.POSITIVE_INFINITY;
    let slowed = false;
    return {
      kind: 'disk-slow',
      target,
      predicts: { kind: 'unchanged', failures: {} },
      strikes: new Set([name]),
      async inject() {
        for (let at = 0; at < TRIES; at++) beforeMs = Math.min(beforeMs, await timedWriteMs(lab, name, disk, 1));
        slowed = true;
        return lab.throttleDisks(name, { operationsPerSecond: OPERATIONS_PER_SECOND });
      },
      async proof() {
        const nowTakesMs = await timedWriteMs(lab, name, disk);
        const evidence = `${name}: a flushed write to ${disk.mountPoint} took ${beforeMs.toFixed(1)} ms before and takes ${nowTakesMs.toFixed(1)} ms`;
        return { verdict: nowTakesMs >= beforeMs * LEAST_FACTOR ? 'pass' : 'fail', evidence };
      },
      async heal() {
        if (!slowed) return { atMs: nowMs() };
        slowed = false;
        return lab.throttleDisks(name, undefined);
      },
    };
  },
};
