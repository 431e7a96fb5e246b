/** The faults, one file each. */
import { InputError } from '../errors.ts';
import { bitRot } from './bit-rot.ts';
import { brownOut } from './brown-out.ts';
import { controlPlaneFrozen } from './control-plane-frozen.ts';
import { daemonKilled } from './daemon-killed.ts';
import { diskFull } from './disk-full.ts';
import { diskLost } from './disk-lost.ts';
import { diskSlow } from './disk-slow.ts';
import type { FaultKind } from './fault.ts';
import { linkDown } from './link-down.ts';
import { linkFlap } from './link-flap.ts';
import { linkLossy } from './link-lossy.ts';
import { linkSilent, linkSilentOneWay } from './link-silent.ts';
import { partition } from './partition.ts';
import { powerCut } from './power-cut.ts';
import { rackPower } from './rack-power.ts';
import { switchPower } from './switch-power.ts';

export type { Fault, FaultContext, FaultKind, FaultPrediction, Proof } from './fault.ts';
export { linksOf } from './links.ts';
export { type FaultStep, type PlannedFault, planFaults, storeOf, type TargetChoices } from './plan.ts';

/** Every kind there is, in the order in which help lists them. */
export const faultKinds: readonly FaultKind[] = Object.freeze(
  [
    linkDown,
    linkSilent,
    linkSilentOneWay,
    linkLossy,
    linkFlap,
    partition,
    switchPower,
    controlPlaneFrozen,
    daemonKilled,
    rackPower,
    powerCut,
    brownOut,
    diskFull,
    diskSlow,
    diskLost,
    bitRot,
  ].map((kind) => Object.freeze(kind)),
);

/** @throws InputError listing the kinds */
export function faultKind(name: string): FaultKind {
  const found = faultKinds.find(({ kind }) => kind === name);
  if (found === undefined) {
    throw new InputError(`there is no fault '${name}'; the kinds are ${faultKinds.map(({ kind }) => kind).join(', ')}`);
  }
  return found;
}
