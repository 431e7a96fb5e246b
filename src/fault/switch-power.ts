import type { FaultKind } from './fault.ts';
import { nodeOf } from './nodes.ts';
import { powerOffFault } from './power.ts';

/** A switch loses power, and gets it back with nothing in its memory. */
export const switchPower: FaultKind<'switch-power'> = {
  kind: 'switch-power',
  summary: 'a switch loses power',
  targets: 'node',
  prepare({ lab }, target) {
    return powerOffFault('switch-power', target, lab, [nodeOf(lab, target).name]);
  },
};
