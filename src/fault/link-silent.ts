import { setTimeout as sleep } from 'node:timers/promises';
import type { LabLink, RunningLab } from '../engine/engine.ts';
import type { Fault, FaultContext, FaultKind, Proof } from './fault.ts';
import { describeLink, isWhole, linkOf } from './links.ts';

/** A link that drops everything both ways while carrier stays: only BFD or the hold timer can tell. */
export const linkSilent: FaultKind<'link-silent'> = {
  kind: 'link-silent',
  summary: 'a link drops everything, both ways, and keeps its carrier',
  targets: 'link',
  prepare: (context, target) => silent('link-silent', context, target, { aToZ: 1, zToA: 1 }),
};

/** As `link-silent`, from end a to end z alone: z hears nothing, a hears everything. */
export const linkSilentOneWay: FaultKind<'link-silent-one-way'> = {
  kind: 'link-silent-one-way',
  summary: 'a link drops everything one way and keeps its carrier',
  targets: 'link',
  prepare: (context, target) => silent('link-silent-one-way', context, target, { aToZ: 1 }),
};

function silent(kind: string, { lab }: FaultContext, target: string, loss: { aToZ?: number; zToA?: number }): Fault {
  const link = linkOf(lab, target);
  return {
    kind,
    target,
    predicts: { kind: 'removed', failures: { links: new Set([link.name]) } },
    inject: () => lab.impair(link.name, { loss }),
    proof: () => proveSilence(lab, link, loss),
    heal: () => lab.impair(link.name, {}),
  };
}

/** Packets must have been dropped in each direction that is silent, and carrier must have stayed. */
async function proveSilence(lab: RunningLab, link: LabLink, loss: { aToZ?: number; zToA?: number }): Promise<Proof> {
  const silentNow = async () => {
    const dropped = await lab.dropped(link.name);
    return { dropped, all: (!loss.aToZ || dropped.aToZ > 0) && (!loss.zToA || dropped.zToA > 0) };
  };
  // Something is sent on every link every second at the latest: hellos, probes, neighbour discovery.
  let seen = await silentNow();
  for (let waited = 0; !seen.all && waited < 3000; waited += 50) {
    await sleep(50);
    seen = await silentNow();
  }
  const state = await lab.linkState(link.name);
  const { aToZ, zToA } = seen.dropped;
  const evidence = `dropped ${aToZ} packets ${link.a.node} to ${link.z.node}, ${zToA} back; ${describeLink(link, state)}`;
  return { verdict: seen.all && isWhole(state) ? 'pass' : 'fail', evidence };
}
