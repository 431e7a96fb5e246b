import { nowMs } from '../linux/clock.ts';
import { nodeWithDisk } from './disks.ts';
import type { FaultKind } from './fault.ts';

const FILLER = '.leafstorm-full';
const BLOCK = 4096;
/** Blocks are spread, so that the last of them may not come in one piece; each round asks for what is left. */
const ROUNDS = 200;

/** A disk fills up to its last block: every process of its node gets ENOSPC for what needs a new one. */
export const diskFull: FaultKind<'disk-full'> = {
  kind: 'disk-full',
  summary: "a node's disk is full: writes that need a new block fail with ENOSPC",
  targets: 'node',
  needsDisk: true,
  prepare({ lab }, target) {
    const { name, disks } = nodeWithDisk(lab, target);
    const filler = (mountPoint: string, round: number | string) => `${mountPoint}/${FILLER}.${round}`;
    let filled = false;
    return {
      kind: 'disk-full',
      target,
      predicts: { kind: 'unchanged', failures: {} },
      strikes: new Set([name]),
      async inject() {
        filled = true;
        for (const { mountPoint } of disks) {
          for (let round = 0, most = Number.POSITIVE_INFINITY; round < ROUNDS; round++) {
            const free = await freeBytes(mountPoint);
            // fallocate takes blocks without writing them: the host's disk does not fill.
            const bytes = Math.min(most, Math.floor(free / BLOCK) * BLOCK);
            if (bytes < BLOCK) break;
            const { code } = await lab.exec(name, ['fallocate', '-l', `${bytes}`, filler(mountPoint, round)]);
            if (code !== 0) most = Math.floor(bytes / 2 / BLOCK) * BLOCK;
          }
        }
        return { atMs: nowMs() };
      },
      async proof() {
        const seen = await Promise.all(
          disks.map(async ({ mountPoint }) => {
            const file = `${mountPoint}/${FILLER}.proof`;
            const argv = ['env', 'LC_ALL=C', 'dd', 'if=/dev/zero', `of=${file}`, 'bs=65536', 'count=1', 'conv=fsync'];
            const { code, stderr } = await lab.exec(name, argv);
            const full = code !== 0 && stderr.includes('No space left on device');
            return {
              full,
              text: `${mountPoint}: ${full ? 'a write of 64 KiB failed, no space left' : 'still takes 64 KiB'}`,
            };
          }),
        );
        const evidence = `${name}: ${seen.map(({ text }) => text).join('; ')}`;
        return { verdict: seen.every(({ full }) => full) ? 'pass' : 'fail', evidence };
      },
      async heal() {
        if (filled) {
          const files = disks.flatMap(({ mountPoint }) => [
            ...Array.from({ length: ROUNDS }, (_, round) => filler(mountPoint, round)),
            filler(mountPoint, 'proof'),
          ]);
          const { code, stderr } = await lab.exec(name, ['rm', '-f', ...files]);
          if (code !== 0) throw new Error(`${name}: what filled its disk stays: ${stderr.trim()}`);
        }
        filled = false;
        return { atMs: nowMs() };
      },
    };

    /** Blocks reserved for root count: what runs on a node is root, as in most containers. */
    async function freeBytes(mountPoint: string): Promise<number> {
      const { code, stdout, stderr } = await lab.exec(name, ['stat', '--file-system', '--format=%f %S', mountPoint]);
      if (code !== 0) throw new Error(`${name}: ${mountPoint}: ${stderr.trim()}`);
      const [blocks = 0, size = 0] = stdout.trim().split(' ').map(Number);
      return blocks * size;
    }
  },
};
