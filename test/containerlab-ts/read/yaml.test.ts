import test from 'ava';
import { faults, good } from '../support.ts';

const inLab = (nodes: string) => `name: lab\ntopology:\n  nodes:\n${nodes}`;

test('syntax errors have their place', (t) => {
  t.regex(faults('name: x\ntopology: {nodes: [\n').join('\n'), /^3:1 the file is not valid YAML: /);
  t.regex(faults('name: "x\ntopology: y').join('\n'), /the file is not valid YAML/);
  t.regex(faults('name: x\n\ttopology: y').join('\n'), /^2:1 the file is not valid YAML: Tabs/);
  t.regex(faults('name: x\n---\nname: y\n').join('\n'), /^2:1 a second document starts here$/);
});

test('a key that is there twice is named with both places', (t) => {
  t.deepEqual(faults(inLab('    a: {kind: linux}\n    b: {kind: linux}\n    a: {kind: linux}\n')), [
    '6:5 "a" is here twice; the first is on line 4',
  ]);
});

test('aliases and merge keys', (t) => {
  const text = inLab(`    a: &base
      kind: linux
      image: one
      env: &env {X: 1}
    b: *base
    c:
      <<: *base
      image: two
    d:
      <<: [{image: three}, *base]
      env: {<<: *env, Y: 2}
`);
  const topology = good(text);
  t.deepEqual(
    topology.nodes.map(({ image }) => image),
    ['one', 'one', 'two', 'three'],
  );
  t.deepEqual(topology.nodes[3]?.env, { Y: '2', X: '1' });
  t.deepEqual(faults(inLab('    a: *nothing\n')), [
    '4:8 the alias "*nothing" refers to an anchor that is not before it',
  ]);
  t.deepEqual(faults(inLab('    a: {kind: linux, extras: &x {y: *x}}\n')), [
    '4:37 the alias "*x" refers to something that it is part of',
  ]);
  t.deepEqual(faults(inLab('    a: {<<: text}\n')), ['4:13 "<<" merges maps, and this is none']);
});

test('an alias bomb is refused where it goes off', (t) => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    const [from, to] = [String.fromCharCode(96 + level), String.fromCharCode(97 + level)];
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
  }
  const found = faults(`${bomb.join('\n')}\nname: x\n`);
  t.regex(found[0] ?? '', /^5:\d+ aliases unfold to more than 100000 values$/);
});

test('nesting too deep is refused', (t) => {
  t.regex(
    faults(`name: ${'['.repeat(200)}${']'.repeat(200)}`).join('\n'),
    /^1:\d+ the file nests lists or maps too deeply$/,
  );
  t.regex(faults('['.repeat(50_000)).join('\n'), /nests lists or maps too deeply|is not valid YAML/);
  t.regex(faults('a: '.repeat(5_000)).join('\n'), /is not valid YAML/);
});

test('text stays as it was written', (t) => {
  const [node] = good(
    inLab('    a: {kind: linux, image: 1.10, env: {A: 0x10, B: yes, C: 1e3, D: null, E: ""}}\n'),
  ).nodes;
  t.is(node?.image, '1.10');
  t.deepEqual(node?.env, { A: '0x10', B: 'yes', C: '1e3', D: '', E: '' });
});

test('a NUL character and keys that are no text are refused', (t) => {
  t.deepEqual(faults(inLab('    a: {kind: linux, cmd: "a\\0b"}\n')), ['4:27 this text has a NUL character']);
  t.deepEqual(faults(inLab('    ? [a]\n    : {kind: linux}\n')), ['4:7 this key is not text']);
});

test('keys that JavaScript objects have already are keys like others', (t) => {
  const [node] = good(inLab('    constructor: {kind: linux, env: {__proto__: x, toString: y}}\n')).nodes;
  t.is(node?.name, 'constructor');
  t.deepEqual(Object.entries(node?.env ?? {}), [
    ['__proto__', 'x'],
    ['toString', 'y'],
  ]);
  t.deepEqual(faults(inLab('    a: {kind: linux, constructor: x, __proto__: y}\n')), [
    '4:22 node "a" has an unknown key "constructor"',
    '4:38 node "a" has an unknown key "__proto__"',
  ]);
});
