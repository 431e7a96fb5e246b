import test from 'ava';
import { parseDisks, withDisks } from '../../src/disk/index.ts';
import { parseMounts } from '../../src/linux/mount-table.ts';

test('a label names mount points and sizes', (t) => {
  t.deepEqual(parseDisks('/var/lib/store=268435456 /var/log/audit=16777216'), [
    { mountPoint: '/var/lib/store', bytes: 268435456 },
    { mountPoint: '/var/log/audit', bytes: 16777216 },
  ]);
  t.deepEqual(parseDisks(''), []);
});

test('a label that is not understood is refused', (t) => {
  for (const [label, message] of [
    ['store=1', /is not <mount point>=<bytes>/],
    ['/a/../etc=268435456', /is not/],
    ['/=268435456', /is not/],
    ['/a=1000', /at least/],
    ['/a=16777216 /a=16777216', /twice/],
  ] as const) {
    t.throws(() => parseDisks(label), { instanceOf: SyntaxError, message }, label);
  }
});

test('without disks a command line stays as it is', (t) => {
  t.deepEqual(withDisks([], ['runc', 'run']), ['runc', 'run']);
});

test('image and folder are arguments, never part of a script', (t) => {
  const argv = withDisks([{ image: '/a b;c', at: '/d' }], ['runc']);
  t.deepEqual(argv.slice(-5), ['disks', '/a b;c', '/d', '--', 'runc']);
});

test('the mount table is read with its escapes', (t) => {
  const text = '42 27 254:0 / /mnt/a\\040b rw,relatime shared:1 - ext4 /dev/vda rw,discard\n';
  t.deepEqual(parseMounts(text), [
    { path: '/mnt/a b', type: 'ext4', source: '/dev/vda', superOptions: ['rw', 'discard'] },
  ]);
});
