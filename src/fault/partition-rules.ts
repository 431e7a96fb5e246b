/** The packet filters of a partition, node by node. Pure. */
import { freshTable } from '../linux/nft.ts';
import type { Partition } from './partition-groups.ts';

/** BGP, and BFD's control, echo and multi-hop (RFC 4271, 5881, 5883): the network goes on routing. */
const ROUTING = '179, 3784, 3785, 4784';

/**
 * Rules of every node that takes part. A packet is dropped where it arrives, by the sender's own address. What a node sends from an address that
 * is not its own, as a primary does from its service address, tells nobody where it came from: that is dropped before it leaves, by the
 * receiver's own address. Only between two addresses that both move would nothing be dropped.
 * @param own addresses of each node, both families, without those that move
 */
export function rulesOf(
  table: string,
  { groups, cuts }: Partition,
  own: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const ofGroup = (group: number) => groups[group]!.flatMap((node) => own.get(node) ?? []);
  const rules = new Map<string, readonly string[]>();
  for (const [group, nodes] of groups.entries()) {
    const from = cuts.filter(({ to }) => to === group).map((cut) => cut.from);
    const to = cuts.filter((cut) => cut.from === group).map((cut) => cut.to);
    for (const node of nodes) {
      rules.set(node, [
        ...freshTable(table),
        ...chain(table, 'arriving', 'input', from, (sender) => families(ofGroup(sender), 'saddr')),
        ...chain(table, 'leaving', 'output', to, (receiver) =>
          families(ofGroup(receiver), 'daddr').map(([family, match]) => {
            const mine = [...inFamily(own.get(node) ?? [], family), ...(family === 'ip6' ? ['fe80::/10'] : [])];
            return [family, mine.length === 0 ? match : `${family} saddr != { ${mine.join(', ')} } ${match}`];
          }),
        ),
      ]);
    }
  }
  return rules;
}

type Match = readonly [family: 'ip' | 'ip6', text: string];

function chain(
  table: string,
  name: 'arriving' | 'leaving',
  hook: 'input' | 'output',
  groups: readonly number[],
  matches: (group: number) => readonly Match[],
): readonly string[] {
  if (groups.length === 0) return [];
  return [
    `add chain ${table} ${name} { type filter hook ${hook} priority -300; policy accept; }`,
    `add rule ${table} ${name} meta l4proto { tcp, udp } th dport { ${ROUTING} } accept`,
    `add rule ${table} ${name} tcp sport 179 accept`,
    ...groups.flatMap((group) =>
      matches(group).map(([, match]) => `add rule ${table} ${name} ${match} counter drop comment "${group}"`),
    ),
  ];
}

function families(addresses: readonly string[], field: 'saddr' | 'daddr'): readonly Match[] {
  return (['ip', 'ip6'] as const).flatMap((family) => {
    const some = inFamily(addresses, family);
    return some.length === 0 ? [] : [[family, `${family} ${field} { ${some.join(', ')} }`] as const];
  });
}

function inFamily(addresses: readonly string[], family: 'ip' | 'ip6'): readonly string[] {
  return addresses.filter((address) => address.includes(':') === (family === 'ip6'));
}
