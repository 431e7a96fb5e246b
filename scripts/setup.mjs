// Installs what is missing: npm packages by the lock file, then Debian packages. Runs on any Node from 20 on, before the project's own is there.
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where Debian's programs are. Not the caller's PATH: npm puts the commands of its packages first, and one of them is called `nft`. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Program, and the Debian package that gives it. */
const programs = [
  ['/usr/lib/frr/bgpd', 'frr'],
  ['/usr/lib/frr/frr-reload.py', 'frr-pythontools'],
  ['runc', 'runc'],
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['tcpdump', 'tcpdump'],
  ['mkfs.ext4', 'e2fsprogs'],
  ['unshare', 'util-linux'],
  ['etcd', 'etcd-server'],
  ['redis-server', 'redis-server'],
  ['redis-sentinel', 'redis-sentinel'],
  ['mariadbd', 'mariadb-server'],
  ['ping', 'iputils-ping'],
  ['sshd', 'openssh-server'],
  ['snmpd', 'snmpd'],
  [`${frrModules()}/bgpd_snmp.so`, 'frr-snmp'],
];

installNodePackages();
installDebianPackages();

function installNodePackages() {
  const wanted = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  say('installing npm packages');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed; the lines above say why');
}

function installDebianPackages() {
  const missing = [...new Set(programs.filter(([program]) => !isThere(program)).map(([, name]) => name))];
  if (missing.length === 0) return;
  if (!isThere('apt-get')) fail(`missing: ${missing.join(', ')} (Debian package names); install them and start again`);
  if (process.getuid?.() !== 0) fail(`missing: ${missing.join(', ')}; as root: apt-get install ${missing.join(' ')}`);
  say(`installing Debian packages: ${missing.join(', ')}`);
  withoutServiceStarts(() => {
    run('apt-get', ['update', '-q', '-q'], 'apt-get update failed; the lines above say why');
    run(
      'apt-get',
      ['install', '-y', '-q', '-q', '--no-install-recommends', ...missing],
      `apt-get install ${missing.join(' ')} failed; the lines above say why`,
    );
  });
}

/** The lab starts every server itself, inside its nodes: none of them should run on the host because its package came. */
function withoutServiceStarts(work) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    chmodSync(policy, 0o755);
  }
  try {
    work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

function frrModules() {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch;
  return `/usr/lib/${machine}-linux-gnu/frr/modules`;
}

function isThere(program) {
  const paths = program.startsWith('/') ? [program] : folders.map((folder) => join(folder, program));
  return paths.some((path) => {
    try {
      accessSync(path, program.endsWith('.so') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(command, args, message) {
  // Standard output belongs to what runs after this, so what these print goes to standard error.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error || status !== 0) fail(message);
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function fail(message) {
  say(message);
  // `process.exitCode` would let the functions after this one go on; exit at once instead, from here alone.
  process.exit(69);
}
