/** FRR routers in bare network namespaces, for tests of what reads routers: no engine between. Needs root and the package frr. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inNamespace } from '../../src/linux/namespace.ts';

export interface BareNode {
  readonly netns: string;
  readonly vtyDir: string;
}

export interface BareLab {
  readonly nodes: Readonly<Record<string, BareNode>>;
  /** Runs `ip -n <namespace of the node> ...`. */
  ip(node: string, ...argv: string[]): string;
  /** Kills one daemon of a node. */
  kill(node: string, daemon: string): Promise<void>;
  /** Starts a daemon of a node again. */
  start(node: string, daemon: string): void;
  destroy(): Promise<void>;
}

export interface BareRouter {
  readonly config: string;
  readonly loopback: string;
}

/**
 * Starts zebra and bgpd on every router and joins them by links (`['a', 'b']`: interfaces `to-b` in a, `to-a` in b).
 * @param prefix begins the names of the namespaces
 */
export async function bootBare(
  prefix: string,
  routers: Readonly<Record<string, BareRouter>>,
  links: readonly (readonly [string, string])[],
): Promise<BareLab> {
  const dir = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const processes = new Map<string, ChildProcess>();
  const namespace = (node: string) => `${prefix}-${node}`;
  const nodes: Record<string, BareNode> = {};
  const destroy = async () => {
    await Promise.all([...processes.values()].map(stop));
    for (const node of Object.keys(routers)) {
      try {
        execFileSync('ip', ['netns', 'delete', namespace(node)], { stdio: 'ignore' });
      } catch {
        // Gone, or never made.
      }
    }
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (const node of Object.keys(routers)) execFileSync('ip', ['netns', 'add', namespace(node)]);
    for (const [a, z] of links) {
      const peer = ['peer', 'name', `to-${a}`, 'netns', namespace(z)];
      execFileSync('ip', ['-n', namespace(a), 'link', 'add', `to-${z}`, 'type', 'veth', ...peer]);
    }
    for (const [node, { config, loopback }] of Object.entries(routers)) {
      const netns = `/run/netns/${namespace(node)}`;
      setUp(netns);
      const interfaces = links.flatMap(([a, z]) => (a === node ? [`to-${z}`] : z === node ? [`to-${a}`] : []));
      const commands = [
        `addr add ${loopback}/32 dev lo`,
        ...['lo', ...interfaces].map((name) => `link set ${name} up`),
      ];
      execFileSync('ip', ['-n', namespace(node), '-batch', '-'], { input: commands.join('\n') });
      const vtyDir = join(dir, node);
      mkdirSync(vtyDir);
      writeFileSync(join(vtyDir, 'frr.conf'), config);
      own(dir, vtyDir);
      nodes[node] = { netns, vtyDir };
      for (const daemon of ['zebra', 'bgpd']) processes.set(`${node}/${daemon}`, start(netns, vtyDir, daemon));
    }
  } catch (error) {
    await destroy();
    throw error;
  }
  return {
    nodes,
    ip: (node, ...argv) => execFileSync('ip', ['-n', namespace(node), ...argv], { encoding: 'utf8' }),
    kill: (node, daemon) => stop(processes.get(`${node}/${daemon}`)!),
    start: (node, daemon) => {
      const { netns, vtyDir } = nodes[node]!;
      processes.set(`${node}/${daemon}`, start(netns, vtyDir, daemon));
    },
    destroy,
  };
}

function setUp(netns: string): void {
  inNamespace(netns, () => {
    for (const name of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding']) writeFileSync(`/proc/sys/net/${name}`, '1');
    for (const name of ['all', 'default']) writeFileSync(`/proc/sys/net/ipv6/conf/${name}/accept_dad`, '0');
  });
}

/** FRR's daemons give up root for user frr, who must be able to enter and write the folder. */
function own(dir: string, vtyDir: string): void {
  const { uid, gid } = statSync('/etc/frr');
  for (const path of [dir, vtyDir, join(vtyDir, 'frr.conf')]) chownSync(path, uid, gid);
}

function start(netns: string, vtyDir: string, daemon: string): ChildProcess {
  const files = ['--vty_socket', vtyDir, '-z', join(vtyDir, 'zserv.api'), '-i', join(vtyDir, `${daemon}.pid`)];
  const argv = [...files, '-f', join(vtyDir, 'frr.conf'), '-P', '0', ...(daemon === 'bgpd' ? ['-p', '179'] : [])];
  return inNamespace(netns, () =>
    spawn(`/usr/lib/frr/${daemon}`, [...argv, '--log', `file:${join(vtyDir, `${daemon}.log`)}`], { stdio: 'ignore' }),
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
