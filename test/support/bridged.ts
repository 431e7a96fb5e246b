/** Hosts with disks on one bridge: a network for tests of stores that need no routers. */
import { readTopology, type Topology } from 'containerlab-ts';

export const HOSTS = ['h1', 'h2', 'h3', 'c1'] as const;

/** Address of a host by its place among `HOSTS`. */
export function addressOf(at: number): string {
  return `10.77.0.${at + 1}`;
}

/** Link of a host to the bridge, by its place among `HOSTS`. */
export function wireOf(at: number): string {
  return `sw:eth${at + 1}--${HOSTS[at]}:eth1`;
}

type DiskKind = 'safe' | 'cached' | 'lying';

/** The usual hosts, all with disks of one kind. */
export function bridged(name: string, disk: DiskKind): Topology {
  return bridge(
    name,
    HOSTS.map((node) => ({ node, disk })),
  );
}

/** Any hosts: their addresses and links follow their places. */
export function bridge(name: string, hosts: readonly { readonly node: string; readonly disk: DiskKind }[]): Topology {
  const host = ({ node, disk }: { readonly node: string; readonly disk: DiskKind }, at: number) => `    ${node}:
      kind: linux
      image: debian
      labels: {leafstorm-disk: "/var/lib/store=${2 ** 28},kind=${disk}"}
      exec: ["ip address add ${addressOf(at)}/24 dev eth1"]`;
  const ports = hosts.map((_, at) => `"ip link set eth${at + 1} master br0"`).join(', ');
  const text = `name: ${name}
topology:
  nodes:
    sw:
      kind: linux
      image: debian
      exec: ["ip link add br0 type bridge", ${ports}, "ip link set br0 up"]
${hosts.map(host).join('\n')}
  links:
${hosts.map(({ node }, at) => `    - endpoints: ["sw:eth${at + 1}", "${node}:eth1"]`).join('\n')}
`;
  const read = readTopology(text, { file: `${name}.clab.yml` });
  if (!('topology' in read) || read.topology === undefined) throw new Error(JSON.stringify(read));
  return read.topology;
}
