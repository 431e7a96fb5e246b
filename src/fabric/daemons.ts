/** `/etc/frr/daemons`: which daemons of FRR a node starts. */
import type { LeafSpineDesign } from './fabric.ts';

/** bfdd takes memory on every router, so it starts only where sessions ask for BFD. zebra and staticd always start. */
export function daemonsFile(design: LeafSpineDesign): string {
  return [
    '# Written by leafstorm.',
    'bgpd=yes',
    `bfdd=${design.bfd ? 'yes' : 'no'}`,
    ...[
      'ospfd',
      'ospf6d',
      'ripd',
      'ripngd',
      'isisd',
      'pimd',
      'ldpd',
      'nhrpd',
      'eigrpd',
      'babeld',
      'sharpd',
      'pbrd',
      'fabricd',
      'vrrpd',
    ].map((daemon) => `${daemon}=no`),
    '',
    'vtysh_enable=yes',
    'zebra_options="  -A 127.0.0.1 -s 90000000"',
    'staticd_options="-A 127.0.0.1"',
    'bgpd_options="   -A 127.0.0.1"',
    'bfdd_options="   -A 127.0.0.1"',
    '',
  ].join('\n');
}
