/** Kernel settings of a node's network namespace, written before it has links, so that every interface inherits them. */
import { writeFileSync } from 'node:fs';
import { InputError } from '../../errors.ts';
import { inNamespace } from '../../linux/namespace.ts';
import type { NodePlan } from './plan.ts';
import { seeded32 } from './seeded.ts';

type Setting = readonly [path: string, value: string];

const BOTH = ['all', 'default'];
/** Addresses, protocol and ports (ip-sysctl, `fib_multipath_hash_fields`). */
const FIVE_TUPLE = 0x37;

/**
 * ECMP by the five-tuple, hashed anew by each router. Policy 1 is the same in name, but takes the hash that a TCP socket gave its packets, and
 * that one is kept from one namespace to the next: all routers of one kernel would choose alike, whatever their seeds. IPv6 stays with it, for
 * under policy 3 the kernel's answer to a route question is not about the tuple asked for, and probes could not be laid over every link.
 */
const FLOW_HASH: readonly Setting[] = [
  ['net/ipv4/fib_multipath_hash_fields', `${FIVE_TUPLE}`],
  ['net/ipv4/fib_multipath_hash_policy', '3'],
  ['net/ipv6/fib_multipath_hash_policy', '1'],
];

/** Settings of a node, as paths below `/proc/sys`. The multipath hash seed differs by node, so that the choices of two routers in a row do not repeat each other. */
export function nodeSysctls(node: { readonly name: string; readonly router: boolean }, seed: number): Setting[] {
  const forwarding = node.router ? '1' : '0';
  const perInterface = BOTH.flatMap((scope): Setting[] => [
    // Duplicate address detection would hold every link-local address back for a second or more.
    [`net/ipv6/conf/${scope}/accept_dad`, '0'],
    [`net/ipv6/conf/${scope}/dad_transmits`, '0'],
    [`net/ipv6/conf/${scope}/disable_ipv6`, '0'],
    [`net/ipv6/conf/${scope}/keep_addr_on_down`, '1'],
    // A frozen control plane must not make the kernel go on using a dead port.
    [`net/ipv6/conf/${scope}/ignore_routes_with_linkdown`, '1'],
    [`net/ipv4/conf/${scope}/ignore_routes_with_linkdown`, '1'],
    [`net/ipv4/conf/${scope}/rp_filter`, '0'],
    [`net/ipv4/conf/${scope}/forwarding`, forwarding],
    [`net/ipv6/conf/${scope}/forwarding`, forwarding],
  ]);
  return [
    ...perInterface,
    ['net/ipv4/ip_forward', forwarding],
    ...FLOW_HASH,
    ['net/ipv4/fib_multipath_hash_seed', `${seeded32(seed, 'multipath', node.name) || 1}`],
    ['net/ipv4/icmp_ratelimit', '0'],
    ['net/ipv6/icmp/ratelimit', '0'],
    ['net/ipv4/ping_group_range', '0\t2147483647'],
  ];
}

/**
 * Writes a node's settings. What this kernel does not have is passed over.
 * @throws Error naming the setting that the kernel refuses
 */
export function applySysctls(node: NodePlan, seed: number): void {
  write(node, nodeSysctls({ name: node.name, router: node.recipe.router }, seed), ([path, value], error) => {
    if (error.code !== 'ENOENT')
      throw new Error(`node ${node.name}: sysctl ${path} = ${value}: ${error.code}`, { cause: error });
  });
}

/** Writes the topology's own settings of the network, once the links exist. @throws InputError naming the place, the node and the setting */
export function applyTopologySysctls(node: NodePlan): void {
  const { name, spec } = node;
  const settings = Object.entries(spec.sysctls)
    .map(([key, value]): Setting => [sysctlPath(key), value])
    .filter(([path]) => path.startsWith('net/'));
  const where = `${spec.at.file}:${spec.at.line}: node ${name}: sysctl`;
  // Somebody else's topology must not write anywhere but there.
  const astray = settings.find(([path]) => path.split('/').includes('..'));
  if (astray !== undefined) throw new InputError(`${where} ${astray[0]} is no setting of the kernel; correct its name`);
  write(node, settings, ([path, value], error) => {
    const why = error.code === 'ENOENT' ? 'this kernel has no such setting' : `the kernel refuses it (${error.code})`;
    throw new InputError(`${where} ${path.replaceAll('/', '.')} = ${value}: ${why}; correct or remove it`, {
      cause: error,
    });
  });
}

/** Dots and slashes swap places as in sysctl(8): `net.ipv4.conf.eth1/100.mtu` is about interface `eth1.100`. */
export function sysctlPath(name: string): string {
  const firstSeparator = /[./]/.exec(name)?.[0];
  if (firstSeparator === '/') return name;
  return name.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

function write(
  node: NodePlan,
  settings: readonly Setting[],
  refused: (setting: Setting, error: NodeJS.ErrnoException) => void,
): void {
  if (settings.length === 0) return;
  inNamespace(node.netns, () => {
    for (const setting of settings) {
      try {
        writeFileSync(`/proc/sys/${setting[0]}`, setting[1]);
      } catch (error) {
        refused(setting, error as NodeJS.ErrnoException);
      }
    }
  });
}
