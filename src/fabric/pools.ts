/** Addresses of a leaf-spine design, taken from its pools. */
import { capacity, formatPrefix, host, overlaps, type Prefix, parsePrefix, subnet } from './cidr.ts';
import type { LeafSpineDesign } from './fabric.ts';

type PoolName = keyof LeafSpineDesign['pools'];

const REQUIRED = ['loopback4', 'loopback6', 'rack4', 'rack6'] as const;
const SERVICE = ['service4', 'service6'] as const;

/** Prefix length of what each rack gets: one `/24` and one `/64`. */
const RACK_LENGTH = { rack4: 24, rack6: 64 } as const;
/** Spines have the addresses below, leaves those above, so that one more spine renumbers no leaf. */
const FIRST_LEAF = 256;

/** Addresses of a pool of floating service addresses. */
const LEAST_SERVICE = 4n;

/** Where the addresses of nodes and racks come from; numbers count from 1. */
export interface AddressPlan {
  readonly pools: Readonly<Record<(typeof REQUIRED)[number], Prefix>>;
  /** Floating service addresses, one pool a family; undefined where the design has none. */
  readonly service: { readonly service4: Prefix; readonly service6: Prefix } | undefined;
  spine(index: number): Loopbacks;
  leaf(rack: number): Loopbacks;
  server(rack: number, index: number): Loopbacks;
  rack(rack: number): { readonly prefix4: Prefix; readonly prefix6: Prefix };
}

export interface Loopbacks {
  readonly loopback4: Prefix;
  readonly loopback6: Prefix;
}

/** What is wrong with a design's pools: no CIDR, wrong family, too small, overlapping. Empty where nothing is. */
export function poolProblems(design: LeafSpineDesign): readonly string[] {
  const problems: string[] = [];
  const good: [PoolName, Prefix][] = [];
  const { service4, service6 } = design.pools;
  const hasService = service4 !== undefined || service6 !== undefined;
  for (const name of hasService ? [...REQUIRED, ...SERVICE] : REQUIRED) {
    const text = design.pools[name];
    const example = name.endsWith('4') ? '10.64.0.0/14' : 'fd1e:af00:1::/48';
    const prefix = typeof text === 'string' ? parsePrefix(text) : undefined;
    if (!prefix) {
      problems.push(`pools.${name}: ${JSON.stringify(text)} is no prefix; write one such as ${example}`);
    } else if (prefix.family !== (name.endsWith('4') ? 'ipv4' : 'ipv6')) {
      problems.push(`pools.${name}: ${text} is of the wrong family; write a prefix such as ${example}`);
    } else if (prefix.hasHostBits) {
      problems.push(`pools.${name}: ${text} has host bits set; write ${formatPrefix(prefix)}`);
    } else {
      good.push([name, prefix]);
      const shortage = shortageOf(name, prefix, design);
      if (shortage) problems.push(shortage);
    }
  }
  for (const [i, [name, prefix]] of good.entries()) {
    const other = good.slice(i + 1).find(([, later]) => overlaps(prefix, later));
    if (other) {
      problems.push(
        `pools.${name}: ${formatPrefix(prefix)} overlaps pools.${other[0]} ${formatPrefix(other[1])}; give each pool a range of its own`,
      );
    }
  }
  return problems;
}

function shortageOf(name: PoolName, pool: Prefix, design: LeafSpineDesign): string | undefined {
  if (name === 'service4' || name === 'service6') {
    if (capacity(pool) >= LEAST_SERVICE) return undefined;
    return `pools.${name}: ${formatPrefix(pool)} holds ${capacity(pool)} service addresses, its unused first one included; give it a /${name === 'service4' ? 30 : 126} or shorter`;
  }
  if (name === 'rack4' || name === 'rack6') {
    const length = RACK_LENGTH[name];
    if (capacity(pool, length) >= BigInt(design.racks)) return undefined;
    const fits = length - Math.ceil(Math.log2(design.racks));
    return `pools.${name}: ${formatPrefix(pool)} must hold ${design.racks} racks of a /${length} each and holds ${capacity(pool, length)}; give it a /${fits} or shorter, or fewer racks`;
  }
  // The first address is left out: in IPv6 it is the subnet-router anycast address (RFC 4291 section 2.6.1).
  const needed = design.spines + design.racks + 1;
  if (capacity(pool) >= BigInt(needed)) return undefined;
  const fits = (name === 'loopback4' ? 32 : 128) - Math.ceil(Math.log2(needed));
  return `pools.${name}: ${formatPrefix(pool)} must hold ${design.spines} spines, ${design.racks} leaves and its unused first address, ${needed} in all, and holds ${capacity(pool)}; give it a /${fits} or shorter, or fewer racks`;
}

/** The address plan of a design whose pools have no problems. */
export function planAddresses(design: LeafSpineDesign): AddressPlan {
  const pools = {
    loopback4: pool(design.pools.loopback4),
    loopback6: pool(design.pools.loopback6),
    rack4: pool(design.pools.rack4),
    rack6: pool(design.pools.rack6),
  };
  const { service4, service6 } = design.pools;
  /** A small pool has no room for the gap: there the leaves follow the spines. */
  const leafOffset = (from: Prefix) =>
    capacity(from) > BigInt(FIRST_LEAF + design.racks) ? FIRST_LEAF : design.spines;
  /** Rack 7 has subnet 7 where the pool has one to spare. */
  const rackOffset = (from: Prefix, length: number) => (capacity(from, length) > BigInt(design.racks) ? 0 : -1);
  const loopbacks = (offset4: number, offset6: number): Loopbacks => ({
    loopback4: host(pools.loopback4, offset4),
    loopback6: host(pools.loopback6, offset6),
  });
  const rack = (number: number) => ({
    prefix4: subnet(pools.rack4, RACK_LENGTH.rack4, number + rackOffset(pools.rack4, RACK_LENGTH.rack4)),
    prefix6: subnet(pools.rack6, RACK_LENGTH.rack6, number + rackOffset(pools.rack6, RACK_LENGTH.rack6)),
  });
  return {
    pools,
    service:
      service4 === undefined || service6 === undefined
        ? undefined
        : { service4: pool(service4), service6: pool(service6) },
    spine: (index) => loopbacks(index, index),
    leaf: (number) => loopbacks(leafOffset(pools.loopback4) + number, leafOffset(pools.loopback6) + number),
    server: (number, index) => ({
      loopback4: host(rack(number).prefix4, index),
      loopback6: host(rack(number).prefix6, index),
    }),
    rack,
  };
}

function pool(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new RangeError(`${text} is no prefix`);
  return { family: prefix.family, address: prefix.address, length: prefix.length };
}
