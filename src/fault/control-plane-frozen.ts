import { InputError } from '../errors.ts';
import { nowMs } from '../linux/clock.ts';
import { answers } from '../router/index.ts';
import type { FaultKind } from './fault.ts';
import { nodeOf } from './nodes.ts';

/** How long a daemon may take to say anything before it counts as frozen; a live one answers within a few milliseconds. */
const SILENCE_MS = 500;

/** Every process of a router stops, and its kernel goes on forwarding with the tables it has. */
export const controlPlaneFrozen: FaultKind<'control-plane-frozen'> = {
  kind: 'control-plane-frozen',
  summary: "a router's control plane stops while it goes on forwarding",
  targets: 'node',
  prepare({ lab }, target) {
    const { name, vtyDir } = nodeOf(lab, target);
    if (vtyDir === undefined)
      throw new InputError(`${lab.name}: ${name} runs no FRR, so it has no control plane to freeze`);
    return {
      kind: 'control-plane-frozen',
      target,
      predicts: { kind: 'frozen', failures: { frozen: new Set([name]) }, excluded: new Set([name]) },
      async inject() {
        // When it begins to stop: what convergence takes must not come out shorter than it was.
        const atMs = nowMs();
        await lab.pause(name);
        return { atMs };
      },
      async proof() {
        const speaks = await answers(vtyDir, 'zebra', SILENCE_MS);
        const evidence = speaks
          ? `zebra on ${name} still answers`
          : `zebra on ${name} gave no answer within ${SILENCE_MS} ms`;
        return { verdict: speaks ? 'fail' : 'pass', evidence };
      },
      async heal() {
        await lab.unpause(name);
        return { atMs: nowMs() };
      },
    };
  },
};
