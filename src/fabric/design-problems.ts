/** Judges the parameters of a design, before anything is worked out of them. */
import type { LeafSpineDesign } from './fabric.ts';
import { poolProblems } from './pools.ts';

/** Smallest and largest value of each number of a design, with its unit. FRR 8.4 sets those of its timers. */
const RANGES: readonly (readonly [path: string, least: number, most: number, unit: string])[] = [
  ['spines', 1, 64, 'spines'],
  ['racks', 1, 512, 'racks'],
  ['servers', 0, 64, 'servers a rack'],
  ['mtu', 1280, 65535, 'bytes'],
  ['timers.keepalive', 1, 65535, 'seconds'],
  ['timers.hold', 3, 65535, 'seconds'],
  ['timers.connect', 1, 65535, 'seconds'],
  ['timers.coalesceMs', 0, 60_000, 'milliseconds'],
  ['timers.raIntervalMs', 70, 1_800_000, 'milliseconds'],
  ['bfd.intervalMs', 10, 60_000, 'milliseconds'],
  ['bfd.multiplier', 2, 255, 'packets'],
  ['power.feeds', 1, 2, 'feeds'],
  ['power.zones', 1, 16, 'zones'],
  ['power.rowsOf', 1, 64, 'racks a row'],
  ['power.supplies.spine', 1, 2, 'power supplies'],
  ['power.supplies.leaf', 1, 2, 'power supplies'],
  ['power.supplies.server', 1, 2, 'power supplies'],
];

/** The smallest file system with a journal that ext4 makes, with room for something. */
const LEAST_DISK = 16 * 1024 * 1024;
const DISK_KINDS = ['safe', 'cached', 'lying'] as const;
/** Reserved ASNs: AS_TRANS (RFC 6793) and the last ones (RFC 7300). */
const RESERVED_ASNS = [23456, 65535, 4294967295];
const LAST_ASN = 4294967294;

/** All that is wrong with a design: what, where, what to write instead. Empty where it can be worked out. */
export function designProblems(design: LeafSpineDesign): readonly string[] {
  const sizes = rangeProblems(design);
  const sized = !sizes.some((problem) => /^(spines|racks|servers):/.test(problem));
  return [
    ...nameProblems(design.name),
    ...sizes,
    ...timerProblems(design),
    ...diskProblems(design.serverDiskBytes, design.serverDiskKind),
    // Ranges and pools are counted in racks and servers: without sizes there is nothing to count.
    ...(sized ? [...asnProblems(design), ...poolProblems(design)] : []),
  ];
}

function nameProblems(name: unknown): string[] {
  if (typeof name === 'string' && /^[a-z0-9]([a-z0-9_-]{0,30}[a-z0-9])?$/.test(name)) return [];
  return [
    `name: ${JSON.stringify(name)} cannot be a lab's name; use 1 to 32 lower-case letters, digits, - and _, beginning and ending with a letter or digit`,
  ];
}

function rangeProblems(design: LeafSpineDesign): string[] {
  return RANGES.flatMap(([path, least, most, unit]) => {
    if (path.startsWith('bfd.') && design.bfd === undefined) return [];
    if (path.startsWith('power.') && design.power === undefined) return [];
    const value = path
      .split('.')
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], design);
    if (isWhole(value) && value >= least && value <= most) return [];
    return [`${path}: ${JSON.stringify(value)} is not a whole number of ${unit} from ${least} to ${most}`];
  });
}

function timerProblems({ timers: { keepalive, hold } }: LeafSpineDesign): string[] {
  if (!isWhole(keepalive) || !isWhole(hold) || hold < 3 || keepalive < hold) return [];
  return [
    `timers.keepalive: ${keepalive} s is not below timers.hold ${hold} s, so every session would end between two keepalives; use a third of the hold time (RFC 4271 section 10)`,
  ];
}

function diskProblems(bytes: unknown, kind: unknown): string[] {
  const problems: string[] = [];
  if (kind !== undefined && !DISK_KINDS.includes(kind as (typeof DISK_KINDS)[number]))
    problems.push(`serverDiskKind: ${JSON.stringify(kind)} is no kind of disk; use ${DISK_KINDS.join(', ')}`);
  if (bytes === 0 || (isWhole(bytes) && bytes >= LEAST_DISK)) return problems;
  return [
    ...problems,
    `serverDiskBytes: ${JSON.stringify(bytes)} is neither 0 (no disk) nor a whole number of at least ${LEAST_DISK} bytes`,
  ];
}

function asnProblems(design: LeafSpineDesign): string[] {
  const problems: string[] = [];
  const ranges = [
    { path: 'asn.spine', base: design.asn.spine, first: design.asn.spine, count: 1 },
    { path: 'asn.leaf', base: design.asn.leaf, first: design.asn.leaf + 1, count: design.racks },
    { path: 'asn.server', base: design.asn.server, first: design.asn.server + 1, count: design.racks * design.servers },
  ].filter(({ count }) => count > 0);
  const good = ranges.filter(({ path, base, first, count }) => {
    if (!isWhole(base) || base < 0 || first < 1) {
      problems.push(`${path}: ${JSON.stringify(base)} is no ASN; use a private one from 4200000000 on (RFC 6996)`);
      return false;
    }
    const last = first + count - 1;
    if (last > LAST_ASN) {
      problems.push(`${path}: ${span(first, last)} leaves the 32-bit space, which ends at ${LAST_ASN}; start lower`);
      return false;
    }
    const reserved = RESERVED_ASNS.find((asn) => asn >= first && asn <= last);
    if (reserved) problems.push(`${path}: ${span(first, last)} holds the reserved ASN ${reserved}; start elsewhere`);
    return true;
  });
  for (const [i, left] of good.entries()) {
    for (const right of good.slice(i + 1)) {
      if (left.first > right.first + right.count - 1 || right.first > left.first + left.count - 1) continue;
      problems.push(
        `${right.path}: ${span(right.first, right.first + right.count - 1)} overlaps ${left.path} ${span(left.first, left.first + left.count - 1)}; routers that share an ASN drop each other's routes as loops`,
      );
    }
  }
  return problems;
}

function span(first: number, last: number): string {
  return first === last ? `ASN ${first}` : `ASNs ${first} to ${last}`;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
