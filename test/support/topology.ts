/** Small topologies made by hand, for tests of the engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position, Topology, TopologyLink, TopologyNode } from 'containerlab-ts';

const at: Position = Object.freeze({ file: 'test.clab.yml', line: 7, column: 3 });

/** A node with nothing but a name, and what is given. */
export function node(name: string, given: Partial<TopologyNode> = {}): TopologyNode {
  return {
    name,
    kind: 'linux',
    group: '',
    image: 'alpine:3',
    cmd: '',
    entrypoint: '',
    binds: [],
    env: {},
    labels: {},
    sysctls: {},
    exec: [],
    cpu: 0,
    memory: 0,
    startupDelay: 0,
    networkMode: '',
    at,
    ...given,
  };
}

/** `link('a:eth1', 'z:eth1')`. */
export function link(a: string, z: string, mtu = 9500): TopologyLink {
  const end = (text: string) => {
    const [name = '', port = ''] = text.split(':');
    return { node: name, interface: port, mac: '' };
  };
  return { type: 'veth', a: end(a), z: end(z), mtu, at };
}

export function topology(
  name: string,
  nodes: readonly TopologyNode[],
  links: readonly TopologyLink[],
  prefix = 'clab',
): Topology {
  return { name, prefix, file: 'test.clab.yml', nodes, links };
}

const temporary: string[] = [];
process.once('exit', () => {
  for (const dir of temporary) rmSync(dir, { recursive: true, force: true });
});

/** A router whose `frr.conf` is the given text. */
export function router(name: string, frrConf: string, given: Partial<TopologyNode> = {}): TopologyNode {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-test-'));
  temporary.push(dir);
  const source = join(dir, 'frr.conf');
  writeFileSync(source, frrConf);
  return node(name, {
    image: 'quay.io/frrouting/frr:10.2.1',
    binds: [{ source, target: '/etc/frr/frr.conf', readOnly: false, at }],
    ...given,
  });
}

/** An unnumbered eBGP router that announces its loopback. */
export function bgpRouter(name: string, asn: number, loopback: string, ports: readonly string[]): TopologyNode {
  const neighbours = ports.map(
    (port) => ` neighbor ${port} interface remote-as external\n neighbor ${port} timers connect 1\n`,
  );
  const interfaces = ports.map(
    (port) => `interface ${port}\n ipv6 nd ra-interval 1\n no ipv6 nd suppress-ra\nexit\n!\n`,
  );
  return router(
    name,
    `frr version 8.4.4
frr defaults datacenter
hostname ${name}
!
no zebra nexthop kernel enable
!
${interfaces.join('')}interface lo
 ip address ${loopback}/32
exit
!
router bgp ${asn}
 bgp router-id ${loopback}
 no bgp ebgp-requires-policy
${neighbours.join('')} !
 address-family ipv4 unicast
  network ${loopback}/32
 exit-address-family
exit
!
`,
  );
}
