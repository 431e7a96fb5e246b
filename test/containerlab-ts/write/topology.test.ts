import { Ajv } from 'ajv';
import test from 'ava';
import { flatten, type TopologyDocument, writeTopology } from 'containerlab-ts';
import { writeTopology as writerAlone } from 'containerlab-ts/write';
import { parse } from 'yaml';
import { good, PUBLISHED, sample, shared, withoutPlaces } from '../support.ts';

const DOCUMENT: TopologyDocument = {
  name: 'pod',
  prefix: '',
  mgmt: { network: 'pod-mgmt', 'ipv4-subnet': '172.30.0.0/24' },
  defaults: { image: 'frrouting/frr:v8.4.4', kind: 'linux', 'network-mode': 'none' },
  groups: { spine: { cpu: 0.5 } },
  nodes: {
    'spine-1': {
      exec: ['ip link set lo up', "sh -c 'echo $HOME: #1'", 'first\nsecond\n'],
      group: 'spine',
      env: { A: '1', B: 'yes', 'C.D': 'a: b', E: true, F: 3 },
      binds: ['configs/spine-1/frr.conf:/etc/frr/frr.conf', '/dev/null:/x:ro'],
    },
    'leaf-1': {},
  },
  links: [
    { endpoints: ['spine-1:eth1', 'leaf-1:eth1'] },
    { endpoints: ['spine-1:eth2', 'leaf-1:eth2'], mtu: 9000 },
    { type: 'dummy', endpoint: { node: 'leaf-1', interface: 'eth3' } },
  ],
};

const TEXT = `name: pod
prefix: ""

mgmt:
  network: pod-mgmt
  ipv4-subnet: 172.30.0.0/24

topology:
  defaults:
    kind: linux
    image: frrouting/frr:v8.4.4
    network-mode: none

  groups:
    spine:
      cpu: 0.5

  nodes:
    spine-1:
      group: spine
      binds:
        - configs/spine-1/frr.conf:/etc/frr/frr.conf
        - /dev/null:/x:ro
      env:
        A: "1"
        B: "yes"
        C.D: "a: b"
        E: true
        F: 3
      exec:
        - ip link set lo up
        - "sh -c 'echo $$HOME: #1'"
        - |
          first
          second
    leaf-1: {}

  links:
    - endpoints: ["spine-1:eth1", "leaf-1:eth1"]
    - endpoints: ["spine-1:eth2", "leaf-1:eth2"]
      mtu: 9000
    - type: dummy
      endpoint:
        node: leaf-1
        interface: eth3
`;

test('a topology is written as a person would', (t) => {
  t.is(writeTopology(DOCUMENT), TEXT);
  t.is(writerAlone(DOCUMENT), TEXT);
});

test('what was written reads as what was meant', (t) => {
  const topology = good(TEXT);
  t.is(topology.prefix, '');
  t.like(topology.nodes[0], { kind: 'linux', cpu: 0.5, group: 'spine', networkMode: 'none' });
  t.deepEqual(topology.nodes[0]?.env, { A: '1', B: 'yes', 'C.D': 'a: b', E: 'true', F: '3' });
  t.deepEqual(topology.nodes[0]?.exec, DOCUMENT.nodes['spine-1']?.exec);
  t.deepEqual(
    topology.links.map(({ mtu }) => mtu),
    [9500, 9000, 9500],
  );
});

test('the order in which keys were given does not matter', (t) => {
  const reversed = { ...DOCUMENT, defaults: Object.fromEntries(Object.entries(DOCUMENT.defaults ?? {}).toReversed()) };
  t.is(writeTopology(reversed), TEXT);
});

test('numbers that YAML cannot hold everywhere are refused', (t) => {
  t.throws(() => writeTopology({ name: 'x', nodes: { a: { cpu: Number.NaN } }, links: [] }), {
    instanceOf: RangeError,
  });
});

test('a flattened topology reads as the topology it came from', (t) => {
  const files = [sample('everything.clab.yml'), sample('two.clab.yml'), ...PUBLISHED.map(shared)];
  for (const { file, text } of files.filter((each) => each !== undefined)) {
    const topology = good(text, file);
    t.deepEqual(withoutPlaces(good(writeTopology(flatten(topology)), file)), withoutPlaces(topology), file);
  }
});

test('what is written satisfies the official schema', (t) => {
  const schema = shared('containerlab/clab.schema.json');
  if (schema === undefined) {
    t.log('skipped: ../shared/containerlab/clab.schema.json is not here');
    t.pass();
    return;
  }
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(schema.text));
  t.true(validate(parse(TEXT)), JSON.stringify(validate.errors));
  for (const name of ['everything.clab.yml', 'two.clab.yml']) {
    const { file, text } = sample(name);
    const plain = parse(text, { merge: true });
    t.true(validate(plain), `${name}: ${JSON.stringify(validate.errors)}`);
    const flat = parse(writeTopology(flatten(good(text, file))));
    t.true(validate(flat), `${name}, flattened: ${JSON.stringify(validate.errors)}`);
  }
});

test('every key of the official schema is known', (t) => {
  const schema = shared('containerlab/clab.schema.json');
  if (schema === undefined) {
    t.log('skipped: ../shared/containerlab/clab.schema.json is not here');
    t.pass();
    return;
  }
  const { definitions, properties } = JSON.parse(schema.text);
  const keys = Object.keys(definitions['node-config'].properties).filter((key) => key !== 'kind');
  const kinds = new Set([
    ...Object.keys(properties.topology.properties.kinds.properties),
    ...definitions['node-config'].properties.kind.enum,
  ]);
  const node = Object.fromEntries(keys.map((key) => [key, null]));
  const nodes = Object.fromEntries([...kinds].map((kind, index) => [`n${index}`, { ...node, kind }]));
  const mgmt = Object.fromEntries(Object.keys(properties.mgmt.properties).map((key) => [key, null]));
  const top = Object.fromEntries(Object.keys(properties).map((key) => [key, null]));
  const text = JSON.stringify({ ...top, name: 'all', mgmt, topology: { nodes } });
  t.is(good(text).nodes.length, kinds.size);
  t.true(keys.length > 40 && kinds.size > 60);
});
