// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format's own variables look like JavaScript's
import test from 'ava';
import { expandEnvironment, magicVariables } from '../../src/containerlab-ts/variables.ts';
import { faults, good } from './support.ts';

const ENV = { BAR: 'bar', FOO: 'foo', EMPTY: '' };
const expand = (text: string) => expandEnvironment(text, ENV).text;

test('variables of the environment', (t) => {
  for (const [text, expected] of [
    ['$BAR baz', 'bar baz'],
    ['$BAR$FOO ${BAR}baz', 'barfoo barbaz'],
    ['${NOT_SET} $NOT_SET ${_} $_ $ $1 ${1} ${#x} ${x/y/z}', '${NOT_SET} $NOT_SET ${_} $_ $ $1 ${1} ${#x} ${x/y/z}'],
    ['${NOT_SET-x}${NOT_SET:-x}${NOT_SET=x}${NOT_SET:=x}', 'xxxx'],
    ['[${EMPTY-x}${EMPTY=x}${EMPTY:-x}${EMPTY:=x}]', '[xx]'],
    ['${BAR+x}${BAR:+x}[${NOT_SET+x}${NOT_SET:+x}${EMPTY:+x}]${EMPTY+x}', 'xx[]x'],
    ['${NOT_SET:=${FOO}-$BAR}', 'foo-bar'],
    ['${NOT_SET:=${ALSO_NOT:=deep}}!', 'deep!'],
    ['${IMAGE:=alpine:3}', 'alpine:3'],
    ['$$BAR $${BAR} $$$BAR $$', '$BAR ${BAR} $bar $'],
    ['$(id) a$', '$(id) a$'],
  ] as const) {
    t.is(expand(text), expected, text);
  }
});

test('what follows a variable keeps its place', (t) => {
  const text =
    'name: ${X:=a-very-long-default}\ntopology: {nodes: {a: {kind: $KIND, image: $BAR, cpu: bad, nope: 1}}}\n';
  t.deepEqual(faults(text, { KIND: 'linux', BAR: 'a\\b' }), [
    '2:55 "cpu" of node "a" must be a number, and is the text "bad"',
    '2:60 node "a" has an unknown key "nope"',
  ]);
  t.deepEqual(faults(text, { KIND: 'linuxx', BAR: 'x' })[0], '2:30 containerlab knows no kind "linuxx"');
});

test('a brace that nothing closes is reported', (t) => {
  const text = 'name: x\n# ${X:=\ntopology:\n  nodes:\n    a:\n      kind: linux\n      cmd: run ${Y:-z\n';
  t.deepEqual(faults(text), ['2:3 nothing closes this "${"', '7:16 nothing closes this "${"']);
});

test('many braces that nothing closes are one fault', (t) => {
  const found = faults(`name: ${'${A:='.repeat(30_000)}\n`);
  t.deepEqual(
    found.filter((fault) => fault.includes('closes')),
    ['1:7 nothing closes this "${"'],
  );
});

test('a number may come from a variable', (t) => {
  const text = 'name: x\ntopology: {nodes: {a: {kind: linux, cpu: $CPU}, b: {kind: linux, cpu: ${CPUS:=2}}}}';
  t.deepEqual(
    good(text, '/x/y.yml', { CPU: '0.5' }).nodes.map(({ cpu }) => cpu),
    [0.5, 2],
  );
});

test('magic variables', (t) => {
  const magic = magicVariables({ name: 'pod', file: '/labs/pod.clab.yml' }, 'leaf-1');
  t.is(
    magic('__clabNodeName__ __clabNodeDir__ __clabDir__ __clabLabName__ __clabOther__'),
    'leaf-1 /labs/clab-pod/leaf-1 /labs/clab-pod pod __clabOther__',
  );
  const [node] = good(
    'name: x\ntopology: {defaults: {kind: linux, image: "i:__clabNodeName__", cmd: "run __clabLabName__", env: {N: __clabNodeName__}, startup-config: "__clabNodeDir__/c"}, nodes: {a: }}',
  ).nodes;
  t.like(node, { image: 'i:a', cmd: 'run x', env: { N: 'a' } });
  t.is(node?.other?.[0]?.value, '/labs/clab-x/a/c');
});
