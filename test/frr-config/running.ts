/**
 * Loads a configuration into real FRR daemons and prints, as JSON, what they say of it. Runs as a program of its own below
 * `unshare --net --mount --pid`, so that nothing of the host is touched and everything goes when it ends: see `runInFrr`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const daemons = ['zebra', 'bgpd', 'bfdd', 'staticd'] as const;
export type Daemon = (typeof daemons)[number];

/** One text for vtysh to distribute, or one text a daemon. */
export type Load = { readonly whole: string } | { readonly parts: Record<Daemon, string> };

export interface Running {
  /** `show running-config` of each daemon, over its vty socket. */
  readonly running: Record<Daemon, string>;
  /** The same of all, merged by vtysh. */
  readonly merged: string;
  /** What loading printed. */
  readonly complaints: string;
  readonly logs: Record<Daemon, string>;
}

/** Starts the daemons in namespaces of their own with that configuration and asks them for theirs. */
export function runInFrr(load: Load): Running {
  const flags = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const child = spawnSync('unshare', [...flags, process.execPath, fileURLToPath(import.meta.url)], {
    input: JSON.stringify(load),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: 60_000,
  });
  if (child.status !== 0) throw new Error(`FRR in its namespaces ended with ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

async function main(): Promise<void> {
  const load: Load = JSON.parse(await readAll(process.stdin));
  const frr = Number(execFileSync('id', ['-u', 'frr'], { encoding: 'utf8' }));
  const group = Number(execFileSync('id', ['-g', 'frr'], { encoding: 'utf8' }));
  for (const dir of ['/run', '/var/tmp', '/etc/frr']) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]);
  mkdirSync('/run/frr');
  for (const dir of ['/run/frr', '/etc/frr', '/var/tmp']) chownSync(dir, frr, group);
  links();
  writeFileSync('/etc/frr/vtysh.conf', '');
  writeFileSync('/etc/frr/frr.conf', 'whole' in load ? load.whole : '');
  const children: ChildProcess[] = [];
  const said: string[] = [];
  for (const daemon of daemons) {
    writeFileSync(`/etc/frr/${daemon}.conf`, 'parts' in load ? load.parts[daemon] : '');
    const argv = ['-f', `/etc/frr/${daemon}.conf`, '--log', `file:/var/tmp/${daemon}.log`];
    const child = spawn(`/usr/lib/frr/${daemon}`, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => said.push(`${daemon}: ${chunk}`));
    child.stderr.on('data', (chunk) => said.push(`${daemon}: ${chunk}`));
    children.push(child);
    await until(() => existsSync(`/run/frr/${daemon}.vty`));
  }
  if ('whole' in load) {
    const vtysh = spawnSync('vtysh', ['-b'], { encoding: 'utf8' });
    said.push(vtysh.stdout, vtysh.stderr);
  }
  const running = {} as Record<Daemon, string>;
  for (const daemon of daemons) running[daemon] = await ask(`/run/frr/${daemon}.vty`, 'show running-config');
  const merged = execFileSync('vtysh', ['-c', 'show running-config'], { encoding: 'utf8' });
  for (const child of children) child.kill('SIGKILL');
  const log = (daemon: Daemon) =>
    existsSync(`/var/tmp/${daemon}.log`) ? readFileSync(`/var/tmp/${daemon}.log`, 'utf8') : '';
  const logs = Object.fromEntries(daemons.map((daemon) => [daemon, log(daemon)]));
  process.stdout.write(JSON.stringify({ running, merged, complaints: said.join(''), logs }));
}

/** Interfaces for the configurations to name, and the kernel forwarding as a router does. */
function links(): void {
  const ip = (...argv: string[]) => execFileSync('ip', argv);
  ip('link', 'set', 'lo', 'up');
  for (const n of [1, 2, 3, 4]) {
    ip('link', 'add', `eth${n}`, 'type', 'veth', 'peer', 'name', `peer${n}`);
    ip('link', 'set', `eth${n}`, 'up');
    ip('link', 'set', `peer${n}`, 'up');
  }
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  writeFileSync('/proc/sys/net/ipv6/conf/all/forwarding', '1');
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !done(); i++) await sleep(10);
  if (!done()) throw new Error('an FRR daemon did not come up within 5 s');
}

/** One command over a vty socket: the answer ends with three NULs and a status octet. */
function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(`enable\0${command}\0`));
    let seen = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      // `enable` is answered first, with nothing but its own end.
      const ends = [...seen.toString('latin1').matchAll(/\0\0\0[\s\S]/g)];
      if (ends.length < 2) return;
      socket.destroy();
      resolve(seen.subarray(ends[0]!.index + 4, ends[1]!.index).toString('utf8'));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
