import { InputError } from '../errors.ts';
import type { FaultKind } from './fault.ts';
import { powerOffFault } from './power.ts';

/** A rack loses power: its leaf and all its servers at one instant. Their disks lose what was not flushed. */
export const rackPower: FaultKind<'rack-power'> = {
  kind: 'rack-power',
  summary: 'a rack loses power: its leaf and its servers, with what their disks had not flushed',
  targets: 'rack',
  prepare({ lab, racks }, target) {
    const nodes = racks.get(target);
    if (nodes === undefined) {
      const known = [...racks.keys()].slice(0, 8).join(', ') || 'none: no node has the label leafstorm-rack';
      throw new InputError(`${lab.name}: there is no rack '${target}'; its racks are ${known}`);
    }
    return powerOffFault('rack-power', target, lab, nodes);
  },
};
