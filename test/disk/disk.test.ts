import test from 'ava';
import { parseDisks, withDisks } from '../../src/disk/index.ts';
import { parseMounts } from '../../src/linux/mount-table.ts';

test('a label names mount points, sizes and kinds', (t) => {
  t.deepEqual(parseDisks('/var/lib/store=268435456 /var/log/audit=16777216,kind=lying'), [
    { mountPoint: '/var/lib/store', bytes: 268435456, kind: 'safe' },
    { mountPoint: '/var/log/audit', bytes: 16777216, kind: 'lying' },
  ]);
  t.like(parseDisks('/a=16777216,kind=cached')[0], { kind: 'cached' });
  t.deepEqual(parseDisks(''), []);
});

test('a label that is not understood is refused', (t) => {
  for (const [label, message] of [
    ['store=1', /is not <mount point>=<bytes>/],
    ['/a/../etc=268435456', /is not/],
    ['/=268435456', /is not/],
    ['/a=1000', /at least/],
    ['/a=16777216,kind=honest', /no disk of kind "honest"; there are safe, cached, lying/],
    ['/a=16777216,sort=safe', /is not <mount point>=<bytes>\[,kind=safe\|cached\|lying\]/],
    ['/a=16777216 /a=16777216', /twice/],
  ] as const) {
    t.throws(() => parseDisks(label), { instanceOf: SyntaxError, message }, label);
  }
});

test('without disks a command line stays as it is', (t) => {
  t.deepEqual(withDisks([], ['runc', 'run']), ['runc', 'run']);
});

test('image and folder are arguments, never part of a script', (t) => {
  const mount = (kind: 'safe' | 'cached' | 'lying') =>
    withDisks([{ image: '/a b;c', kind, at: '/d', cacheAt: '/c' }], ['runc']).slice(-7);
  t.deepEqual(mount('safe'), ['disks', '/a b;c', '-', '/d', 'safe', '--', 'runc']);
  t.deepEqual(mount('cached'), ['disks', '/a b;c', '/c', '/d', 'cached', '--', 'runc']);
  t.deepEqual(mount('lying'), ['disks', '/a b;c', '/c', '/d', 'lying', '--', 'runc']);
});

test('the mount table is read with its escapes', (t) => {
  const text = '42 27 254:0 / /mnt/a\\040b rw,relatime shared:1 - ext4 /dev/vda rw,discard\n';
  t.deepEqual(parseMounts(text), [
    { path: '/mnt/a b', type: 'ext4', source: '/dev/vda', superOptions: ['rw', 'discard'] },
  ]);
});
