import { fileURLToPath } from 'node:url';
import { nowMs } from '../linux/clock.ts';
import type { Rotten } from './bit-rot-process.ts';
import { nodeWithDisk } from './disks.ts';
import type { FaultKind } from './fault.ts';

const PROCESS = fileURLToPath(new URL('./bit-rot-process.ts', import.meta.url));
/** Bytes that flip, each in another block of the file. */
const FLIPS = 8;

/**
 * Bytes of a file flip while they lie on the disk of a node without power, which then starts on them. The file and the bytes are drawn
 * from the seed, among those that hold something. Whether the store notices is the store's affair; afterwards the member is rebuilt.
 */
export const bitRot: FaultKind<'bit-rot'> = {
  kind: 'bit-rot',
  summary: "bytes of a file on a node's disk flip while it has no power",
  targets: 'node',
  needsDisk: true,
  prepare({ lab, seed = 0 }, target) {
    const { name, disks } = nodeWithDisk(lab, target);
    const [disk] = disks;
    let off = false;
    let rotten: Rotten | undefined;
    return {
      kind: 'bit-rot',
      target,
      predicts: { kind: 'removed', failures: { nodes: new Set([name]) } },
      strikes: new Set([name]),
      rebuild: true,
      async inject() {
        off = true;
        const cut = await lab.powerOff([name]);
        const argv = [process.execPath, PROCESS, disk.hostPath, `${seed}`, `${FLIPS}`];
        const { code, stdout, stderr } = await lab.onDisks(name, argv);
        if (code !== 0)
          throw new Error(`${name}: no byte of its disk could be flipped: ${stderr.trim().split('\n').at(-1)}`);
        rotten = JSON.parse(stdout) as Rotten;
        return cut;
      },
      async proof() {
        if (rotten === undefined) return { verdict: 'fail', evidence: `${name}: nothing was flipped` };
        const { file, before, flips } = rotten;
        const { code, stdout } = await lab.onDisks(name, ['sha256sum', `${disk.hostPath}/${file}`]);
        const [now = ''] = stdout.split(' ');
        const evidence = `${name}: ${flips} bytes of ${disk.mountPoint}/${file} flipped: sha256 ${before.slice(0, 12)} before, ${now.slice(0, 12)} now`;
        return { verdict: code !== 0 ? 'unknown' : now === before ? 'fail' : 'pass', evidence };
      },
      async heal() {
        if (off) await lab.powerOn([name]);
        off = false;
        return { atMs: nowMs() };
      },
    };
  },
};
