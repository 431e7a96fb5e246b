import { nowMs } from '../linux/clock.ts';
import type { FaultKind } from './fault.ts';
import { darkWith, markCut, proveExactly, type Running, runningNow, treeOf, unmarkCut } from './power.ts';

/**
 * An element of the power tree, or a place with all that stands in it, loses power: exactly those nodes go that have no live feed left, all
 * at one instant, with what their disks had not flushed. Cuts add up: the second PDU of a rack takes what the first one spared.
 */
export const powerCut: FaultKind<'power-cut'> = {
  kind: 'power-cut',
  summary: 'a feed, UPS, PDU, outlet, rack, row, zone or POD loses power, and with it what has no other feed',
  targets: 'power',
  prepare(context, target) {
    const { lab } = context;
    const tree = treeOf(context, target);
    const dark = darkWith(lab, tree, target);
    let before: Running | undefined;
    let taken: readonly string[] = [];
    let back: readonly string[] | undefined;
    return {
      kind: 'power-cut',
      target,
      predicts: { kind: dark.length > 0 ? 'removed' : 'unchanged', failures: { nodes: new Set(dark) } },
      async inject() {
        before = await runningNow(lab);
        const ran = before;
        taken = darkWith(lab, tree, target).filter((node) => (ran.get(node)?.size ?? 0) > 0);
        markCut(lab, target, taken);
        return taken.length > 0 ? lab.powerOff(taken) : { atMs: nowMs() };
      },
      async proof() {
        if (before === undefined) return { verdict: 'fail', evidence: `${target} was not cut` };
        return proveExactly(lab, before, taken);
      },
      async heal() {
        const atMs = nowMs();
        if (before !== undefined) {
          // What another cut keeps in the dark waits for that one.
          back ??= unmarkCut(lab, tree, target);
          await lab.powerOn(back);
          before = undefined;
          back = undefined;
        }
        return { atMs };
      },
    };
  },
};
