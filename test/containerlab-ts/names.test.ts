import test from 'ava';
import { containerName, interfaceFault, labDirectory, nameFault, nodeDirectory, parseSize } from 'containerlab-ts';
import { nearest } from '../../src/containerlab-ts/names.ts';

test('container names follow the prefix', (t) => {
  const name = (prefix: string) => containerName({ name: 'pod', prefix }, 'leaf-1');
  t.deepEqual(['clab', '', '__lab-name', 'x'].map(name), ['clab-pod-leaf-1', 'leaf-1', 'pod-leaf-1', 'x-pod-leaf-1']);
});

test('folders lie beside the file', (t) => {
  const lab = { name: 'pod', file: '/labs/here/../pod.clab.yml' };
  t.is(labDirectory(lab), '/labs/clab-pod');
  t.is(nodeDirectory(lab, 'leaf-1'), '/labs/clab-pod/leaf-1');
});

test('names of nodes and interfaces', (t) => {
  t.is(nameFault('leaf-1'), undefined);
  t.regex(nameFault('x'.repeat(64)) ?? '', /64 characters/);
  t.is(interfaceFault('eth1', 'linux'), undefined);
  t.regex(interfaceFault('ethernet-1/1', 'linux') ?? '', /characters/);
  t.is(interfaceFault('ethernet-1/1', 'nokia_srlinux'), undefined);
});

test('sizes are bytes', (t) => {
  const sizes = {
    '512mb': 512e6,
    '1Gb': 1e9,
    '1GiB': 2 ** 30,
    '1.5 kib': 1536,
    '100': 100,
    '7b': 7,
    '2g': 2e9,
    '64 Mi': 64 * 2 ** 20,
  };
  for (const [text, bytes] of Object.entries(sizes)) t.is(parseSize(text), bytes, text);
  for (const text of ['', 'mb', '-1mb', '1 x', '1e3', '0x10', '1mbb', `${'9'.repeat(15)}gb`, '1.2.3'])
    t.is(parseSize(text), undefined, text);
});

test('a suggestion is near or not made', (t) => {
  t.is(nearest('imagee', ['image', 'kind']), 'image');
  t.is(nearest('Linux', ['linux']), 'linux');
  t.is(nearest('zebra', ['image', 'kind']), undefined);
  t.is(nearest('x'.repeat(10_000), ['image']), undefined);
});
