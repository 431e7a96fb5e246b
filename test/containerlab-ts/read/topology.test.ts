import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { faults, good, PUBLISHED, sample, shared } from '../support.ts';

test('what everybody publishes reads without problems', (t) => {
  const inputs = PUBLISHED.map(shared).filter((input) => input !== undefined);
  if (inputs.length === 0) {
    t.log('skipped: ../shared/inputs is not here');
    t.pass();
    return;
  }
  const [fdc, frr01] = inputs.map(({ file, text }) => good(text, file));
  t.deepEqual([fdc?.name, fdc?.nodes.length, fdc?.links.length], ['fdc', 11, 12]);
  t.deepEqual([frr01?.name, frr01?.nodes.length, frr01?.links.length], ['frr01', 6, 6]);
  const host = fdc?.nodes.find(({ name }) => name === 'host11');
  t.deepEqual([host?.image, host?.kind, host?.group], ['wbitt/network-multitool:alpine-minimal', 'linux', 'server']);
  t.like(frr01?.nodes[0], { kind: 'linux', image: 'quay.io/frrouting/frr:10.5.1', group: 'routers' });
});

test('a topology is frozen through and through', (t) => {
  const { file, text } = sample('everything.clab.yml');
  const unfrozen: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.isFrozen(value)) unfrozen.push(path);
    for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
  };
  visit(good(text, file), 'topology');
  t.deepEqual(unfrozen, []);
});

test('name, prefix, management network and places', (t) => {
  const { file, text } = sample('everything.clab.yml');
  const topology = good(text, file);
  t.is(topology.name, 'everything');
  t.is(topology.prefix, '__lab-name');
  t.deepEqual(topology.other, [
    {
      key: 'mgmt',
      value: { network: 'everything-mgmt', 'ipv4-subnet': '172.30.0.0/24', mtu: 1500 },
      at: { file, line: 5, column: 1 },
    },
  ]);
  t.deepEqual(topology.nodes[0]?.at, { file, line: text.split('\n').indexOf('    spine-1:') + 1, column: 5 });
  t.is(good('name: a\ntopology: {nodes: {b: {kind: linux}}}').prefix, 'clab');
  t.is(good('name: a\nprefix: ""\ntopology: {nodes: {b: {kind: linux}}}').prefix, '');
});

test('what is no topology is refused with a place and a remedy', (t) => {
  t.deepEqual(faults(''), ['1:1 the file is empty']);
  t.deepEqual(faults('# nothing\n'), ['1:1 the file is empty']);
  t.deepEqual(faults('- a\n- b\n'), ['1:1 the file is a list, not a topology']);
  t.deepEqual(faults('just text'), ['1:1 the file is the text "just text", not a topology']);
  t.deepEqual(faults('name: x\nnodes: {}\n'), ['1:1 the file has no "topology"']);
  t.deepEqual(faults('topology:\n  nodes: {a: {kind: linux}}\n'), ['1:1 the lab has no name']);
  t.deepEqual(faults('name: x\ntopology:\n'), ['2:1 the topology has no nodes']);
  t.deepEqual(faults('name: x\ntopology:\n  nodes: {}\n'), ['3:3 the topology has no nodes']);
  t.deepEqual(faults('name: x\ntopology: [a]\n'), ['2:11 "topology" of the file must be a map, and is a list']);
  const { problems } = readTopology('', { file: 'x.clab.yml' });
  t.regex(problems[0]?.remedy ?? '', /starts with "name: <lab>"/);
});

test('all problems come together, in the order of the file', (t) => {
  const text = `name: bad name
prefix: /
topology:
  nodess: {}
  nodes:
    r1: {kind: linux, imagee: x, cpu: many}
    r 2: {kind: linx}
    host: {kind: linux}
  links:
    - endpoints: ["r1:eth1", "r3:eth1"]
`;
  t.deepEqual(faults(text), [
    '1:7 the lab name "bad name" has characters that are not letters, digits, ".", "_" or "-", or does not start with a letter or digit',
    '2:9 the prefix "/" has characters that are not letters, digits, ".", "_" or "-", or does not start with a letter or digit',
    '4:3 "topology" has an unknown key "nodess"',
    '6:23 node "r1" has an unknown key "imagee"',
    '6:39 "cpu" of node "r1" must be a number, and is the text "many"',
    '7:5 the node name "r 2" has characters that are not letters, digits, ".", "_" or "-", or does not start with a letter or digit',
    '7:17 containerlab knows no kind "linx"',
    '8:5 the node name "host" means something else at a link\'s end',
    '10:30 the topology has no node "r3"',
  ]);
  const { problems } = readTopology(text, { file: 'x' });
  t.is(problems.find(({ message }) => message.includes('imagee'))?.remedy, 'Did you mean "image"?');
  t.is(problems.find(({ message }) => message.includes('linx'))?.remedy, 'Did you mean "linux"?');
});

test('names that are dangerous somewhere are refused', (t) => {
  for (const name of [
    '"a b"',
    'a/b',
    '"$(id)"',
    '"a\\nb"',
    '..',
    '-a',
    '"a;b"',
    'ä',
    '""',
    'x'.repeat(64),
    '"a|b"',
    '"`id`"',
  ]) {
    const found = faults(`name: good\ntopology:\n  nodes:\n    ${name}: {kind: linux}\n`);
    t.true(found.length === 1 && /^4:5 the node name /.test(found[0] ?? ''), `${name}: ${found}`);
    t.regex(faults(`name: ${name}\ntopology: {nodes: {a: {kind: linux}}}\n`)[0] ?? '', /^1:7 the lab name /, name);
  }
  t.deepEqual(faults(`name: ${'x'.repeat(63)}\ntopology: {nodes: {1: {kind: linux}, a.b_C-3: {kind: linux}}}`), []);
});

test('messages are short and cannot steer a terminal', (t) => {
  const text = `name: x\ntopology:\n  nodes:\n    "a\\e[31m\u009b2J${'b'.repeat(1000)}": {kind: linux, cpu: "${'c'.repeat(1000)}", "\\u009bk": 1}\n`;
  const { problems } = readTopology(text, { file: 'x' });
  t.is(problems.length, 3);
  for (const { message, remedy } of problems)
    t.true(message.length < 400 && !/\p{Cc}/u.test(message + remedy), message);
});
