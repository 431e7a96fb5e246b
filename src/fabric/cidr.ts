/** IPv4 and IPv6 addresses and prefixes as numbers: parsed, written, compared, counted. */

export type Family = 'ipv4' | 'ipv6';

/** A prefix whose host bits are zero. */
export interface Prefix {
  readonly family: Family;
  readonly address: bigint;
  readonly length: number;
}

/** Bits of an address. */
export function width(family: Family): number {
  return family === 'ipv4' ? 32 : 128;
}

/** Reads an address; undefined where the text is none. Zones (`%eth1`) and leading zeros in IPv4 are not accepted. */
export function parseAddress(text: string): { readonly family: Family; readonly address: bigint } | undefined {
  const family: Family = text.includes(':') ? 'ipv6' : 'ipv4';
  const address = family === 'ipv4' ? parseIpv4(text) : parseIpv6(text);
  return address === undefined ? undefined : { family, address };
}

/**
 * Reads `ADDRESS/LENGTH` and clears the host bits, as a router does with a route.
 * Undefined where the text is no prefix. `hasHostBits` tells whether any were set.
 */
export function parsePrefix(text: string): (Prefix & { readonly hasHostBits: boolean }) | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const parsed = match && parseAddress(match[1]!);
  if (!match || !parsed) return undefined;
  const length = Number(match[2]);
  if (length > width(parsed.family)) return undefined;
  const address = masked(parsed.family, parsed.address, length);
  return { family: parsed.family, address, length, hasHostBits: address !== parsed.address };
}

/** The text of an address; IPv6 in the canonical form of RFC 5952 section 4. */
export function formatAddress(family: Family, address: bigint): string {
  return family === 'ipv4' ? formatIpv4(address) : formatIpv6(address);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.family, prefix.address)}/${prefix.length}`;
}

/** A prefix in the one form in which prefixes are compared: host bits cleared, canonical text. The text itself where it is no prefix. */
export function canonicalPrefix(text: string): string {
  const prefix = parsePrefix(text);
  return prefix ? formatPrefix(prefix) : text;
}

/** Whether `inner` lies in `outer` (or is the same). */
export function contains(outer: Prefix, inner: Prefix): boolean {
  return (
    outer.family === inner.family &&
    outer.length <= inner.length &&
    masked(inner.family, inner.address, outer.length) === outer.address
  );
}

export function overlaps(left: Prefix, right: Prefix): boolean {
  return contains(left, right) || contains(right, left);
}

/** How many subnets of `length` a pool holds; addresses, with the full length of the family. */
export function capacity(pool: Prefix, length = width(pool.family)): bigint {
  return length < pool.length ? 0n : 1n << BigInt(length - pool.length);
}

/** Subnet number `index` (from 0) of `length`. @throws RangeError where the pool does not hold it */
export function subnet(pool: Prefix, length: number, index: number): Prefix {
  if (index < 0 || BigInt(index) >= capacity(pool, length)) {
    throw new RangeError(`${formatPrefix(pool)} holds no /${length} number ${index}`);
  }
  return {
    family: pool.family,
    address: pool.address + (BigInt(index) << BigInt(width(pool.family) - length)),
    length,
  };
}

/** Address number `index` (from 0) as a host prefix (`/32`, `/128`). @throws RangeError where the pool does not hold it */
export function host(pool: Prefix, index: number): Prefix {
  return subnet(pool, width(pool.family), index);
}

function masked(family: Family, address: bigint, length: number): bigint {
  const hostBits = BigInt(width(family) - length);
  return (address >> hostBits) << hostBits;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  const [head, tail] = groups;
  if (!head || groups.includes(undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const all = tail === undefined ? head : [...head, ...new Array<number>(8 - given).fill(0), ...tail];
  return all.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of `::`; the very last two may be an IPv4 address (RFC 4291 section 2.2). */
function groupsOf(text: string, ends: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const ipv4 = ends && i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(Number(ipv4 >> 16n), Number(ipv4 & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function formatIpv4(address: bigint): string {
  const value = Number(address);
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(address: bigint): string {
  if (address >> 32n === 0xffffn) return `::ffff:${formatIpv4(address & 0xffffffffn)}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((address >> shift) & 0xffffn));
  const run = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
    start = Math.max(start, end - 1);
  }
  return best;
}
