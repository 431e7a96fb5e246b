import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readTopology, writeTopology } from 'containerlab-ts';
import { checkDesign, readConfigs } from '../../../src/check/index.ts';
import { topologyOf, writeFabric } from '../../../src/fabric/index.ts';
import { pod, told } from '../planted.ts';

test('a daemon that the configuration needs and nobody starts', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-check-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  writeFabric(pod, dir);
  const file = join(dir, 'pod.clab.yml');
  const { topology } = readTopology(writeTopology(topologyOf(pod)), { file });
  const judge = () => checkDesign({ topology: topology!, configs: readConfigs(topology!), fabric: pod });
  t.deepEqual(judge(), []);

  writeFileSync(join(dir, 'configs/daemons'), '# mine\nbgpd=yes\nbfdd=no # saves memory\n');
  t.is(told(judge(), 'daemons').length, pod.nodes.length);
  t.is(told(judge(), 'daemons')[0], 'error leaf-1:3 bfdd does not start on leaf-1, whose configuration has BFD');

  writeFileSync(join(dir, 'configs/daemons'), 'bfdd="yes"\n');
  t.is(told(judge(), 'daemons')[0], 'error leaf-1:1 bgpd does not start on leaf-1, whose configuration has router bgp');
});
