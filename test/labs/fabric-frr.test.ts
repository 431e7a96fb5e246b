/** Needs FRR's `vtysh`, which checks a configuration without any daemon running. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { workOut, writeFabric } from '../../src/fabric/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

for (const design of [
  leafSpine(),
  leafSpine({ spines: 1, racks: 1, servers: 0, bfd: false }),
  leafSpine({ spines: 3, racks: 2, servers: 2, timers: { raIntervalMs: 150 } }),
]) {
  const { spines, racks, servers } = design;
  test(`FRR accepts every generated configuration of ${spines}x${racks}x${servers}`, (t) => {
    if (spawnSync('vtysh', ['--help']).error) {
      t.log('skipped: no vtysh on this machine; the package frr gives it');
      t.pass();
      return;
    }
    const dir = mkdtempSync(join(tmpdir(), 'leafstorm-fabric-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    writeFabric(workOut(design), dir);
    for (const { name } of workOut(design).nodes) {
      const output = execFileSync('vtysh', ['-C', '-f', join(dir, 'configs', name, 'frr.conf')], { encoding: 'utf8' });
      t.notRegex(output, /%|unknown|fail/i, name);
    }
  });
}
