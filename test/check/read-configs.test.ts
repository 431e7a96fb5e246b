import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readTopology, writeTopology } from 'containerlab-ts';
import { readConfigs } from '../../src/check/index.ts';

test('configurations are found by a bind of the file or of its folder', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-check-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'b'));
  writeFileSync(join(dir, 'a.conf'), 'hostname a\nrouter bgp 1\n');
  writeFileSync(join(dir, 'b/frr.conf'), 'hostname b\n');
  const text = writeTopology({
    name: 'binds',
    defaults: { kind: 'linux', image: 'frrouting/frr' },
    nodes: {
      a: { binds: ['a.conf:/etc/frr/frr.conf:ro'] },
      b: { binds: ['b:/etc/frr/'] },
      gone: { binds: ['gone.conf:/etc/frr/frr.conf'] },
      other: {},
    },
    links: [],
  });
  const file = join(dir, 'binds.clab.yml');
  const configs = readConfigs(readTopology(text, { file }).topology!);
  t.deepEqual([...configs.keys()], ['a', 'b']);
  t.is(configs.get('a')!.file, join(dir, 'a.conf'));
  t.is(configs.get('a')!.config.bgp![0]!.asn, 1);
  t.is(configs.get('a')!.lines.get('bgp/0'), 2);
  t.is(configs.get('b')!.config.hostname, 'b');
});
