/** Flips bytes of one file below a folder: `FOLDER SEED COUNT`. A process of its own, since only it sees the disk mounted. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../random.ts';

/** What it says on standard output. */
export interface Rotten {
  /** Below the folder. */
  readonly file: string;
  /** SHA-256 before, hexadecimal. */
  readonly before: string;
  readonly flips: number;
}

const BLOCK = 4096;
/** Stream of the random numbers. */
const ROT = 0x726f_7421;

/**
 * Flips bytes of one file, drawn from the seed among those that hold anything but zeros: what a store has only reserved may rot unseen.
 * @throws Error where no file holds anything
 */
export function rot(folder: string, seed: number, count: number): Rotten {
  const random = createRandom(seed, ROT);
  for (const file of random.shuffle(filesBelow(folder))) {
    const path = join(folder, file);
    const content = readFileSync(path);
    const before = createHash('sha256').update(content).digest('hex');
    const flipped = flip(content, count, random);
    if (flipped.length === 0) continue;
    const fd = openSync(path, 'r+');
    try {
      for (const at of flipped) writeSync(fd, content, at, 1, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return { file, before, flips: flipped.length };
  }
  throw new Error(`no file below ${folder} holds anything that could rot`);
}

/** Flips one bit each in bytes that are not zero, no two in one block; gives their places. */
function flip(content: Buffer, count: number, random: Random): number[] {
  const blocks = Array.from({ length: Math.ceil(content.length / BLOCK) }, (_, at) => at * BLOCK);
  const places: number[] = [];
  for (const from of random.shuffle(blocks)) {
    if (places.length >= count) break;
    const used: number[] = [];
    for (let at = from; at < Math.min(from + BLOCK, content.length); at++) if (content[at] !== 0) used.push(at);
    const [place] = random.shuffle(used);
    if (place === undefined) continue;
    content[place]! ^= 1 << (place % 8);
    places.push(place);
  }
  return places;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('lost+found') && statSync(join(folder, name)).isFile())
    .sort();
}

if (process.argv[1] === import.meta.filename) {
  const [folder = '', seed = '', count = ''] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(rot(folder, Number(seed), Number(count))));
}
