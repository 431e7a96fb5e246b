import type { FaultKind } from './fault.ts';
import { describeLink, linkOf } from './links.ts';

/** A cut fibre: both ends lose carrier at once. */
export const linkDown: FaultKind<'link-down'> = {
  kind: 'link-down',
  summary: 'a link loses its carrier',
  targets: 'link',
  prepare({ lab }, target) {
    const link = linkOf(lab, target);
    return {
      kind: 'link-down',
      target,
      predicts: { kind: 'removed', failures: { links: new Set([link.name]) } },
      inject: () => lab.setLink(link.name, 'down'),
      async proof() {
        const state = await lab.linkState(link.name);
        const evidence = describeLink(link, state);
        return { verdict: state.a.carrier || state.z.carrier ? 'fail' : 'pass', evidence };
      },
      heal: () => lab.setLink(link.name, 'up'),
    };
  },
};
