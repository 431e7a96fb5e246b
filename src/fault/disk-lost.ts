import { nowMs } from '../linux/clock.ts';
import { nodeWithDisk } from './disks.ts';
import type { FaultKind } from './fault.ts';
import { proveOff } from './nodes.ts';

/** A node loses power and comes back with an empty disk: what was on it must come from the other members. */
export const diskLost: FaultKind<'disk-lost'> = {
  kind: 'disk-lost',
  summary: 'a node loses power and its disk, and comes back with an empty one',
  targets: 'node',
  needsDisk: true,
  prepare({ lab }, target) {
    const { name, disks } = nodeWithDisk(lab, target);
    const [disk] = disks;
    let off = false;
    return {
      kind: 'disk-lost',
      target,
      predicts: { kind: 'removed', failures: { nodes: new Set([name]) } },
      strikes: new Set([name]),
      async inject() {
        off = true;
        const cut = await lab.powerOff([name]);
        await lab.replaceDisks(name);
        return cut;
      },
      async proof() {
        const power = await proveOff(lab, [name]);
        const { code, stdout, stderr } = await lab.onDisks(name, ['ls', '-A', disk.hostPath]);
        const files = stdout.split('\n').filter((file) => file !== '' && file !== 'lost+found');
        if (code !== 0)
          return { verdict: 'unknown', evidence: `${name}: its disk could not be looked at: ${stderr.trim()}` };
        const evidence = `${power.evidence}; its disk ${files.length === 0 ? 'is empty' : `still holds ${files.join(', ')}`}`;
        return { verdict: power.verdict === 'pass' && files.length > 0 ? 'fail' : power.verdict, evidence };
      },
      async heal() {
        if (off) await lab.powerOn([name]);
        off = false;
        return { atMs: nowMs() };
      },
    };
  },
};
