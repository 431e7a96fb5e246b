/**
 * A network by hand, for the prober's tests: two hosts, and between their routers two equal ways.
 *
 *     s -- a == m1, m2 == b -- d
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { nowMs } from '../../src/linux/clock.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import type { ProbeEndpoint } from '../../src/probe/observer.ts';
import type { ProbeLink } from '../../src/probe/paths.ts';

const NODES = ['s', 'a', 'm1', 'm2', 'b', 'd'] as const;
/** Not the caller's: npm puts the programs of its packages first, and one of them is called nft. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
/** Ends in the order of their addresses: the first has .1, the second .2. */
const CABLES = [
  ['s', 'eth1', 'a', 'eth1'],
  ['a', 'eth2', 'm1', 'eth1'],
  ['a', 'eth3', 'm2', 'eth1'],
  ['m1', 'eth2', 'b', 'eth2'],
  ['m2', 'eth2', 'b', 'eth3'],
  ['b', 'eth1', 'd', 'eth1'],
] as const;
/** Loopbacks of the hosts. */
const ADDRESSES = { s: ['10.98.0.1', 'fd98::1'], d: ['10.98.0.2', 'fd98::2'] } as const;

export interface ProbeNet {
  readonly nodes: readonly { readonly name: string; readonly netns: string }[];
  readonly links: readonly ProbeLink[];
  readonly endpoints: readonly ProbeEndpoint[];
  /** Drops all UDP on a router's interface, both ways; neighbours are left alone. Returns the instant after it. */
  silence(node: string, device: string): { atMs: number };
  /** Ends that. */
  mend(node: string): void;
  /** Takes a host's link and addresses away, and gives them back. */
  unplug(host: 's' | 'd'): void;
  plug(host: 's' | 'd'): void;
  remove(): void;
}

/** @param prefix of the namespaces' names; must be the caller's own */
export function probeNet(prefix: string): ProbeNet {
  const name = (node: string) => `${prefix}-${node}`;
  const netns = (node: string) => `/run/netns/${name(node)}`;
  const remove = () => {
    for (const node of NODES) if (existsSync(netns(node))) run('ip', ['netns', 'del', name(node)]);
  };
  const ip = (node: string, batch: string) => run('ip', ['-n', name(node), '-batch', '-'], batch);
  const nft = (node: string, args: readonly string[]) => inNamespace(netns(node), () => run('nft', args));
  const host = (node: 's' | 'd'): string => {
    const [ipv4, ipv6] = ADDRESSES[node];
    const cable = node === 's' ? 0 : 5;
    const [own, other] = node === 's' ? [1, 2] : [2, 1];
    return `addr add ${ipv4}/32 dev lo
      addr add ${ipv6}/128 dev lo nodad
      addr add 10.99.${cable}.${own}/24 dev eth1
      addr add fd99:${cable}::${own}/64 dev eth1 nodad
      link set eth1 up
      route add default via 10.99.${cable}.${other} src ${ipv4}
      route add default via fd99:${cable}::${other} src ${ipv6}`;
  };
  const build = () => {
    for (const node of NODES) {
      run('ip', ['netns', 'add', name(node)]);
      inNamespace(netns(node), () => {
        const set = (key: string, value: number) => writeFileSync(`/proc/sys/net/${key}`, `${value}`);
        set('ipv4/ip_forward', 1);
        set('ipv6/conf/all/forwarding', 1);
        for (const device of ['all', 'default']) set(`ipv6/conf/${device}/accept_dad`, 0);
        for (const family of ['ipv4', 'ipv6']) set(`${family}/fib_multipath_hash_policy`, 1);
      });
      ip(node, 'link set lo up');
    }
    for (const [i, [a, aDevice, z, zDevice]] of CABLES.entries()) {
      ip(a, `link add ${aDevice} type veth peer name ${zDevice} netns ${name(z)}`);
      for (const [node, device, index] of [[a, aDevice, 1] as const, [z, zDevice, 2] as const]) {
        if (node === 's' || node === 'd') continue;
        ip(
          node,
          `addr add 10.99.${i}.${index}/24 dev ${device}
          addr add fd99:${i}::${index}/64 dev ${device} nodad
          link set ${device} up`,
        );
      }
    }
    ip('s', host('s'));
    ip('d', host('d'));
    const route = (node: string, to: 's' | 'd', hops: readonly string[]) => {
      const [ipv4, ipv6] = ADDRESSES[to];
      const via = (family: 4 | 6) =>
        hops.map((hop) => `nexthop via ${family === 4 ? `10.99.${hop}` : `fd99:${hop.replace('.', '::')}`}`).join(' ');
      ip(
        node,
        `route add ${ipv4}/32 ${via(4)}
        route add ${ipv6}/128 ${via(6)}`,
      );
    };
    route('a', 's', ['0.1']);
    route('a', 'd', ['1.2', '2.2']);
    route('b', 'd', ['5.2']);
    route('b', 's', ['3.1', '4.1']);
    for (const [m, toA, toB] of [['m1', '1.1', '3.2'] as const, ['m2', '2.1', '4.2'] as const]) {
      route(m, 's', [toA]);
      route(m, 'd', [toB]);
    }
  };
  try {
    build();
  } catch (error) {
    remove();
    throw error;
  }
  return {
    nodes: NODES.map((node) => ({ name: node, netns: netns(node) })),
    links: CABLES.map(([a, aDevice, z, zDevice]) => ({
      name: `${a}:${aDevice}--${z}:${zDevice}`,
      a: { node: a, interface: aDevice },
      z: { node: z, interface: zDevice },
    })),
    endpoints: (['s', 'd'] as const).map((node) => ({
      node,
      netns: netns(node),
      ipv4: ADDRESSES[node][0],
      ipv6: ADDRESSES[node][1],
    })),
    silence(node, device) {
      nft(node, [
        `table inet probe {
          chain in { type filter hook prerouting priority 0; iifname "${device}" meta l4proto udp drop; }
          chain out { type filter hook postrouting priority 0; oifname "${device}" meta l4proto udp drop; }
        }`,
      ]);
      return { atMs: nowMs() };
    },
    mend: (node) => nft(node, ['delete', 'table', 'inet', 'probe']),
    unplug: (node) => ip(node, 'link set eth1 down\naddr flush dev lo'),
    plug: (node) => ip(node, `addr flush dev eth1\n${host(node)}`),
    remove,
  };
}

function run(program: string, args: readonly string[], input = ''): void {
  const { status, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8', env: { PATH } });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}${input}`);
}
