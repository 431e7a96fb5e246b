// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format's own variables look like JavaScript's
import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { faults, good, sample } from '../support.ts';

const inLab = (nodes: string) => `name: lab\ntopology:\n  nodes:\n${nodes}`;

test('a node inherits from its group, its kind and the defaults', (t) => {
  const { file, text } = sample('everything.clab.yml');
  const dir = file.slice(0, file.lastIndexOf('/'));
  const [spine, leaf, server] = good(text, file).nodes;
  t.like(spine, { kind: 'linux', group: 'spine', image: 'frrouting/frr:v8.4.4', cpu: 0.5, memory: 512_000_000 });
  t.deepEqual(spine?.env, { TZ: 'UTC', SITE: 'by-node' });
  t.deepEqual(leaf?.env, { TZ: 'UTC', SITE: 'by-kind' });
  t.deepEqual(spine?.labels, { owner: 'network' });
  t.deepEqual(spine?.sysctls, { 'net.ipv4.fib_multipath_hash_policy': '1' });
  t.deepEqual(spine?.exec, [
    'sysctl -w net.ipv4.ip_forward=1',
    'echo spine',
    "sh -c 'echo $HOME is ${NOT_SET_ANYWHERE}'",
  ]);
  t.deepEqual(
    spine?.binds.map(({ source, target, readOnly, options }) => [source, target, readOnly, options]),
    [
      [`${dir}/configs/spine-daemons`, '/etc/frr/daemons', true, undefined],
      [`${dir}/configs/spine-1/frr.conf`, '/etc/frr/frr.conf', false, undefined],
      [`${dir}/clab-everything/spine-1/state`, '/state', false, ['rshared']],
    ],
  );
  t.like(server, { cmd: 'sleep infinity', networkMode: 'none', startupDelay: 3, group: 'server' });
});

test('what is not modelled is inherited too, and keeps its place', (t) => {
  const { file, text } = sample('everything.clab.yml');
  const [spine] = good(text, file).nodes;
  t.deepEqual(spine?.other?.map(({ key }) => key).toSorted(), ['healthcheck', 'mgmt-ipv4', 'stages']);
  const check = spine?.other?.find(({ key }) => key === 'healthcheck');
  t.deepEqual(check?.value, { test: ['CMD', 'vtysh', '-c', 'show version'], interval: 5 });
  t.is(check?.at.line, text.split('\n').indexOf('      healthcheck:') + 1);
  const topology = good(`name: x
topology:
  defaults: {kind: linux, cap-add: [A, B], dns: {servers: [1.1.1.1]}, stages: {create: {}, exit: {}}, tmpfs: {/a: "1"}, mgmt-ipv4: 1.2.3.4, aliases: [z]}
  nodes: {a: {cap-add: [C, A], dns: {search: [x]}, stages: {exit: {wait-for: []}}, tmpfs: {/b: "2"}}}
`);
  t.deepEqual(Object.fromEntries(topology.nodes[0]?.other?.map(({ key, value }) => [key, value]) ?? []), {
    'cap-add': ['A', 'B', 'C'],
    dns: { search: ['x'] },
    stages: { create: {}, exit: { 'wait-for': [] } },
    tmpfs: { '/a': '1', '/b': '2' },
  });
});

test('what is empty inherits, what is zero does for numbers, false does not', (t) => {
  const topology = good(`name: x
topology:
  defaults: {kind: linux, image: base, cmd: run, cpu: 2, exec: [one], privileged: true}
  nodes: {a: {image: "", cmd: , cpu: 0, exec: [], privileged: false}}
`);
  t.like(topology.nodes[0], { image: 'base', cmd: 'run', cpu: 2, exec: ['one'] });
  t.is(topology.nodes[0]?.other?.[0]?.value, false);
});

test('kinds: from the group, unknown, missing', (t) => {
  t.is(good('name: x\ntopology: {groups: {g: {kind: linux, image: i}}, nodes: {a: {group: g}}}').nodes[0]?.image, 'i');
  t.is(
    good('name: x\ntopology: {kinds: {linux: {group: g}}, groups: {g: {image: i}}, nodes: {a: {kind: linux}}}').nodes[0]
      ?.image,
    'i',
  );
  t.is(
    good('name: x\ntopology: {defaults: {kind: linux, group: g}, groups: {g: {image: i}}, nodes: {a: }}').nodes[0]
      ?.image,
    'i',
  );
  t.is(good(inLab('    a: {kind: linux, group: only-a-label}\n')).nodes[0]?.group, 'only-a-label');
  t.is(good(inLab('    a: {kind: nokia_srlinux}\n')).nodes[0]?.kind, 'nokia_srlinux');
  t.deepEqual(faults(inLab('    a: {}\n    b:\n')), ['4:5 node "a" has no kind', '5:5 node "b" has no kind']);
  t.deepEqual(faults('name: x\ntopology:\n  kinds:\n    linus: {}\n  nodes: {a: {kind: linux}}'), [
    '4:5 containerlab knows no kind "linus"',
  ]);
  const { problems } = readTopology(
    'name: x\ntopology: {groups: {routers: {kind: linux}}, nodes: {a: {group: router}}}',
    { file: 'x' },
  );
  t.deepEqual(problems, [
    {
      message: 'node "a" has no kind, and its group "router" is not defined',
      at: { file: 'x', line: 2, column: 65 },
      remedy: 'Did you mean "routers"?',
    },
  ]);
});

test('wrong types', (t) => {
  t.deepEqual(faults(inLab('    a: [linux]\n')), [
    '4:5 node "a" has no kind',
    '4:8 node "a" must be a map, and is a list',
  ]);
  const bad = (key: string) =>
    faults(inLab(`    a: {kind: linux, ${key}}\n`)).map((fault) => fault.replace(' of node "a"', ''));
  t.deepEqual(bad('image: [x]'), ['4:29 "image" must be text, and is a list']);
  t.deepEqual(bad('cpu: "2"'), ['4:27 "cpu" must be a number, and is the text "2"']);
  t.deepEqual(bad('cpu: -1'), ['4:27 "cpu: -1" is negative']);
  t.deepEqual(bad('startup-delay: 1.5'), ['4:37 "startup-delay" must be a whole number, and is the number "1.5"']);
  t.deepEqual(bad('exec: ls'), ['4:28 "exec" must be a list of texts, and is the text "ls"']);
  t.deepEqual(bad('exec: [ls, {a: b}]'), ['4:33 "exec" must be a list of texts, and holds a map']);
  t.deepEqual(bad('env: [A=1]'), ['4:27 "env" must be a map of names to texts, and is a list']);
  t.deepEqual(bad('env: {A: [1]}'), ['4:31 "env" must be a map of names to texts, and holds a list']);
  t.deepEqual(bad('privileged: maybe'), ['4:34 "privileged" must be true or false, and is the text "maybe"']);
  t.deepEqual(bad('memory: lots'), ['4:30 "memory: lots" is not a size']);
  t.deepEqual(bad('network-mode: bridged'), ['4:36 "network-mode" cannot be "bridged"']);
  t.deepEqual(bad('env: {"A=B": 1}'), ['4:28 "A=B" cannot be the name of an environment variable']);
  t.deepEqual(bad('sysctls: {"../../x": 1}'), ['4:32 "../../x" is not the name of a sysctl']);
});

test('a fault that many nodes inherit is said once', (t) => {
  const text =
    'name: x\ntopology:\n  defaults: {kind: linux, memory: lots, binds: ["../x:/x"]}\n  nodes: {a: , b: , c: }\n';
  t.deepEqual(faults(text), [
    '3:35 "memory: lots" is not a size',
    '3:49 the bind "../x:/x" leads out of the lab\'s folder',
  ]);
});
