/** Announcements that are not in the configurations: what a router was told to announce while it runs. */
import type { BgpConfig, FrrConfig } from 'frr-config';
import type { OracleInput } from './oracle.ts';
import { parsePrefix } from './prefixes.ts';

export interface Announcement {
  readonly node: string;
  /** An address of the node's `lo`, without prefix length. */
  readonly address: string;
}

/**
 * The input with further host routes announced: each address on its node's `lo`, and in a `network` statement.
 * @throws RangeError where a node runs no BGP or an address is none
 */
export function withAnnouncements(input: OracleInput, announcements: readonly Announcement[]): OracleInput {
  const configs = new Map(input.configs);
  for (const { node, address } of announcements) {
    const config = configs.get(node);
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    const prefix = `${address}/${family === 'ipv6' ? 128 : 32}`;
    if (!config?.bgp?.some(isDefault)) throw new RangeError(`${node}: runs no BGP, so it cannot announce ${prefix}`);
    if (parsePrefix(prefix)?.family !== family) throw new RangeError(`${node}: ${address} is no address`);
    configs.set(node, announcing(config, family, prefix));
  }
  return { ...input, configs };
}

function announcing(config: FrrConfig, family: 'ipv4' | 'ipv6', prefix: string): FrrConfig {
  const unicast = family === 'ipv4' ? 'ipv4Unicast' : 'ipv6Unicast';
  const interfaces = config.interfaces ?? [];
  const lo = interfaces.find(({ name }) => name === 'lo') ?? { name: 'lo' };
  const others = interfaces.filter(({ name }) => name !== 'lo');
  return {
    ...config,
    interfaces: [...others, { ...lo, [family]: [...(lo[family] ?? []), prefix] }],
    bgp: (config.bgp ?? []).map((bgp) => {
      if (!isDefault(bgp)) return bgp;
      return { ...bgp, [unicast]: { ...bgp[unicast], networks: [...(bgp[unicast]?.networks ?? []), { prefix }] } };
    }),
  };
}

function isDefault({ vrf }: BgpConfig): boolean {
  return vrf === undefined || vrf === 'default';
}
