import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from './fault.ts';
import { describeLink, isWhole, linkOf } from './links.ts';

const FLAPS = 3;
const DOWN_MS = 150;
const UP_MS = 350;

/** A bad optic: carrier goes and comes a few times and stays in the end. */
export const linkFlap: FaultKind<'link-flap'> = {
  kind: 'link-flap',
  summary: `a link loses its carrier ${FLAPS} times and gets it back`,
  targets: 'link',
  prepare({ lab }, target) {
    const link = linkOf(lab, target);
    let seenDown = 0;
    return {
      kind: 'link-flap',
      target,
      predicts: { kind: 'after-last-flap', failures: {} },
      async inject() {
        let last = { atMs: 0 };
        for (let flap = 1; flap <= FLAPS; flap++) {
          await lab.setLink(link.name, 'down');
          await sleep(DOWN_MS);
          const { a, z } = await lab.linkState(link.name);
          if (!a.carrier && !z.carrier) seenDown++;
          last = await lab.setLink(link.name, 'up');
          if (flap < FLAPS) await sleep(UP_MS);
        }
        return last;
      },
      async proof() {
        const state = await lab.linkState(link.name);
        const evidence = `seen without carrier ${seenDown} times of ${FLAPS}; now ${describeLink(link, state)}`;
        return { verdict: seenDown === FLAPS && isWhole(state) ? 'pass' : 'fail', evidence };
      },
      heal: () => lab.setLink(link.name, 'up'),
    };
  },
};
