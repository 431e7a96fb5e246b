/** Asking routers by sockets, against asking them by forks. */
import { execFileSync } from 'node:child_process';
import { deploy } from '../../src/deploy.ts';
import { openFrr, openKernel } from '../../src/router/index.ts';
import { type Benchmark, benchmark, medianMs } from './benchmark.ts';

export async function benchRouter(): Promise<readonly Benchmark[]> {
  const lab = await deploy('pod', { name: 'bench-router', set: { servers: 0, spines: 2, racks: 8 } });
  try {
    await lab.converged();
    const node = lab.running.node('leaf-1');
    const frr = openFrr(node.name, node.vtyDir as string);
    const kernel = openKernel(node.netns);
    await frr.vty('bgpd').json('show bgp ipv4 summary json');
    const socket = await medianMs(200, () => frr.vty('bgpd').json('show bgp ipv4 summary json'));
    const vtysh = await medianMs(20, () =>
      execFileSync('vtysh', ['--vty_socket', node.vtyDir as string, '-d', 'bgpd', '-c', 'show bgp ipv4 summary json'], {
        stdio: 'ignore',
      }),
    );
    const dump = await medianMs(200, () => kernel.routes());
    const ip = await medianMs(20, () => {
      for (const family of ['-4', '-6'])
        execFileSync('ip', ['-n', node.container, '-j', family, 'route'], { stdio: 'ignore' });
    });
    kernel.close();
    frr.close();
    return [
      benchmark('show bgp summary', socket, 'ms', 'vtysh', vtysh),
      benchmark('kernel tables', dump, 'ms', 'ip -j route', ip),
    ];
  } finally {
    await lab.destroy({ cleanup: true });
  }
}
