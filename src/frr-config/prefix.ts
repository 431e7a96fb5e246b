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
