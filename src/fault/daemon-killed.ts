import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../linux/clock.ts';
import type { FaultKind } from './fault.ts';
import { nodeOf } from './nodes.ts';

/** The BGP daemon of a router dies (SIGKILL), and is started again as the heal. */
export const daemonKilled: FaultKind<'daemon-killed'> = {
  kind: 'daemon-killed',
  summary: 'the BGP daemon of a router is killed',
  targets: 'node',
  prepare({ lab }, target) {
    const { name } = nodeOf(lab, target);
    let killed = 0;
    let restarted = true;
    return {
      kind: 'daemon-killed',
      target,
      // zebra takes the routes of a daemon that died out of the kernel; when it has done so is not what this fault measures.
      predicts: { kind: 'removed', failures: { nodes: new Set([name]) }, excluded: new Set([name]) },
      async inject() {
        restarted = false;
        // `kill` waits until it has ended, and its peers notice sooner.
        const atMs = nowMs();
        killed = await lab.kill(name, 'bgpd');
        return { atMs };
      },
      async proof() {
        const count = async () => (await lab.processes(name)).filter(({ program }) => program === 'bgpd').length;
        let left = await count();
        // SIGKILL is sent, and the process is gone a little later.
        for (let waited = 0; left > 0 && waited < 1000; waited += 10) {
          await sleep(10);
          left = await count();
        }
        const evidence = `killed ${killed} bgpd on ${name}, ${left} left`;
        return { verdict: killed > 0 && left === 0 ? 'pass' : 'fail', evidence };
      },
      async heal() {
        const atMs = nowMs();
        if (!restarted) await lab.startProgram(name, 'bgpd');
        restarted = true;
        return { atMs };
      },
    };
  },
};
