import test from 'ava';
import type { TopologyDocument } from 'containerlab-ts';
import { check, plant, told } from '../planted.ts';

test('a configuration that is not where its bind says', (t) => {
  const { findings } = plant({}, { missing: ['leaf-2'] });
  t.deepEqual(told(findings, 'config-file'), [
    'error leaf-2:1 there is no such file, which leaf-2 is to have as its frr.conf',
  ]);
  t.is(findings[0]!.file, '/fabric/configs/leaf-2/frr.conf');
});

test('a node of the intent without bind', (t) => {
  const document = (whole: TopologyDocument): TopologyDocument => ({
    ...whole,
    defaults: { ...whole.defaults, binds: [] },
  });
  const { findings } = plant({}, { document, missing: ['leaf-2'] });
  t.deepEqual(
    told(findings, 'config-file').map((one) => one.replace(/:\d+/, '')),
    ['error leaf-2 leaf-2 gets no frr.conf: no bind has /etc/frr/frr.conf or /etc/frr as its target'],
  );
});

test('an FRR image without configuration is a warning, another image is nothing', (t) => {
  const nodes = { a: { image: 'quay.io/frrouting/frr:10.2.1', binds: [] }, b: { image: 'alpine', binds: [] } };
  t.deepEqual(
    told(check({}, ['a:eth1 b:eth1'], nodes), 'config-file').map((one) => one.split(':')[0]),
    ['warning a'],
  );
});
