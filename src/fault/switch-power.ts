import { nowMs } from '../linux/clock.ts';
import type { FaultKind } from './fault.ts';
import { nodeOf, proveOff } from './nodes.ts';

/** A switch loses power, and gets it back with nothing in its memory. */
export const switchPower: FaultKind<'switch-power'> = {
  kind: 'switch-power',
  summary: 'a switch loses power',
  targets: 'node',
  prepare({ lab }, target) {
    const { name } = nodeOf(lab, target);
    let off = false;
    return {
      kind: 'switch-power',
      target,
      predicts: { kind: 'removed', failures: { nodes: new Set([name]) } },
      inject() {
        off = true;
        return lab.powerOff([name]);
      },
      proof: () => proveOff(lab, [name]),
      async heal() {
        if (off) await lab.powerOn([name]);
        off = false;
        return { atMs: nowMs() };
      },
    };
  },
};
