import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { rot } from '../../src/fault/bit-rot-process.ts';

function folder(t: ExecutionContext, files: Readonly<Record<string, Buffer>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-rot-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

/** Data in the first and the last of four blocks; the rest is reserved. */
function half(): Buffer {
  const content = Buffer.alloc(16_384);
  content.fill(0x55, 0, 4096);
  content.fill(0xaa, 12_288, 16_384);
  return content;
}

test('one bit flips in each of as many blocks as hold data, the same ones for the same seed', (t) => {
  const changes = [1, 1].map((seed) => {
    const dir = folder(t, { 'a/wal': half() });
    const { file, flips } = rot(dir, seed, 8);
    t.is(file, join('a', 'wal'));
    t.is(flips, 2);
    const now = readFileSync(join(dir, file));
    const before = half();
    return [...now.keys()].filter((at) => now[at] !== before[at]).map((at) => [at, (now[at] ?? 0) ^ (before[at] ?? 0)]);
  });
  t.deepEqual(changes[0], changes[1]);
  t.is(changes[0]?.length, 2);
  for (const [at = 0, bits = 0] of changes[0] ?? []) {
    t.true(at < 4096 || at >= 12_288);
    t.is(bits & (bits - 1), 0, 'one bit');
  }
});

test('files that hold nothing are passed over, and a folder without any other is refused', (t) => {
  const dir = folder(t, {
    empty: Buffer.alloc(0),
    reserved: Buffer.alloc(65_536),
    'lost+found/x': Buffer.from('x'),
    data: Buffer.from('d'),
  });
  for (const seed of [1, 2, 3, 4]) t.is(rot(dir, seed, 1).file, 'data');
  t.throws(() => rot(folder(t, { reserved: Buffer.alloc(10) }), 1, 1), { message: /no file below .* could rot/ });
});
