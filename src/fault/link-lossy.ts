import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from './fault.ts';
import { describeLink, isWhole, linkOf } from './links.ts';

/** Low enough for BFD at a multiplier of 3 to stay up: three losses in a row are one in 125,000 hellos. */
const LOSS = 0.02;

/** A dirty fibre: a small share of packets is lost, and routing must not move. */
export const linkLossy: FaultKind<'link-lossy'> = {
  kind: 'link-lossy',
  summary: 'a link loses 2 % of its packets',
  targets: 'link',
  prepare({ lab }, target) {
    const link = linkOf(lab, target);
    return {
      kind: 'link-lossy',
      target,
      predicts: { kind: 'unchanged', failures: {}, loss: LOSS },
      inject: () => lab.impair(link.name, { loss: { aToZ: LOSS, zToA: LOSS } }),
      async proof() {
        let dropped = await lab.dropped(link.name);
        for (let waited = 0; dropped.aToZ + dropped.zToA === 0 && waited < 5000; waited += 50) {
          await sleep(50);
          dropped = await lab.dropped(link.name);
        }
        const state = await lab.linkState(link.name);
        const evidence = `dropped ${dropped.aToZ} packets ${link.a.node} to ${link.z.node}, ${dropped.zToA} back; ${describeLink(link, state)}`;
        return { verdict: dropped.aToZ + dropped.zToA > 0 && isWhole(state) ? 'pass' : 'fail', evidence };
      },
      heal: () => lab.impair(link.name, {}),
    };
  },
};
