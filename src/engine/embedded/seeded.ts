/** What differs between nodes and links but repeats between runs of one seed. */
import { createHash } from 'node:crypto';

/** An unsigned 32-bit number out of a seed and words. */
export function seeded32(seed: number, ...words: readonly string[]): number {
  return createHash('sha256')
    .update([seed, ...words].join('\0'))
    .digest()
    .readUInt32LE(0);
}

/** Hands out MAC addresses with containerlab's prefix, none twice. */
export function macAllocator(seed: number, taken: Iterable<string>): (node: string, port: string) => string {
  const used = new Set(taken);
  return (node, port) => {
    for (let attempt = 0; ; attempt++) {
      const digits = (seeded32(seed, node, port, `${attempt}`) & 0xffffff).toString(16).padStart(6, '0');
      const mac = `aa:c1:ab:${digits.replace(/..(?!$)/g, '$&:')}`;
      if (used.has(mac)) continue;
      used.add(mac);
      return mac;
    }
  };
}
