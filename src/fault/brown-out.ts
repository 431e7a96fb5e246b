import { nowMs } from '../linux/clock.ts';
import type { FaultKind, Proof } from './fault.ts';
import { darkWith, proveExactly, type Running, runningNow, treeOf, uninterrupted } from './power.ts';

/** Power goes and comes back at once: everything that has no other feed reboots, with what its disks had flushed and nothing else. */
export const brownOut: FaultKind<'brown-out'> = {
  kind: 'brown-out',
  summary: 'power goes and comes back at once: what has no other feed reboots',
  targets: 'power',
  prepare(context, target) {
    const { lab } = context;
    const tree = treeOf(context, target);
    const rebooting = darkWith(lab, tree, target);
    let before: Running | undefined;
    let taken: readonly string[] = [];
    let dark: Proof | undefined;
    let isOff = false;
    const restore = async () => {
      if (isOff) await lab.powerOn(taken);
      isOff = false;
    };
    return {
      kind: 'brown-out',
      target,
      predicts:
        rebooting.length > 0
          ? { kind: 'after-last-flap', failures: {}, rebooted: new Set(rebooting) }
          : { kind: 'unchanged', failures: {} },
      strikes: new Set(rebooting),
      async inject() {
        before = await runningNow(lab);
        const ran = before;
        taken = darkWith(lab, tree, target).filter((node) => (ran.get(node)?.size ?? 0) > 0);
        if (taken.length > 0) {
          isOff = true;
          await lab.powerOff(taken);
        }
        dark = await proveExactly(lab, before, taken);
        const atMs = nowMs();
        await restore();
        return { atMs };
      },
      async proof() {
        if (before === undefined || dark === undefined) return { verdict: 'fail', evidence: 'power never went' };
        if (dark.verdict !== 'pass' || taken.length === 0) return dark;
        const now = await runningNow(lab);
        const stayed = uninterrupted(before, now);
        const same = taken.filter((node) => stayed.has(node));
        const dead = taken.filter((node) => now.get(node)?.size === 0);
        const evidence = [
          `while it was away: ${dark.evidence}`,
          same.length > 0 ? `${same.join(', ')} did not reboot` : `${taken.join(', ')} rebooted`,
          ...(dead.length > 0 ? [`${dead.join(', ')} stayed off`] : []),
        ];
        return { verdict: same.length + dead.length > 0 ? 'fail' : 'pass', evidence: evidence.join('; ') };
      },
      async heal() {
        await restore();
        return { atMs: nowMs() };
      },
    };
  },
};
