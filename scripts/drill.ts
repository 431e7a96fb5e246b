#!/usr/bin/env -S npx zx
// Cuts every spine-leaf link of a lab in turn and tells how long each took to be routed around: node scripts/drill.ts
import { echo, sleep } from 'zx';
import { deploy } from '../src/index.ts';

const lab = await deploy('pod', { set: { servers: 0 } });
try {
  await lab.converged();
  for (const { name } of lab.running.links) {
    const cut = await lab.fault('link-down', name);
    const { tookMs } = await lab.converged({ failures: { links: new Set([name]) }, timeoutMs: 5000 });
    echo(`${name}: ${cut.proof.evidence}; around it after ${tookMs?.toFixed(0) ?? 'more than 5000'} ms`);
    await cut.heal();
    await lab.converged();
    await sleep('1s');
  }
} finally {
  await lab.destroy({ cleanup: true });
}
