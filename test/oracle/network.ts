/** Small networks written as FRR texts, for the oracle and for real routers alike. */
import { parseFrrConfig } from 'frr-config';
import type { OracleInput, OracleLink, Prediction } from '../../src/oracle/index.ts';

export interface TestNetwork {
  /** `frr.conf` of each router. */
  readonly routers: Readonly<Record<string, string>>;
  /** `['a:eth1', 'b:eth1']`. */
  readonly links: readonly (readonly [string, string])[];
}

export function inputOf({ routers, links }: TestNetwork): OracleInput {
  return {
    configs: new Map(Object.entries(routers).map(([name, text]) => [name, parseFrrConfig(text)])),
    links: links.map(([a, z]): OracleLink => ({ name: linkName(a, z), a: endOf(a), z: endOf(z) })),
  };
}

export function linkName(a: string, z: string): string {
  return `${a}--${z}`;
}

function endOf(text: string): OracleLink['a'] {
  const [node = '', name = ''] = text.split(':');
  return { node, interface: name };
}

/** Next hops of a prefix at a node as interfaces, `undefined` where there is no route. */
export function hops(prediction: Prediction, node: string, prefix: string): readonly string[] | undefined {
  const routes = prediction.routes.get(node);
  const table = prefix.includes(':') ? routes?.ipv6 : routes?.ipv4;
  return table?.get(prefix)?.map((hop) => hop.interface);
}

/** `a=z` of every predicted session, by nodes. */
export function sessionsOf(prediction: Prediction): readonly string[] {
  return prediction.sessions.map(({ a, z }) => `${a.node}/${a.neighbor}=${z.node}/${z.neighbor}`).sort();
}

export interface RouterText {
  readonly asn: number;
  /** Also the loopback's address, `10.0.0.ID/32` and `fd00::ID/128`, which is announced. */
  readonly id: number;
  readonly profile?: 'traditional' | 'datacenter';
  /** Interfaces with an unnumbered neighbour of another AS. */
  readonly unnumbered?: readonly string[];
  /** Lines below `router bgp`. */
  readonly bgp?: readonly string[];
  /** Lines of the two address families. */
  readonly ipv4?: readonly string[];
  readonly ipv6?: readonly string[];
  /** Lines of each interface. */
  readonly interfaces?: Readonly<Record<string, readonly string[]>>;
  /** Lines at top level. */
  readonly top?: readonly string[];
}

/** A router that announces its loopback to unnumbered neighbours in both families, and what a test adds. */
export function router(text: RouterText): string {
  const { asn, id, profile = 'datacenter', unnumbered = [], bgp = [], ipv4 = [], ipv6 = [], top = [] } = text;
  const interfaces = { lo: [`ip address 10.0.0.${id}/32`, `ipv6 address fd00::${id}/128`], ...text.interfaces };
  const indented = (lines: readonly string[], by: string) => lines.map((line) => by + line);
  return [
    'frr version 8.4.4',
    `frr defaults ${profile}`,
    // FRR 8.4.4 loses ECMP after a flap where next-hop groups are kept in the kernel.
    'no zebra nexthop kernel enable',
    ...Object.entries(interfaces).flatMap(([name, lines]) => [
      `interface ${name}`,
      ...indented(lines, ' '),
      'exit',
      '!',
    ]),
    ...top,
    `router bgp ${asn}`,
    ` bgp router-id 10.0.0.${id}`,
    ' coalesce-time 50',
    ...unnumbered.flatMap((name) => [
      ` neighbor ${name} interface remote-as external`,
      ` neighbor ${name} timers connect 1`,
    ]),
    ...indented(bgp, ' '),
    ' address-family ipv4 unicast',
    `  network 10.0.0.${id}/32`,
    ...indented(ipv4, '  '),
    ' exit-address-family',
    ' address-family ipv6 unicast',
    `  network fd00::${id}/128`,
    ...unnumbered.map((name) => `  neighbor ${name} activate`),
    ...indented(ipv6, '  '),
    ' exit-address-family',
    'exit',
    '!',
    '',
  ].join('\n');
}
