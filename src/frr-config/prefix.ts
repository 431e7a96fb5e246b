/** Addresses and prefixes in text. */
import { isIP } from 'node:net';

export type Family = 'ipv4' | 'ipv6';

/** The family of an address, or undefined where it is none. */
export function familyOf(address: string): Family | undefined {
  const kind = isIP(address);
  return kind === 4 ? 'ipv4' : kind === 6 && !address.includes('%') ? 'ipv6' : undefined;
}

/** Whether the text is `address/length` of that family. */
export function isPrefix(text: string, family: Family): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return false;
  const length = text.slice(slash + 1);
  return (
    familyOf(text.slice(0, slash)) === family &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= (family === 'ipv4' ? 32 : 128)
  );
}

/** `ip` or `ipv6`, as FRR's statements begin. */
export function keyword(family: Family): 'ip' | 'ipv6' {
  return family === 'ipv4' ? 'ip' : 'ipv6';
}

/** The family that a statement's first word names. */
export function familyOfKeyword(word: string | undefined): Family | undefined {
  return word === 'ip' ? 'ipv4' : word === 'ipv6' ? 'ipv6' : undefined;
}

/** A prefix without host bits, as FRR keeps it: `10.1.2.3/8` is `10.0.0.0/8`. An IPv6 address comes out in its shortest form (RFC 5952). */
export function masked(prefix: string): string {
  const [address = '', length = ''] = prefix.split('/');
  const family = familyOf(address);
  if (family === undefined) return prefix;
  const width = family === 'ipv4' ? 8 : 16;
  const groups = family === 'ipv4' ? address.split('.').map(Number) : ipv6Groups(address);
  const kept = groups.map((group, i) => {
    const bits = Math.min(Math.max(Number(length) - i * width, 0), width);
    return group & ~((1 << (width - bits)) - 1);
  });
  return family === 'ipv4' ? `${kept.join('.')}/${length}` : `${shortest(kept)}/${length}`;
}

/** The eight groups of sixteen bits. */
function ipv6Groups(address: string): number[] {
  const quad = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = quad
    ? `${quad[1]}${(Number(quad[2]) * 256 + Number(quad[3])).toString(16)}:${(Number(quad[4]) * 256 + Number(quad[5])).toString(16)}`
    : address;
  const [head = '', tail] = text.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = parse(head);
  const behind = tail === undefined ? [] : parse(tail);
  return [...before, ...Array<number>(8 - before.length - behind.length).fill(0), ...behind];
}

/** The longest run of two or more zero groups, the first of equals, becomes `::`. */
function shortest(groups: readonly number[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
